// Crashes and restores of hub and nodes: what any party had durably survives, once; what nobody has
// is said to be lost.

#include <doctest/doctest.h>

#include "tests/support/federation_words.h"

using namespace hansa;
using test::Federation;
using test::kHub;
namespace xsr = xep_shared_rooms;

namespace {

void furnish(Federation& f) {
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  f.set("alice@a.example", "tea", "carol@c.example", "member");
  for (const char* who : {"alice@a.example", "bob@b.example", "carol@c.example"}) f.hears(who);
  f.passed.clear();
}

}  // namespace

TEST_CASE("hub: it crashes before it has stored an item; the item comes again, in a new epoch") {
  Federation f(3);
  furnish(f);
  f.hold(f.link('a'));
  f.say("alice@a.example", "tea", "one");
  f.crash(kHub);
  f.hold(f.link('a'), false);
  f.start(kHub);
  f.connect_all();
  CHECK(f.hears("bob@b.example") == "one");
  CHECK(f.hears("carol@c.example") == "one");
  CHECK(f.same("tea"));
}

TEST_CASE("hub: it crashes when it has stored an item, before anybody was told") {
  Federation f(3);
  furnish(f);
  f.hold(kHub);
  f.say("alice@a.example", "tea", "one");
  f.crash(kHub);
  f.hold(kHub, false);
  f.start(kHub);
  f.connect_all();
  f.say("bob@b.example", "tea", "two");
  CHECK(f.hears("bob@b.example") == "one two");
  CHECK(f.hears("carol@c.example") == "one two");
  CHECK(f.hears("alice@a.example") == "one two");
  CHECK(f.same("tea"));
}

TEST_CASE("hub: restored from an old backup it is given again what it lost, others' items too") {
  Federation f(3);
  furnish(f);
  f.say("alice@a.example", "tea", "one");
  const auto image = f.backup(kHub);
  f.say("bob@b.example", "tea", "two");
  f.set("alice@a.example", "tea", "ann@a.example", "member");
  f.say("carol@c.example", "tea", "three");
  f.cut(f.link('c'));
  f.run();
  const std::string before = f.ask(f.link('a'), "tea", "shared:members");
  f.hears("alice@a.example");
  f.hears("bob@b.example");
  f.hears("carol@c.example");
  f.restore(kHub, image);
  f.connect(f.link('b'));  // carol's item is offered by others than c
  f.run();
  f.connect(f.link('a'));
  f.run();
  f.say("alice@a.example", "tea", "four");
  CHECK(f.hears("alice@a.example") == "four");  // nothing is delivered twice
  CHECK(f.hears("bob@b.example") == "four");
  f.connect(f.link('c'));
  f.run();
  CHECK(f.hears("carol@c.example") == "four");
  CHECK(f.same("tea"));
  CHECK(f.ask(kHub, "tea", "shared:members").find("ann@a.example member") != std::string::npos);
  CHECK(f.state(kHub, "tea", "members") == "4");
  CHECK(f.state(kHub, "tea", "holes") == "0");
  CHECK(f.party(f.link('b')).rooms->counts().offered > 0);
}

TEST_CASE("hub: restored again and again, and crashed between, it still has everything once") {
  Federation f(3);
  furnish(f);
  const auto image = f.backup(kHub);
  for (int i = 0; i < 3; ++i) {
    f.say("alice@a.example", "tea", "a" + std::to_string(i));
    f.say("bob@b.example", "tea", "b" + std::to_string(i));
    f.restore(kHub, image);
    f.connect_all();
    f.say("carol@c.example", "tea", "c" + std::to_string(i));
    f.begin_again(kHub);
  }
  CHECK(f.hears("alice@a.example") == "a0 b0 c0 a1 b1 c1 a2 b2 c2");
  CHECK(f.hears("bob@b.example") == "a0 b0 c0 a1 b1 c1 a2 b2 c2");
  CHECK(f.same("tea"));
}

TEST_CASE("hub: what nobody has is said to be lost, once all have offered what they have") {
  Federation f(3);
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  const auto hub = f.backup(kHub);
  const auto a = f.backup(f.link('a'));
  const auto b = f.backup(f.link('b'));
  f.say("alice@a.example", "tea", "one");
  f.set("alice@a.example", "tea", "carol@c.example", "member");
  f.say("alice@a.example", "tea", "two");
  f.restore(f.link('a'), a);
  f.restore(f.link('b'), b);
  f.restore(kHub, hub);
  f.connect_all();
  f.advance(Millis(60'000));
  CHECK(f.hears("carol@c.example") == "two");
  // Carol's node alone had what came after her; «one» is nowhere any more.
  CHECK(f.party(kHub).log.said("are lost at every party"));
  CHECK(f.state(kHub, "tea", "members") == "3");
  CHECK(f.same("tea"));
  f.hears("bob@b.example");
  f.say("carol@c.example", "tea", "three");
  CHECK(f.hears("bob@b.example") == "three");
}

TEST_CASE("shared-rooms: a node crashes with an item that never left; it leaves after the start") {
  Federation f(3);
  furnish(f);
  f.cut(f.link('a'));
  f.run();
  f.say("alice@a.example", "tea", "one");
  f.crash(f.link('a'));
  f.start(f.link('a'));
  f.connect_all();
  CHECK(f.hears("bob@b.example") == "one");
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: a node restored from an old backup gets back what it lost, its own too") {
  Federation f(3);
  furnish(f);
  const auto image = f.backup(f.link('a'));
  f.say("alice@a.example", "tea", "one");
  f.say("bob@b.example", "tea", "two");
  f.set("alice@a.example", "tea", "ann@a.example", "member");
  f.say("ann@a.example", "tea", "three");
  f.hears("alice@a.example");
  f.hears("bob@b.example");
  f.restore(f.link('a'), image);
  f.connect_all();
  CHECK(f.state(f.link('a'), "tea", "members") == "4");
  CHECK(f.same("tea"));
  f.say("alice@a.example", "tea", "four");
  CHECK(f.hears("bob@b.example") == "four");
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: a node that lost a room altogether is welcomed again") {
  Federation f(3);
  const auto image = f.backup(f.link('b'));
  furnish(f);
  f.say("alice@a.example", "tea", "one");
  f.restore(f.link('b'), image);
  f.connect_all();
  CHECK(f.same("tea"));
  f.say("alice@a.example", "tea", "two");
  CHECK(f.hears("bob@b.example").ends_with("two"));
}

TEST_CASE("hub: a node that lost a room in which it takes no part any more gets its last time") {
  Federation f(3);
  const auto image = f.backup(f.link('b'));
  furnish(f);
  f.cut(f.link('b'));
  f.say("alice@a.example", "tea", "one");
  f.set("alice@a.example", "tea", "bob@b.example", "none");
  f.restore(f.link('b'), image);
  f.connect_all();
  CHECK(f.rests());
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  f.say("alice@a.example", "tea", "two");
  CHECK(f.hears("bob@b.example") == "two");
  f.advance(Millis(60'000));  // what it has already is offered, and told to be a repeat
  CHECK(f.same("tea"));
}

TEST_CASE("hub: a node that was removed while away, and has its rooms, gets what was for it") {
  Federation f(3);
  furnish(f);
  f.cut(f.link('b'));
  f.say("alice@a.example", "tea", "one");
  f.set("alice@a.example", "tea", "bob@b.example", "none");
  f.connect_all();
  f.advance(Millis(60'000));
  CHECK(f.hears("bob@b.example") == "one");
  f.passed.clear();
  f.advance(Millis(60'000));
  CHECK(f.passed.empty());
}

TEST_CASE("hub: what it sends when a link comes up is sent again if it is lost there") {
  Federation f(3);
  furnish(f);
  f.advance(Millis(30'000));
  f.cut(f.link('b'));
  f.say("alice@a.example", "tea", "one");
  f.set("alice@a.example", "tea", "bob@b.example", "none");
  f.advance(Millis(60'000));
  f.loses = [&](const test::Frame& frame) { return frame.element().name() == "have"; };
  f.connect_all();
  f.loses = nullptr;
  f.passed.clear();
  f.advance(Millis(60'000));
  CHECK(f.frames(f.link('b'), kHub, "have") > 0);
  f.passed.clear();
  f.advance(Millis(60'000));
  CHECK(f.passed.empty());
}

TEST_CASE("shared-rooms: hub and node restored, each from its own time") {
  Federation f(3);
  furnish(f);
  const auto hub = f.backup(kHub);
  f.say("alice@a.example", "tea", "one");
  const auto a = f.backup(f.link('a'));
  f.say("alice@a.example", "tea", "two");
  f.say("bob@b.example", "tea", "three");
  f.hears("bob@b.example");
  f.hears("carol@c.example");
  f.restore(kHub, hub);
  f.restore(f.link('a'), a);
  f.connect(f.link('a'));
  f.run();
  f.say("alice@a.example", "tea", "four");
  f.connect_all();
  f.advance(Millis(30'000));
  CHECK(f.hears("bob@b.example") == "four");
  CHECK(f.hears("carol@c.example") == "four");
  CHECK(f.same("tea"));
  CHECK(f.state(kHub, "tea", "holes") == "0");
}

// Simulator, links, 10006602.
TEST_CASE("hub: restored, it passes the epochs of nodes that began after its backup") {
  Federation f(2);
  f.create("alice@a.example", "tea");
  const auto image = f.backup(kHub);
  for (int i = 0; i < 3; ++i) {
    f.begin_again(kHub);
    f.say("alice@a.example", "tea", "before");
  }
  f.set("alice@a.example", "tea", "bob@b.example", "member");  // b begins in the fourth epoch
  f.say("bob@b.example", "tea", "one");
  f.restore(kHub, image);
  f.connect(f.link('a'));
  f.run();
  f.say("alice@a.example", "tea", "two");  // in the second, which counts less
  f.connect_all();
  CHECK(f.rests());
  CHECK(f.same("tea"));
  const std::string heard = f.hears("bob@b.example");
  CHECK(heard.find("two") != std::string::npos);
  f.say("alice@a.example", "tea", "three");
  CHECK(f.hears("bob@b.example") == "three");
}

// Simulator, links, 40021654.
TEST_CASE("shared-rooms: an epoch that the hub lost, repeated, takes nothing back") {
  Federation f(2);
  const std::string b = f.link('b');
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  const auto image = f.backup(kHub);
  f.begin_again(kHub);
  f.passed.clear();
  f.say("alice@a.example", "tea", "one");
  std::string lost;
  for (const test::Frame& frame : f.passed) {
    const auto* item = frame.element().child("item", xsr::kNs);
    const bool begins = item != nullptr && item->attr("kind") == "epoch";
    if (frame.to == b && begins) lost = test::xml_of(xsr::parse_frame(frame.element()).value());
  }
  REQUIRE_FALSE(lost.empty());
  f.restore(kHub, image);
  f.connect_all();
  f.say("alice@a.example", "tea", "two");
  const std::string version = f.state(b, "tea", "version");
  f.inject(kHub, b, lost);
  CHECK(f.state(b, "tea", "version") == version);
  CHECK(f.party(b).rooms->counts().resyncs == 0);
  SUBCASE("once") {}
  SUBCASE("again and again") {
    for (int i = 0; i < 3; ++i) f.inject(kHub, b, lost);
  }
  CHECK(f.rests());
  CHECK(test::bodies(f, b) == "one two");
  CHECK(f.same("tea"));
}
