#include "tests/golden/play.h"

#include <algorithm>
#include <charconv>
#include <functional>

#include "engine/letters.h"

namespace hansa::golden {
namespace {

constexpr std::string_view kMuc = "http://jabber.org/protocol/muc";
constexpr std::string_view kForeign = "lobby@muc.b.example";

engine::Position position_of(const xmpp::Stanza& stanza) {
  const std::string_view text = stanza.payload()->attr("position");
  engine::Position position = 0;
  std::from_chars(text.data(), text.data() + text.size(), position);
  return position;
}

void on_erase(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  const auto& tail = turn.room().tail();
  const auto entry = std::ranges::find(tail, position_of(stanza), &engine::Entry::position);
  if (entry != tail.end()) turn.erase(engine::Entry(**entry));
  turn.reply();
}

void on_timer(engine::RoomTurn& turn, const xmpp::Stanza&) {
  turn.timer("golden", WallTime{turn.now().ms + 365LL * 24 * 3600 * 1000});
  turn.reply();
}

void on_drop(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  turn.truncate(position_of(stanza));
  turn.reply();
}

void on_retain(engine::RoomTurn& turn, const xmpp::Stanza&) {
  const Millis hour(3600 * 1000);
  const auto next = turn.retain(
      {.kinds = {engine::EntryKind::message}, .payloads = hour, .entries = 24 * hour});
  if (next) turn.reply();
}

void add_rows(engine::Router& router) {
  using engine::Target;
  const auto kind = xmpp::StanzaKind::iq;
  const bool ok =
      router.add({Target::room, kind, "set", "erase", "golden", ""}, on_erase).ok() &&
      router.add({Target::room, kind, "set", "drop", "golden", ""}, on_drop).ok() &&
      router.add({Target::room, kind, "set", "retain", "golden", ""}, on_retain).ok() &&
      router.add({Target::room, kind, "set", "timer", "golden", ""}, on_timer).ok();
  if (!ok) std::abort();
}

class Player {
 public:
  explicit Player(Node& node) : node_(node) {}

  void says_in(std::string_view room, std::string_view who, std::string_view id,
               const std::string& content) {
    node_.says("<message type='groupchat' from='" + std::string(who) + "' to='" +
               std::string(room) + "' id='" + std::string(id) + "'>" + content + "</message>");
    node_.advance(Millis(700));
  }
  void affiliation(const std::string& item) {
    node_.says("<iq type='set' id='a' from='alice@a.example/1' to='" + std::string(kRoom) +
               "'><query xmlns='" + std::string(kMuc) + "#admin'><item " + item +
               "/></query></iq>");
    node_.advance(Millis(700));
  }
  void settings(const std::string& var, const std::string& value) {
    node_.says("<iq type='set' id='c' from='alice@a.example/1' to='" + std::string(kRoom) +
               "'><query xmlns='" + std::string(kMuc) + "#owner'><x xmlns='jabber:x:data' "
               "type='submit'><field var='FORM_TYPE'><value>" + std::string(kMuc) +
               "#roomconfig</value></field><field var='" + var + "'><value>" + value +
               "</value></field></x></query></iq>");
  }
  void engine_does(std::string_view what, std::string_view room, int position) {
    node_.says("<iq type='set' id='e' from='alice@a.example/1' to='" + std::string(room) + "'><" +
               std::string(what) + " xmlns='golden' position='" + std::to_string(position) +
               "'/></iq>");
    node_.advance(Millis(700));
  }
  void leaves(const std::string& who, const std::string& occupant) {
    node_.says("<presence type='unavailable' from='" + who + "' to='" + occupant + "'/>");
  }

  // Members, settings, subject, messages; one who is in, one who left, one who is banned.
  void in_a_room() {
    node_.found_support();
    settings("muc#roomconfig_roomdesc", "We help &lt;everybody&gt;: \u00e4\u00f6\u00fc");
    affiliation("jid='carl@a.example' affiliation='admin' nick='Carl'");
    affiliation("jid='eve@b.example' affiliation='outcast'");
    affiliation("jid='dan@a.example' affiliation='member'");
    affiliation("jid='dan@a.example' affiliation='none'");
    node_.joins("ann@a.example/desk", std::string(kRoom) + "/ann");
    says_in(kRoom, "alice@a.example/1", "m1", "<body>Good morning</body>");
    says_in(kRoom, "ann@a.example/desk", "m2",
            "<body>&gt; \U0001f34b</body><origin-id xmlns='urn:xmpp:sid:0' id='o2'/>");
    says_in(kRoom, "alice@a.example/1", "m3", "<subject>Today: everything</subject>");
    leaves("ann@a.example/desk", std::string(kRoom) + "/ann");
    says_in(kRoom, "alice@a.example/1", "m4", "<body xml:lang='de'>Bis morgen</body>");
  }
  void with_a_person() {
    node_.opens("bob@b.example", "May we help?");
    node_.is_person("bob@b.example");
    node_.advance(Millis(2'000));
    node_.says("<message type='chat' from='bob@b.example/home' to='support@team.a.example' "
               "id='b1'><body>Yes, please</body></message>");
    node_.says("<presence type='subscribe' from='bob@b.example' to='support@team.a.example'/>");
    node_.joins("ann@a.example/desk", std::string(kPerson) + "/ann");
    says_in(kPerson, "ann@a.example/desk", "p1", "<body>With what?</body>");
  }
  // Its occupant bob, our own message with its reflection, one that was refused there.
  void with_a_room() {
    const std::string lobby(kForeign);
    const std::string us = "support@team.a.example/hansa";
    node_.opens(lobby);
    node_.is_room(lobby);
    node_.says("<presence from='" + lobby + "/support' to='" + us + "'><x xmlns='" +
               std::string(kMuc) + "#user'><item affiliation='none' role='participant'/>"
               "<status code='110'/></x></presence>");
    node_.says("<message type='groupchat' from='" + lobby + "' to='" + us +
               "' id='s'><subject>Lobby</subject></message>");
    node_.joins("alice@a.example/1", std::string(kLobby) + "/alice");
    node_.says("<message type='groupchat' from='" + lobby + "/bob' to='" + us + "' id='l1'>"
               "<body>Hello</body><stanza-id xmlns='urn:xmpp:sid:0' by='" + lobby +
               "' id='s1'/></message>");
    node_.forget();
    says_in(kLobby, "alice@a.example/1", "l2", "<body>Hello, bob</body>");
    node_.says("<message type='groupchat' from='" + lobby + "/support' to='" + us + "' id='" +
               node_.last_id(lobby) + "'><body>Hello, bob</body><stanza-id "
               "xmlns='urn:xmpp:sid:0' by='" + lobby + "' id='s2'/></message>");
    node_.forget();
    says_in(kLobby, "alice@a.example/1", "l3", "<body>And all the others</body>");
    node_.says("<message type='error' from='" + lobby + "' to='" + us + "' id='" +
               node_.last_id(lobby) + "'><error type='auth'><forbidden "
               "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
  }
  void a_room_that_ends() {
    node_.joins("alice@a.example/1", std::string(kGone) + "/alice");
    says_in(kGone, "alice@a.example/1", "g1", "<body>Not for long</body>");
  }

 private:
  Node& node_;
};

void run(Node& node) {
  while (node.queue.step()) {
  }
}

storage::LogKey log_of(Node& node, std::string_view room) {
  storage::LogKey log{"node", {}};
  node.store.lookup("node", std::string(room), [&](auto id) { log.id = id.value().value(); });
  run(node);
  return log;
}

// Written as the engine would have, after the last entry of that room.
using Fill = std::function<void(storage::Batch&, const storage::Loaded&)>;
void append(Node& node, std::string_view room, engine::Entry entry, const Fill& fill) {
  const storage::LogKey log = log_of(node, room);
  storage::Loaded loaded;
  node.store.load(log, [&](auto answer) { loaded = std::move(answer).value(); });
  run(node);
  entry.position = loaded.last_position + 1;
  entry.origin.incarnation = 1;
  entry.origin.number = entry.position;
  entry.salt = "a salt";
  entry.hash = engine::payload_hash(entry.salt, entry.shared);
  entry.stamp = entry.origin_stamp = node.clock.wall();
  storage::Batch batch;
  batch.entries.push_back(engine::to_storage(entry));
  fill(batch, loaded);
  node.store.append(log, loaded.last_batch, std::move(batch), [](auto) {});
  run(node);
}

// A room that is destroyed has no log any more, but for a crash between the two.
void destroy(Node& node) {
  engine::Entry entry;
  entry.kind = engine::EntryKind::destroyed;
  append(node, kGone, entry, [](storage::Batch& batch, const storage::Loaded& loaded) {
    for (const auto& [key, value] : loaded.records) batch.records.push_back({key, std::nullopt});
    batch.notes.push_back({"exists", std::nullopt});
  });
}

// --- a node that had much in hand ---------------------------------------------------------------

void letter_under_way(Node& node) {
  engine::Entry entry;
  entry.kind = engine::EntryKind::letter;
  entry.shared.bytes = engine::encode_letter(
      {xmpp::Jid::parse(kRoom).value(), "golden:letter", "Not arrived yet"});
  append(node, kGone, entry, [&](storage::Batch& batch, const storage::Loaded& loaded) {
    batch.records.push_back(
        {"letter/" + std::to_string(loaded.last_position + 1), entry.shared.bytes});
    batch.index.push_back({"ob/" + log_of(node, kGone).id, std::string(kGone)});
  });
}

// Said to be erased; the payload is there yet.
void erasure_under_way(Node& node, engine::Position target) {
  engine::Entry entry;
  entry.kind = engine::EntryKind::erased;
  entry.shared.bytes = engine::write_erased({{}, 1, target});
  entry.local.bytes = std::to_string(target);
  append(node, kRoom, entry, [&](storage::Batch& batch, const storage::Loaded&) {
    batch.notes.push_back({"erase/" + std::to_string(target), "1"});
    batch.notes.push_back({"act-as/news-lag", "1"});
    batch.index.push_back({"erase/" + log_of(node, kRoom).id, std::string(kRoom)});
  });
}

// Of an enterprise with a later version.
void not_understood(Node& node) {
  engine::Entry entry;
  entry.kind = static_cast<engine::EntryKind>(4711);
  entry.format = 2;
  entry.shared.bytes = "what nobody here knows";
  append(node, kGone, entry, [](storage::Batch& batch, const storage::Loaded&) {
    batch.notes.push_back({"skipped", "1"});
  });
}

}  // namespace

Node::Node() : ActingFixture([](act_as::ActAs&, engine::Router& rows) { add_rows(rows); }) {}

void play(Node& node) {
  Player player(node);
  player.in_a_room();
  player.with_a_person();
  player.with_a_room();
  player.a_room_that_ends();
  player.engine_does("erase", kRoom, 11);
  player.engine_does("drop", kLobby, 4);
  node.advance(Millis(5'000));
  node.crash();
  destroy(node);
}

void play_waiting(Node& node) {
  Player player(node);
  node.found_support();
  player.says_in(kRoom, "alice@a.example/1", "m1", "<body>To be erased</body>");
  player.engine_does("timer", kRoom, 0);
  player.a_room_that_ends();
  node.advance(Millis(5'000));
  node.crash();
  letter_under_way(node);
  not_understood(node);
  erasure_under_way(node, 5);
}

}  // namespace hansa::golden
