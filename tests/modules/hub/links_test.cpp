// The link as such: hellos, windows, pacing, forks, lanes, presence, later formats.

#include <doctest/doctest.h>

#include "base/limits.h"
#include "tests/support/federation_words.h"

using namespace hansa;
using test::Federation;
using test::kHub;
using test::messages;
namespace xsr = xep_shared_rooms;

namespace {

void furnish(Federation& f, const std::string& room = "tea") {
  f.create("alice@a.example", room);
  f.set("alice@a.example", room, "bob@b.example", "member");
  f.hears("alice@a.example");
  f.hears("alice@a.example/x");
  f.hears("bob@b.example");
  f.passed.clear();
}

// Everybody begins anew, with that window.
void narrow(Federation& f, std::size_t window) {
  f.window = window;
  for (const std::string& name : {std::string(kHub), f.link('a'), f.link('b')}) {
    f.crash(name);
    f.start(name);
  }
  f.connect_all();
}

}  // namespace

TEST_CASE("hub: rooms that stand alike are not listed after a hello; those that differ are") {
  Federation f(2);
  for (int i = 0; i < 5; ++i) furnish(f, "room" + std::to_string(i));
  f.cut(f.link('b'));
  f.run();
  f.crash(f.link('b'));
  f.start(f.link('b'));
  f.passed.clear();
  f.connect_all();
  CHECK(f.frames(f.link('b'), kHub, "hello") == 1);
  CHECK(f.frames(f.link('b'), kHub, "rooms") == 0);
  f.cut(f.link('b'));
  f.run();
  f.say("alice@a.example", "room3", "news");
  f.passed.clear();
  f.connect_all();
  CHECK(f.frames(f.link('b'), kHub, "rooms") == 1);
  std::size_t listed = 0;
  for (const auto& frame : f.passed) {
    if (frame.element().name() != "rooms") continue;
    for (const xmpp::Element& child : frame.element().children()) listed += child.name() == "room";
  }
  CHECK(listed == 1);
  CHECK(f.hears("bob@b.example") == "news");
}

TEST_CASE("hub: many rooms that differ are compared page by page, each of them") {
  constexpr std::size_t kRooms = 2 * limits::kRoomsPage + 1;
  Federation f(2);
  const auto name = [](std::size_t i) { return "room" + std::to_string(i); };
  for (std::size_t i = 0; i < kRooms; ++i) furnish(f, name(i));
  f.cut(f.link('b'));
  f.run();
  for (std::size_t i = 0; i < kRooms; ++i) f.say("alice@a.example", name(i), "news");
  // The hub has no room in memory, and none asks for itself: what is not compared is not sent.
  f.crash(kHub);
  f.start(kHub);
  f.loses = [](const test::Frame& frame) { return frame.element().name() == "offered"; };
  f.passed.clear();
  f.connect(f.link('b'));
  f.run();
  CHECK(f.frames(f.link('b'), kHub, "rooms") == 3);
  CHECK(f.frames(kHub, f.link('b'), "next") == 2);
  std::vector<std::size_t> pages;
  for (const auto& frame : f.passed) {
    if (frame.element().name() != "rooms") continue;
    std::size_t& listed = pages.emplace_back();
    for (const xmpp::Element& child : frame.element().children()) listed += child.name() == "room";
  }
  CHECK(pages == std::vector<std::size_t>{limits::kRoomsPage, limits::kRoomsPage, 1});
  CHECK(f.party(f.link('b')).heard["bob@b.example"].size() == kRooms);
  std::size_t alike = 0;
  for (std::size_t i = 0; i < kRooms; ++i) {
    alike += f.stand(f.link('b'), name(i)) == f.stand(kHub, name(i)) ? 1 : 0;
  }
  CHECK(alike == kRooms);
}

TEST_CASE("hub: a hello of an earlier life that is repeated does not stand for the present one") {
  Federation f(2);
  furnish(f);
  f.cut(f.link('b'));
  f.connect_all();
  test::Frame old;
  for (const test::Frame& frame : f.passed) {
    if (frame.from == f.link('b') && frame.element().name() == "hello") old = frame;
  }
  REQUIRE(old.stanza != nullptr);
  f.crash(f.link('b'));
  f.start(f.link('b'));
  f.connect_all();
  f.inject(f.link('b'), kHub, xmpp::to_xml(old.element()));
  f.say("alice@a.example", "tea", "one");
  CHECK(f.hears("bob@b.example") == "one");
  f.passed.clear();
  f.advance(Millis(60'000));
  CHECK(f.passed.empty());  // it is acknowledged
}

TEST_CASE("hub: a room that could not be read when it was compared is compared again") {
  Federation f(2);
  const auto image = f.backup(f.link('b'));
  furnish(f);
  f.say("alice@a.example", "tea", "one");
  const auto faults = [&](const std::string& name, double read_error, double refused) {
    storage::Faults some{};
    some.least_write = some.most_write = some.most_read = Millis(0);
    some.read_error = read_error;
    some.refused = refused;
    f.party(name).store->set_faults(some);
  };
  f.advance(Millis(5'000));  // what is confirmed is noted
  f.crash(kHub);
  f.start(kHub);
  f.connect(f.link('a'));
  f.run();
  f.crash(f.link('b'));
  f.party(f.link('b')).disk->image = image;
  f.start(f.link('b'));
  std::string troubled = kHub;
  SUBCASE("nothing can be read at the hub") { faults(kHub, 1, 0); }
  SUBCASE("nothing can be stored at the hub") { faults(kHub, 0, 1); }
  SUBCASE("nothing can be read at the node") {
    troubled = f.link('b');
    faults(troubled, 1, 0);
  }
  f.connect_all();
  f.advance(Millis(2'000));
  faults(troubled, 0, 0);
  CHECK(f.rests());
  CHECK(f.same("tea"));
  CHECK(messages(f, f.link('b')) == 1);
}

TEST_CASE("hub: a node with another key than the configured one is not let in") {
  Federation f(2);
  furnish(f);
  f.inject(f.link('b'), kHub,
           "<hello xmlns='urn:xmpp:shared-rooms:0' format='1' link='rooms.b.example' "
           "incarnation='7' from='1' to='1' key='" +
               std::string(64, 'a') + "'/>");
  CHECK(f.frames(kHub, f.link('b'), "problem") == 1);
  CHECK(f.party(kHub).log.said("not the configured one"));
}

TEST_CASE("hub: a new key of a node that has none configured is let in, and announced") {
  Federation f(2);
  f.pinned = false;
  f.begin_again(kHub);
  f.cut(f.link('b'));
  f.connect_all();
  CHECK_FALSE(f.party(kHub).log.said("has a new key"));  // it is the one of before
  f.inject(f.link('b'), kHub,
           "<hello xmlns='urn:xmpp:shared-rooms:0' format='1' link='rooms.b.example' "
           "incarnation='7' from='1' to='1' key='" +
               std::string(64, 'a') + "'/>");
  CHECK(f.party(kHub).log.said("rooms.b.example has a new key"));
  CHECK(f.frames(kHub, f.link('b'), "problem") == 0);
}

TEST_CASE("hub: what comes on a link speaks for that link alone") {
  Federation f(2);
  furnish(f);
  const std::string frame =
      "<message from='rooms.a.example' to='hub.example'><again xmlns='urn:xmpp:shared-rooms:0' "
      "room='tea@shared.example' log='abc'/></message>";
  auto stanza = xmpp::Stanza::parse(xmpp::parse_element(frame, xmpp::ns::kClient).value());
  f.party(kHub).engine->on_stanza(f.link('b'), std::move(stanza).value());
  f.run();
  CHECK(f.passed.empty());
}

TEST_CASE("hub: no more of a room is in flight to a silent node than its window") {
  Federation f(2);
  narrow(f, 4);
  furnish(f);
  f.loses = [&](const test::Frame& frame) { return frame.to == f.link('b'); };
  for (int i = 0; i < 20; ++i) f.say("alice@a.example", "tea", std::to_string(i));
  CHECK(f.frames(kHub, f.link('b'), "entry") == 4);
  CHECK(f.frames(f.link('a'), kHub, "entry") == 20);  // a silent party harms nobody
  f.loses = nullptr;
  f.advance(Millis(60'000));
  CHECK(f.hears("bob@b.example") == "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19");
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: no more of a room is in flight to a silent hub than its window") {
  Federation f(2);
  narrow(f, 4);
  furnish(f);
  f.hold(f.link('a'));
  for (int i = 0; i < 20; ++i) f.say("alice@a.example", "tea", std::to_string(i));
  CHECK(f.on_wire() == 4);
  f.hold(f.link('a'), false);
  f.run();
  CHECK(f.hears("bob@b.example") == "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19");
  CHECK(f.same("tea"));
}

TEST_CASE("hub: a room that catches up delays no live one") {
  Federation f(2);
  narrow(f, 8);
  furnish(f, "old");
  furnish(f, "live");
  f.cut(f.link('b'));
  f.run();
  for (int i = 0; i < 500; ++i) f.say("alice@a.example", "old", "o");
  f.hears("alice@a.example");
  f.hold(f.link('b'));  // its acknowledgements are slow
  f.passed.clear();
  f.connect(f.link('b'));
  f.run();
  f.say("alice@a.example", "live", "now");
  CHECK(f.frames(kHub, f.link('b'), "entry") <= 8 + 1);
  CHECK(f.hears("bob@b.example").ends_with("now"));
  f.hold(f.link('b'), false);
  f.run();
  CHECK(f.same("old"));
  CHECK(f.same("live"));
}

TEST_CASE("shared-rooms: another history at the same version is a fork: logged, and begun anew") {
  Federation f(2);
  furnish(f);
  f.say("alice@a.example", "tea", "one");
  test::fork(f, f.link('b'));
  CHECK(f.party(f.link('b')).rooms->counts().forks == 1);
  CHECK(f.party(f.link('b')).log.said("forks"));
  CHECK(f.same("tea"));
  f.say("alice@a.example", "tea", "two");
  CHECK(f.hears("bob@b.example") == "one two");
}

TEST_CASE("shared-rooms: a directed message goes by a lane, once, and is in no log") {
  Federation f(3);
  furnish(f);
  const std::string tell =
      "<message type='chat' from='alice@a.example/x' "
      "to='tea@shared.example/bob@b.example'><body>psst</body></message>";
  f.says("alice@a.example", tell);
  CHECK(f.hears("bob@b.example") == "psst");
  CHECK(f.frames(f.link('b'), kHub, "directed-ack") == 1);
  CHECK(f.frames(kHub, f.link('a'), "directed-ack") == 1);
  CHECK(f.stand(f.link('a'), "tea") == f.stand(kHub, "tea"));
  SUBCASE("an acknowledgement that is lost: it is sent again, and dropped there") {
    f.loses = [](const test::Frame& frame) { return frame.element().name() == "directed-ack"; };
    f.says("alice@a.example", tell);
    CHECK(f.hears("bob@b.example") == "psst");
    f.loses = nullptr;
    f.advance(Millis(30'000));
    CHECK(f.hears("bob@b.example").empty());
    CHECK(f.frames("", kHub, "directed-ack") > 1);
  }
  SUBCASE("the receiver is away, and the sender crashes: it waits at its node") {
    f.cut(f.link('b'));
    f.run();
    f.says("alice@a.example", tell);
    f.says("alice@a.example", tell);
    f.crash(f.link('a'));
    f.start(f.link('a'));
    f.connect_all();
    f.advance(Millis(30'000));
    CHECK(f.hears("bob@b.example") == "psst psst");
  }
  SUBCASE("the receiver is put back: a lane in which it lacks something begins anew") {
    f.loaded_rooms = 1;  // rooms leave memory between two words of it (simulator, 7006035)
    f.crash(f.link('a'));
    f.start(f.link('a'));
    f.connect_all();
    furnish(f, "other");
    f.says("alice@a.example", tell);
    const auto image = f.backup(f.link('b'));
    f.says("alice@a.example", tell);
    f.restore(f.link('b'), image);
    f.connect_all();
    f.hears("bob@b.example");
    f.says("alice@a.example", tell);
    CHECK(f.hears("bob@b.example").empty());
    CHECK(f.rests());
    CHECK(f.hears("bob@b.example") == "psst");
  }
  SUBCASE("nobody can be written to who is not a member") {
    f.says("alice@a.example",
           "<message type='chat' from='alice@a.example/x' "
           "to='tea@shared.example/dan@c.example'><body>psst</body></message>");
    CHECK(f.hears("alice@a.example/x").ends_with("message:error"));
  }
}

TEST_CASE("shared-rooms: presence passes, and is void when its node begins anew") {
  Federation f(2);
  furnish(f);
  f.says("alice@a.example", "<presence from='alice@a.example/x' to='tea@shared.example/alice'/>");
  CHECK(f.hears("bob@b.example") == "presence:");
  f.crash(f.link('a'));
  f.start(f.link('a'));
  f.connect_all();
  CHECK(f.hears("bob@b.example") == "presence:unavailable");
}

TEST_CASE("shared-rooms: presence is dropped where a link is full, a message waits") {
  Federation f(2);
  furnish(f);
  std::string full = kHub;
  SUBCASE("at the hub") {}
  SUBCASE("at the node") { full = f.link('a'); }
  f.party(full).backlog = 100'000'000;
  f.says("alice@a.example", "<presence from='alice@a.example/x' to='tea@shared.example/alice'/>");
  f.say("alice@a.example", "tea", "one");
  CHECK(f.hears("bob@b.example").empty());
  f.party(full).backlog = 0;
  f.party(full).engine->on_drained(full == kHub ? f.link('b') : kHub);
  f.advance(Millis(30'000));
  CHECK(f.hears("bob@b.example") == "one");
  f.says("alice@a.example", "<presence from='alice@a.example/x' to='tea@shared.example/alice'/>");
  CHECK(f.hears("bob@b.example") == "presence:");
}

TEST_CASE("hub: a frame that must be understood and is not is told so; others are passed over") {
  Federation f(2);
  furnish(f);
  f.inject(f.link('a'), kHub, "<poll xmlns='urn:xmpp:shared-rooms:0' format='2'/>");
  CHECK(f.frames(kHub, f.link('a'), "problem") == 0);
  f.inject(f.link('a'), kHub, "<poll xmlns='urn:xmpp:shared-rooms:0' format='2' must='true'/>");
  CHECK(f.frames(kHub, f.link('a'), "problem") == 1);
}

TEST_CASE("hub: another enterprise's item is taken from a node that offers, and from no other") {
  Federation f(2);
  furnish(f);
  xsr::Item item;
  item.kind = xsr::kKindMessage;
  item.origin = {f.link('a'), 99, 1};
  item.id = "forged";
  item.salt = std::string(32, '5');
  item.payload = "<said xmlns='urn:xmpp:shared-rooms:0' by='alice@a.example'/>";
  const std::string frame = test::xml_of(xsr::Entry{xmpp::Jid::parse("tea@shared.example").value(),
                                                    f.state(kHub, "tea", "log"), item});
  const std::string before = f.state(kHub, "tea", "version");
  f.inject(f.link('b'), kHub, frame);
  CHECK(f.state(kHub, "tea", "version") == before);
  CHECK(f.frames(kHub, f.link('b'), "problem") == 1);
  CHECK(f.same("tea"));
}
