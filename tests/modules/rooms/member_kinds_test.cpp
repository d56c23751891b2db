// A member of a kind that this version does not know is sent nothing, the operator is told, and the
// room goes on (requirement A8).

#include <doctest/doctest.h>

#include "engine/fields.h"
#include "tests/support/room_words.h"

namespace hansa::test {
namespace {

struct Lines final : Log {
  void write(LogLevel level, std::string_view, std::string_view text) override {
    if (level >= LogLevel::warning) all += std::string(text) + "\n";
  }
  std::string all;
};

// As a later version would write it: the layout is that of modules/rooms/entries.h.
std::string member_of_kind(std::string_view bare, std::uint64_t kind) {
  return engine::FieldWriter()
      .put(1, bare)
      .put(2, kind)
      .put(3, std::uint64_t{2})
      .put(4, std::string_view("Robot"))
      .take();
}

struct Room : RoomFixture {
  Room()
      : RoomFixture({}, [](rooms::Rooms&, engine::Router& rows) {
          REQUIRE(rows.add({engine::Target::room, xmpp::StanzaKind::iq, "set", "add", "urn:example",
                            ""},
                           [](engine::RoomTurn& turn, const xmpp::Stanza&) {
                             turn.append(engine::EntryKind::member,
                                         {member_of_kind("robot@a.example", 9)});
                             turn.reply();
                           })
                      .ok());
        }) {
    start();
    joins(kAlice, "support@rooms.a.example/Alice");
    says(ask("set", kAlice, "<add xmlns='urn:example'/>"));
    says(ask("set", kAlice, test::settings("muc#roomconfig_forwardmentions", "1")));
    forget();
  }
};

}  // namespace

TEST_CASE("member kinds: one of an unknown kind is let in nowhere and told nothing; others are") {
  Room f;
  for (int restart = 0; restart < 2; ++restart) {
    f.says(join("robot@a.example/x", "Robot"));
    CHECK(f.gets("robot@a.example/x", {error("presence", "feature-not-implemented")}) == "");
    f.says(talk(kAlice, "m" + std::to_string(restart), "hello",
                "<reference xmlns='urn:xmpp:reference:0' type='mention' "
                "uri='xmpp:robot@a.example'/>"));
    CHECK(f.heard("robot@a.example").empty());
    CHECK(f.heard("robot@a.example/x").empty());
    CHECK(f.gets(kAlice, {said("Alice", "hello")}) == "");
    f.says(ask("get", kAlice, admin("<item affiliation='member'/>")));
    CHECK(f.gets(kAlice, {"<iq type='result'><query "
                          "xmlns='http://jabber.org/protocol/muc#admin'>"
                          "<item jid='robot@a.example'/></query></iq>"}) == "");
    f.crash();
    f.start();
    f.forget();
  }
}

TEST_CASE("member kinds: the operator is told when the room is loaded") {
  Room f;
  f.crash();
  Lines lines;
  f.start();
  engine::Engine again(engine::Settings{"node", f.addressing, 0, 0}, f.store, f.links, f.clock,
                       f.random, lines, *f.router, {&rooms::make_room_facet});
  again.start([] {});
  for (bool moved = true; moved;) {
    again.settle();
    moved = f.queue.step();
  }
  CHECK(lines.all.find("robot@a.example is of kind 9") != std::string::npos);
  CHECK(lines.all.find("alice") == std::string::npos);
}

TEST_CASE("member kinds: an admin removes it like anybody") {
  Room f;
  f.says(ask("set", kAlice, admin("<item jid='robot@a.example' affiliation='none'/>")));
  CHECK(f.gets(kAlice, {kResult}) == "");
  f.says(join("robot@a.example/x", "Robot", kNoHistory));
  CHECK(f.heard("robot@a.example/x").size() == 3);
}

}  // namespace hansa::test
