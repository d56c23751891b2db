#include "modules/act-as/passing.h"

#include <deque>
#include <set>

#include "base/limits.h"
#include "modules/act-as/conversation.h"
#include "modules/act-as/crossing.h"
#include "modules/act-as/peer_room_tie.h"
#include "xmpp/parser.h"

namespace hansa::act_as {
namespace {

// Whom the message is from, to those who do not see the conversation: «bob (lobby)».
std::string nick_beyond(const rooms::Message& message, const xmpp::Jid& peer) {
  const std::string_view where = peer.local().empty() ? peer.domain() : peer.local();
  std::string nick = message.nick;
  const std::string label = xmpp::unescape_local(where);
  if (nick != label) nick += " (" + label + ")";
  return nick.size() <= limits::kNickBytes ? nick : label;
}

// What others are given of it: it goes to another enterprise, so it crosses the border once more.
// What it refers to is not there: references stay behind, the text that stands for them is read.
std::string content_beyond(const std::string& content) {
  const auto document =
      xmpp::parse_element("<message>" + content + "</message>", xmpp::ns::kClient);
  if (!document) return {};
  const Carried carried =
      carry((*document)->root(),
            [](Reference, std::string_view) -> std::optional<Referred> { return std::nullopt; });
  return carried.says ? carried.content : std::string();
}

}  // namespace

void Passing::add_to(rooms::Hooks& hooks) {
  hooks.room_request.emplace_back(
      [this](engine::RoomTurn& turn, const rooms::RoomRequest& request) {
        return room_request(turn, request);
      });
}

std::optional<std::vector<std::string>> Passing::member_rooms(engine::RoomTurn& turn,
                                                              const xmpp::Jid& acting) {
  const engine::Answer* const answer = turn.ask({acting, std::string(rooms::kAskMemberRooms), {}});
  if (answer == nullptr) return std::nullopt;
  std::vector<std::string> all;
  std::string_view rest = answer->failed || !answer->exists ? std::string_view() : answer->value;
  for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    all.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  return all;
}

std::optional<Passing::Judged> Passing::judge(engine::RoomTurn& turn, xep_act_as::Origin origin,
                                              bool look) const {
  const xmpp::Jid acting = turn.state<Conversation>().about().acting;
  Judged judged{false, std::move(origin), false};
  const auto members = member_rooms(turn, acting);
  if (!members) return std::nullopt;
  std::vector<std::string> others = *members;
  judged.to_rooms = !others.empty();
  // One mark is that of the room that sends it: it was said there.
  const bool through = judged.origin.marks.size() > 1;
  if (through) {
    const auto [from, to] = conversation_range(acting);
    const auto rows = turn.ask_whole_index(from, to, limits::kConversationsTold);
    if (!rows) return std::nullopt;
    if (rows->ok()) {
      for (const auto& [key, peer] : **rows) others.push_back(peer);
    }
    judged.drop = xep_act_as::has_mark(judged.origin, settings_.secret, acting, others);
  }
  if (judged.drop || (!look && !through)) return judged;
  const auto known = rooms::has_origin(turn, judged.origin.id);
  if (!known) return std::nullopt;
  judged.drop = *known;
  return judged;
}

void Passing::pass(engine::RoomTurn& turn, const Judged& judged) const {
  rooms::note_origin(turn, judged.origin.id);
  if (!judged.to_rooms || turn.room().tail().empty()) return;
  const engine::Entry& entry = *turn.room().tail().back();
  if (entry.kind != engine::EntryKind::message) return;
  const Opened about = turn.state<Conversation>().about();
  rooms::Message message = rooms::read_message(entry);
  if (!message.tombstone.empty()) return;  // it has a name for what was taken back here alone
  message.content = content_beyond(message.content);
  if (message.content.empty()) return;
  message.nick = nick_beyond(message, about.peer);
  message.stanza_id.clear();  // of the conversation: the acting room's archive has no such message
  message.id = random_token(turn.random(), kStanzaIdCharacters);
  message.tombstone.clear();
  message.from_peer = false;
  message.speaker = {};
  message.origin = judged.origin.id;
  message.path = judged.origin.marks;
  rooms::pass_on(turn, about.acting, message);
}

void Passing::pass(engine::RoomTurn& turn, bool to_rooms) const {
  if (!to_rooms || turn.room().tail().empty()) return;
  const engine::Entry& entry = *turn.room().tail().back();
  if (entry.kind != engine::EntryKind::message) return;
  const std::string id = rooms::read_message(entry).stanza_id;
  pass(turn, Judged{false, {xep_act_as::origin_in(turn.room().address(), id), {}}, true});
}

// Upwards from this room: whose member is it, and whose are those, as far as they live here?
rooms::Verdict Passing::room_request(engine::RoomTurn& turn,
                                     const rooms::RoomRequest& request) const {
  std::deque<xmpp::Jid> rooms{turn.room().address()};
  std::set<std::string> seen{turn.room().address().text()};
  for (std::size_t looked = 0; !rooms.empty() && looked < limits::kPathRooms; ++looked) {
    const xmpp::Jid room = std::move(rooms.front());
    rooms.pop_front();
    const auto [from, to] = conversation_range(room);
    const auto rows = turn.ask_whole_index(from, to, limits::kConversationsTold);
    if (!rows) return rooms::Verdict::wait();
    if (!rows->ok()) continue;
    for (const auto& [key, value] : **rows) {
      const xmpp::Jid peer = read_jid(value);
      const bool here = peer.domain() == parts_.domains.rooms;
      if (peer != request.room && !here) continue;
      const xmpp::Jid talk = read_jid(std::string_view(key).substr(from.size()));
      const engine::Answer* const tie = turn.ask({talk, std::string(kAskTie), {}});
      if (tie == nullptr) return rooms::Verdict::wait();
      if (!tie->value.starts_with("in\n")) continue;
      if (peer == request.room) {
        return rooms::Verdict::deny(
            Error(Condition::conflict,
                  turn.room().address().text() + " is in " + peer.text() +
                      " already, by itself or through others: the two would be in each other, and "
                      "what is said in one would come back to it. Leave there first."));
      }
      if (seen.insert(peer.text()).second) rooms.push_back(peer);
    }
  }
  return rooms::Verdict::pass();
}

}  // namespace hansa::act_as
