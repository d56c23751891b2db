#include "tests/engine/toy.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "xmpp/parser.h"

namespace hansa::toy {
namespace {

using engine::EntryKind;
using engine::RoomTurn;

constexpr std::string_view kGroup = "sessions";
constexpr std::string_view kOwn = "sessions/own";
constexpr std::string_view kInOrder = "sessions/in-order";
constexpr std::string_view kPeer = "peer";
constexpr const char* kPeerAddress = "peer@y.test";

class ToyDelivery final : public engine::Delivery {
 public:
  [[nodiscard]] std::optional<engine::Encoded> encode(const engine::RoomState& room,
                                                      const engine::Entry& entry,
                                                      bool late) const override {
    if (entry.kind != EntryKind::message) return std::nullopt;
    return engine::Encoded{
        "<message from='" + room.address().text() + "' to='",
        "'><body>" + entry.shared.bytes + "</body>" + (late ? "<late/></message>" : "</message>")};
  }
  void caught_up(const engine::RoomState&, std::string_view address,
                 std::string& out) const override {
    out += "<caught-up to='" + std::string(address) + "'/>";
  }
  void left_behind(const engine::RoomState&, std::string_view address, engine::Position from,
                   engine::Position first, std::string& out) const override {
    out += "<left-behind to='" + std::string(address) + "' from='" + std::to_string(from) +
           "' first='" + std::to_string(first) + "'/>";
  }
};
const ToyDelivery kDelivery;

// Rooms that follow this one have a group of their own: on the link that leads back. A jug and a
// mug are sent one entry after the other.
std::string group_of(const std::string& who) {
  if (who == "jug@rooms.test" || who == "mug@rooms.test") return std::string(kInOrder);
  return std::string(who.ends_with("@rooms.test") ? kOwn : kGroup);
}

engine::Position attach(RoomTurn& turn, const std::string& who) {
  const std::string domain = who.substr(who.find('@') + 1);
  const std::string group = group_of(who);
  return turn.group({.name = group,
                     .domain = turn.link_of("rooms.test", domain),
                     .delivery = &kDelivery,
                     .window = group == kInOrder ? 1U : 0U});
}

void create(RoomTurn& turn) {
  if (!turn.room().exists()) turn.append(EntryKind::created, {});
}

void on_presence(RoomTurn& turn, const xmpp::Stanza& stanza) {
  const std::string who = stanza.from.text();
  create(turn);
  attach(turn, who);
  if (stanza.type == "unavailable") {
    turn.note("session/" + who, std::nullopt);
    return turn.unfollow(kGroup, who);
  }
  turn.note("session/" + who, "1");
  turn.index("sessions/" + turn.room().log_id(), turn.room().address().text());
  turn.send("<presence from='" + turn.room().address().text() + "' to='" + who + "'/>");
  turn.follow(kGroup, who, 1);
}

// "retention/60 3600": what is said is kept for a minute, entries for an hour.
void retain(RoomTurn& turn, std::string_view name) {
  std::istringstream seconds{std::string(name.substr(name.find('/') + 1))};
  engine::Retention retention;
  std::int64_t age = 0;
  if (name.ends_with("letters")) {
    retention.kinds = {EntryKind::letter};
  } else if (seconds >> age && age > 0) {
    retention.kinds = {EntryKind::message};
  }
  retention.payloads = Millis(age * 1000);
  if (seconds >> age) retention.entries = Millis(age * 1000);
  if (const auto next = turn.retain(retention)) turn.timer(std::string(name), *next);
}

void on_message(RoomTurn& turn, const xmpp::Stanza& stanza) {
  if (stanza.is_error()) return;
  const std::string body(stanza.body());
  if (body.starts_with("ask ")) {
    const auto room = xmpp::Jid::parse(body.substr(4)).value();
    const auto* answer = turn.ask({room, "toy:count", stanza.from});
    if (answer == nullptr) return;
    const std::string said = !answer->exists ? "none" : answer->value;
    turn.append(EntryKind::message, {said});
    return;
  }
  if (!turn.room().exists()) return turn.refuse(Error(Condition::item_not_found));
  if (body.starts_with("letter ")) {
    turn.letter(xmpp::Jid::parse(body.substr(7)).value(), "toy:letter", "from afar");
    return;
  }
  if (body.starts_with("tell ")) {  // another room, from now on
    const std::string who = body.substr(5);
    attach(turn, who);
    turn.note("session/" + who, "1");
    return turn.follow(group_of(who), who, turn.room().last_position() + 1, false);
  }
  // Another node, which says itself what has arrived there.
  if (body == "peer begins") {
    turn.group({.name = std::string(kPeer),
                .domain = "rooms.test",
                .delivery = &kDelivery,
                .confirmed_by = engine::ConfirmedBy::module,
                .window = 2});
    turn.follow(kPeer, kPeerAddress, turn.room().last_position() + 1, false);
    return turn.pause(kPeer, false);
  }
  if (body == "peer again") {
    turn.note("note", "1");
    return turn.follow(kPeer, kPeerAddress, turn.confirmed(kPeer, kPeerAddress) + 1, false);
  }
  if (body == "peer has all") return turn.confirm_follower(kPeer, turn.room().last_position());
  if (body == "wake") return turn.wake("ring", Millis(60'000));
  if (body == "timer") return turn.timer("ring", WallTime{turn.now().ms + 60'000});
  if (body == "timer late") return turn.timer("ring", WallTime{turn.now().ms + 3'600'000});
  if (body == "tail") {  // how many entries it holds, which is the newest
    const auto& tail = turn.room().tail();
    const auto erased = std::ranges::count(tail, true, [](const auto& e) { return e->erased; });
    std::string said = std::to_string(tail.size()) + " to " + std::to_string(tail.back()->position);
    if (erased > 0) said += ", " + std::to_string(erased) + " erased";
    turn.append(EntryKind::message, {said});
    return;
  }
  if (body == "pause") return turn.pause(kGroup, true);
  if (body.starts_with("go on from ")) {
    turn.note("note", "1");
    return turn.follow_on(kGroup, stanza.from.text(), std::stoull(body.substr(11)));
  }
  if (body == "follow from the end") {  // what was said last is sent again, then all goes on
    turn.note("note", "1");
    turn.unfollow(kGroup, stanza.from.text());
    turn.follow(kGroup, stanza.from.text(), turn.room().last_position(), false);
    return turn.pause(kGroup, false);
  }
  if (body.starts_with("erase ")) {
    const auto* page = turn.ask_page(turn.room().address(), std::stoull(body.substr(6)), 1);
    if (page == nullptr) return;
    REQUIRE_FALSE(page->value().empty());  // a page shows what is durable
    turn.erase(*page->value().front());
    return;
  }
  if (body.starts_with("blank ")) {  // the entry that says so is what was said
    turn.append(EntryKind::message, {body});
    return turn.erase_payload(std::stoull(body.substr(6)));
  }
  if (body.starts_with("truncate ")) return turn.truncate(std::stoull(body.substr(9)));
  if (body.starts_with("retain ")) return retain(turn, "retention/" + body.substr(7));
  // Of another enterprise, in a format of the future: a kind of it, or a message as it has them.
  if (body.starts_with("arrives ")) {
    engine::Arrived arrived;
    const bool known = body.ends_with(" message");
    arrived.kind = known ? EntryKind::message : static_cast<EntryKind>(999);
    if (known) arrived.format = engine::kEntryFormat + 1;
    arrived.origin = {"rooms.b.test", 7, 1};
    arrived.order = {1, 1};
    arrived.must_understand = body.starts_with("arrives needed");
    arrived.shared.bytes = "new";
    turn.append(std::move(arrived));
    return;
  }
  if (body == "destroy") {
    turn.append(EntryKind::destroyed, {});
    return;
  }
  turn.append(EntryKind::message, {body});
}

}  // namespace

bool Queue::step() {
  if (work_.empty()) return false;
  auto node = work_.extract(work_.begin());
  clock_.now_ms = std::max(clock_.now_ms, node.key().first);
  node.mapped()();
  return true;
}

void ToyRoom::apply(const engine::Entry& entry) {
  if (entry.kind == EntryKind::message) ++messages;
  dirty_ = true;
}
void ToyRoom::apply_note(std::string_view key, const std::optional<std::string>& value) {
  if (!key.starts_with("session/")) return;
  const std::string who(key.substr(8));
  if (value) {
    sessions[who] = 1;
  } else {
    sessions.erase(who);
  }
}
void ToyRoom::collect_records(std::vector<storage::Change>& out) {
  if (dirty_) out.push_back({"toy/count", std::to_string(messages)});
  dirty_ = false;
}
void ToyRoom::apply_record(std::string_view key, std::string_view value) {
  if (key == "toy/count") messages = std::stoull(std::string(value));
}

ToyNode::ToyNode(Disk disk_kind, std::size_t high_water, std::size_t loaded_rooms,
                 std::uint64_t follower_bound)
    : kind_(disk_kind),
      high_water_(high_water),
      loaded_rooms_(loaded_rooms),
      follower_bound_(follower_bound) {
  if (kind_ == Disk::memory) store = std::make_unique<storage::MemoryStore>(queue);
  add_rows();
  start();
}

void ToyNode::add_rows() {
  using enum engine::Target;
  using xmpp::StanzaKind;
  REQUIRE(router.add({room, StanzaKind::presence, "", "", "", ""}, on_presence).ok());
  REQUIRE(router.add({room, StanzaKind::message, "", "", "", ""}, on_message).ok());
  REQUIRE(router
              .add({room, StanzaKind::iq, "get", "", "", ""},
                   [](RoomTurn& turn, const xmpp::Stanza&) {
                     turn.reply("<n xmlns='t'>" + std::to_string(turn.state<ToyRoom>().messages) +
                                "</n>");
                   })
              .ok());
  REQUIRE(router
              .add_letter("toy:letter",
                          [](RoomTurn& turn, const engine::Letter& letter) {
                            create(turn);
                            turn.append(EntryKind::message, {letter.bytes});
                          })
              .ok());
  REQUIRE(router
              .add_passed("toy:say",
                          [](RoomTurn& turn, const engine::Passed& passed) {
                            if (!turn.room().exists()) {
                              return turn.refuse(Error(Condition::item_not_found));
                            }
                            const std::string& body = passed.params.at("body");
                            if (body == "answer first") turn.reply("said");
                            turn.append(EntryKind::message, {body});
                            if (body != "no answer" && body != "answer first") turn.reply("said");
                          })
              .ok());
  REQUIRE(
      router
          .add_timer("ring", [](RoomTurn& turn,
                                std::string_view) { turn.append(EntryKind::message, {"ring"}); })
          .ok());
  REQUIRE(router.add_timer("retention", retain).ok());
  REQUIRE(router
              .add_answer("toy:count",
                          [](const engine::RoomState& state, const engine::Question&) {
                            return std::to_string(state.get<ToyRoom>().messages);
                          })
              .ok());
  router.add_life([](RoomTurn& turn, engine::Life life) {
    if (life == engine::Life::woken) turn.append(EntryKind::message, {"woken"});
    if (life != engine::Life::loaded) return;
    attach(turn, "anybody@x.test");
    for (const auto& [who, one] : turn.state<ToyRoom>().sessions) {
      turn.follow(group_of(who), who, attach(turn, who) + 1, false);
    }
  });
}

void ToyNode::start() {
  if (kind_ == Disk::simulated) {
    auto opened = std::make_unique<storage::SimulatedStore>(disk, queue, random.next(), faults);
    simulated = opened.get();
    store = std::move(opened);
  }
  engine::Settings settings;
  settings.addressing = {"rooms.test", "team.test", {}};
  settings.link_high_water = high_water_;
  settings.loaded_rooms = loaded_rooms_;
  settings.follower_bound = follower_bound_;
  engine = std::make_unique<engine::Engine>(
      settings, *store, links, clock, random, log, router, std::vector<engine::FacetFactory>{[] {
        return std::unique_ptr<engine::Facet>(std::make_unique<ToyRoom>());
      }});
  engine->on_link("rooms.test", true);
  engine->start([] {});
}

void ToyNode::crash() {
  if (simulated != nullptr) simulated->crash();
  engine.reset();
  links.marks.clear();
  links.written.clear();
  if (kind_ == Disk::simulated) store.reset();
}

void ToyNode::run(bool confirm) {
  do {
    engine->settle();
    while (confirm && !links.marks.empty()) {
      engine->on_confirmed(links.marks.front().first, links.marks.front().second);
      links.marks.pop_front();
    }
    engine->settle();
  } while (queue.step() || (confirm && !links.marks.empty()));
}

void ToyNode::advance(Millis time) {
  clock.now_ms += time.count();
  engine->on_tick();
  run();
}

void ToyNode::say(const std::string& xml) {
  auto document = xmpp::parse_element(xml, "jabber:client");
  REQUIRE(document.ok());
  auto stanza = xmpp::Stanza::parse(*document);
  REQUIRE(stanza.ok());
  engine->on_stanza("rooms.test", std::move(*stanza));
}

std::string ToyNode::heard() {
  std::string out;
  out.swap(links.written["rooms.test"]);
  return out;
}

std::size_t ToyNode::count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

std::string log_id(ToyNode& node) {
  std::string id;
  node.store->lookup("node", "r@rooms.test", [&](Result<std::optional<std::string>> found) {
    id = found.value().value_or("");
  });
  node.run();
  return id;
}

storage::Page log_of(ToyNode& node, storage::Position from) {
  storage::Page page;
  node.store->read({"node", log_id(node)}, from, 1 << 20,
                   [&](Result<storage::Page> read) { page = std::move(read).value(); });
  node.run();
  return page;
}

std::string kept(ToyNode& node) {
  std::string out;
  for (const storage::Entry& entry : log_of(node).entries) {
    out += (out.empty() ? "" : " ") + std::to_string(entry.position) + (entry.erased ? "-" : "");
  }
  return out;
}

std::string sent_to(const std::string& who, const std::string& heard) {
  std::string out;
  for (auto at = heard.find("to='" + who); at != std::string::npos;
       at = heard.find("to='" + who, at + 1)) {
    const bool behind = heard.rfind('<', at) == heard.rfind("<left-behind", at);
    const std::size_t body = heard.find("<body>", at) + 6;
    const std::size_t end = heard.find('>', at);
    if (!behind && body - 6 != end + 1) continue;
    if (!out.empty()) out += ' ';
    out += behind ? "left-behind" : heard.substr(body, heard.find('<', body) - body);
  }
  return out;
}

}  // namespace hansa::toy
