// What is on disk: entries and notes of rooms. A tag never changes its meaning.

#include "modules/rooms/entries.h"

#include <doctest/doctest.h>

#include "base/encoding.h"
#include "modules/rooms/notes.h"

using namespace hansa;
using namespace hansa::rooms;

namespace {

std::string hex_of(std::string_view bytes) {
  return hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

xmpp::Jid jid(std::string_view text) { return xmpp::Jid::parse(text).value(); }

}  // namespace

TEST_CASE("rooms: settings are read as they were written, and once written for ever") {
  Config config;
  config.name = "Help";
  config.persistent = false;
  config.members_only = true;
  config.password = "x";
  config.max_occupants = 300;
  config.outward.persons = config.outward.rooms = MayAct::admins;
  const auto created = write_created(jid("alice@a.example"), config);
  CHECK(hex_of(created.bytes) ==
        "010f616c69636540612e6578616d706c65020448656c7004010005010106010107010008010009010"
        "10a01010b01010c01780d02ac020e01020f0100");
  CHECK(read_creator(created.bytes) == jid("alice@a.example"));
  const Config read = read_config(created.bytes);
  CHECK(write_settings(read).bytes == write_settings(config).bytes);
  CHECK(read.max_occupants == 300);
  CHECK(!read.persistent);
  CHECK(read.password == "x");
}

TEST_CASE("rooms: how a room acts is read as it was written; a version before is told less") {
  Config config;
  config.outward.persons = MayAct::chosen;
  config.outward.rooms = MayAct::admins;
  config.outward.change = MayChange::admins;
  config.outward.note = NoteMark::hash;
  config.outward.announce = false;
  config.outward.states = true;
  const auto bytes = write_settings(config).bytes;
  CHECK(read_config(bytes).outward == config.outward);
  CHECK(engine::FieldReader(bytes).number(14) == 1);  // what it knows: owners
  CHECK(write_settings(Config{}).bytes.size() < bytes.size());
}

TEST_CASE("rooms: what a later format adds is passed over, what is damaged reads as absent") {
  std::string bytes = write_settings(Config{}).bytes;
  bytes += std::string("\x7f\x02hi", 4);
  CHECK(write_settings(read_config(bytes)).bytes == write_settings(Config{}).bytes);
  bytes += "\x02\x7f";
  CHECK(read_config(bytes).name.empty());
  CHECK(read_config("\xff\xff\xff").listed);
  CHECK(read_member("").second.affiliation == Affiliation::none);
}

TEST_CASE("rooms: members, messages and sessions are read as they were written") {
  Member member;
  member.kind = MemberKind::room;
  member.affiliation = Affiliation::admin;
  member.nick = "Ann";
  member.since = 7;
  const auto [bare, read] = read_member(write_member("ann@a.example", member));
  CHECK(bare == "ann@a.example");
  CHECK(read.kind == MemberKind::room);
  CHECK(read.affiliation == Affiliation::admin);
  CHECK(read.nick == "Ann");
  CHECK(read.since == 7);

  Message message;
  message.nick = "Ann";
  message.id = "m1";
  message.content = "<body>hi</body>";
  message.from_peer = true;
  message.said = {1234};
  message.speaker = jid("ann@a.example/x");
  engine::Entry entry;
  entry.shared = write_message(message);
  entry.local = write_speaker(message);
  const Message again = read_message(entry);
  CHECK(again.content == message.content);
  CHECK(again.from_peer);
  CHECK(!again.from_room);
  CHECK(again.said == message.said);
  CHECK(again.speaker == message.speaker);
  CHECK(entry.shared.bytes.find("a.example") == std::string::npos);  // what may be sent on

  Session session;
  session.nick = "Ann";
  session.role = Role::moderator;
  session.lagging = true;
  session.first = 5;
  session.until = 9;
  Session other;
  read_session(write_session(session), other);
  CHECK(other.nick == "Ann");
  CHECK(other.role == Role::moderator);
  CHECK(other.lagging);
  CHECK(other.first == 5);
  CHECK(other.until == 9);
}
