#include "modules/disco/bring_up.h"

#include <memory>
#include <string>

#include "modules/rooms/rooms.h"

namespace hansa::disco {
namespace {

constexpr std::size_t kAtOnce = 64;

struct Pass {
  engine::Engine& engine;
  std::function<bool()> go_on;
  std::string after;  // the address that was reached
  xmpp::Jid room;     // one that is there
  bool all = true;    // so far
};

// Conversations hold this in their localparts; no other room does (protocol §4). None is listed.
bool is_conversation(const xmpp::Jid& address) {
  return address.local().find('%') != std::string_view::npos;
}

std::vector<xmpp::Jid> rooms_of(const std::vector<storage::KeyValue>& addresses) {
  std::vector<xmpp::Jid> rooms;
  for (const auto& [address, log_id] : addresses) {
    const Result<xmpp::Jid> room = xmpp::Jid::parse(address);
    if (room && !is_conversation(*room)) rooms.push_back(*room);
  }
  return rooms;
}

// False: a read was asked.
bool look(engine::ServiceTurn& turn, const std::vector<xmpp::Jid>& rooms, Pass& pass) {
  const std::string topic(rooms::kAskListing);
  // The first answer may be from before the room has looked at itself.
  for (const xmpp::Jid& room : rooms) static_cast<void>(turn.ask({room, topic, {}}));
  if (turn.waiting()) return false;
  for (const xmpp::Jid& room : rooms) static_cast<void>(turn.ask({room, topic, room}));
  if (turn.waiting()) return false;
  for (const xmpp::Jid& room : rooms) {
    const engine::Answer& answer = *turn.ask({room, topic, room});
    if (answer.exists) pass.room = room;
    if (answer.failed || (answer.exists && answer.value.empty())) pass.all = false;
  }
  return true;
}

// True: there are others.
bool step(engine::ServiceTurn& turn, Pass& pass) {
  const std::string key(rooms::kAllListedKey);
  const auto* const done = turn.ask_index(key, key + '\0', 1);
  const auto* const addresses = turn.ask_rooms(pass.after, kAtOnce);
  if (turn.waiting()) return false;
  if (!*done || !*addresses || !(*done)->empty()) return false;
  if (!look(turn, rooms_of(**addresses), pass)) return false;
  if ((*addresses)->size() == kAtOnce) {
    pass.after = (*addresses)->back().first;
    return true;
  }
  if (pass.all && !pass.room.empty()) {
    turn.pass(pass.room, {std::string(rooms::kAllListedTopic), {}, {}});
  }
  return false;
}

void go_on(const std::shared_ptr<Pass>& pass) {
  pass->engine.on_admin(
      [pass](engine::ServiceTurn& turn, const std::function<void(std::string)>& done) {
        if (step(turn, *pass) && pass->go_on()) done({});
      },
      [pass](const std::string&) { go_on(pass); });
}

}  // namespace

void list_older_rooms(engine::Engine& engine, std::function<bool()> go_on_while) {
  go_on(std::make_shared<Pass>(Pass{engine, std::move(go_on_while), {}, {}}));
}

}  // namespace hansa::disco
