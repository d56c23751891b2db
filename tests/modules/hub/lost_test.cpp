// What a hub said before it lost something, repeated by a connection; and what it says in a room
// that was made again.

#include <algorithm>

#include <doctest/doctest.h>

#include "base/limits.h"
#include "tests/support/federation_words.h"

using namespace hansa;
using test::Federation;
using test::kHub;
using test::messages;
namespace xsr = xep_shared_rooms;

namespace {

// Where the hub stands.
bool asks(const test::Frame& frame) {
  return frame.element().name() == "have" && frame.element().attr("again") == "true";
}

}  // namespace

// Simulator, deep, 389.
TEST_CASE("shared-rooms: an order of a history that the hub lost leaves an item without order") {
  Federation f(2);
  const std::string b = f.link('b');
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  f.loses = [&](const test::Frame& frame) {
    return frame.from == b && frame.element().name() == "entry";
  };
  f.say("bob@b.example", "tea", "mine");
  const xsr::Item mine = test::said(f, b).back();
  const std::string version = f.state(kHub, "tea", "version");
  xsr::Ordered ordered{xmpp::Jid::parse("tea@shared.example").value(),
                       f.state(kHub, "tea", "log"),
                       mine.origin,
                       {std::stoull(version.substr(0, version.find('.'))), 0},
                       {}};
  bool lost = true;
  SUBCASE("of a lost epoch") { ordered.order = {7, 3}; }
  SUBCASE("of this one, at a place that another has") { ordered.order.sequence = 2; }
  SUBCASE("that the hub had it, said in a lost epoch") { ordered.order.epoch -= 1ULL << 32; }
  SUBCASE("that the hub has it, said in this one, counts") { lost = false; }
  f.inject(kHub, b, test::xml_of(ordered));
  f.loses = nullptr;
  CHECK(f.rests());
  CHECK(messages(f, kHub) == (lost ? 1 : 0));
}

// All of them at once: that is when the hub has them to tell.
TEST_CASE("hub: a node that missed several times in a room that was made again gets all of them") {
  Federation f(2);
  const std::string b = f.link('b');
  const std::string bob = "bob@b.example";
  bool has_room = true;
  const auto image = f.backup(kHub);
  storage::Image early;  // of b, which has the room, or not
  SUBCASE("it has the room as it was when it took no part") {}
  SUBCASE("it has it no more") { has_room = false; }
  f.create("alice@a.example", "tea");
  for (const std::string text : {"one", "two", "three"}) {
    f.set("alice@a.example", "tea", bob, "member");
    f.say("alice@a.example", "tea", text);
    f.set("alice@a.example", "tea", bob, "none");
    f.say("alice@a.example", "tea", "not for b");
    if (has_room && text == "one") early = f.backup(b);
  }
  f.set("alice@a.example", "tea", bob, "member");
  f.cut(b);
  for (const char* text : {"four", "five"}) f.say("alice@a.example", "tea", text);
  f.window = 2;
  f.restore(kHub, image);
  f.connect(f.link('a'));
  f.run();
  f.advance(Millis(60'000));
  f.restore(b, early);
  f.connect_all();
  CHECK(f.rests());
  CHECK(test::bodies(f, b) == "one two three four five");
  CHECK(f.same("tea"));
}

// Simulator, deep, 61934: what it does there comes with its order alone the second time.
TEST_CASE(
    "shared-rooms: an enterprise that came after a welcome takes part when that comes again") {
  Federation f(3);
  const std::string b = f.link('b');
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  test::fork(f, b);
  const std::string welcome = test::last_frame(f, b, "welcome");
  const std::string entry = test::last_frame(f, b, "entry");
  f.set("alice@a.example", "tea", "carol@c.example", "owner");
  bool lost = true;
  f.loses = [&](const test::Frame& frame) { return lost && test::is_not_forged(frame, b); };
  test::fork(f, b);
  lost = false;
  for (const std::string& repeated : {welcome, entry}) f.inject(kHub, b, repeated);
  f.set("carol@c.example", "tea", "cleo@c.example", "member");
  CHECK(f.rests());
  CHECK(f.party(b).rooms->counts().bad_signatures == 0);
  CHECK(f.same("tea"));
}

// Simulator, links, 110044609.
TEST_CASE("hub: a node that was let in by what the hub lost is brought in again in a newer time") {
  Federation f(2);
  const std::string b = f.link('b');
  f.create("alice@a.example", "tea");
  const auto image = f.backup(kHub);
  for (int i = 0; i < 3; ++i) {
    f.begin_again(kHub);
    f.say("alice@a.example", "tea", "again");
  }
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  f.restore(kHub, image);
  f.connect(b);
  f.run();
  f.connect(f.link('a'));
  f.run();
  f.say("bob@b.example", "tea", "mine");
  CHECK(f.same("tea"));  // at once
  CHECK(f.rests());
  CHECK(messages(f, kHub) == 4);
  CHECK(f.same("tea"));
}

// The same history: an old welcome is no answer to where it stands.
TEST_CASE("shared-rooms: a node that has asked asks again when an old welcome is all that comes") {
  Federation f(2);
  const std::string b = f.link('b');
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  const std::string welcome = test::last_frame(f, b, "welcome");
  f.loses = [&](const test::Frame& frame) {
    return frame.to == b || (frame.from == b && frame.element().name() == "have");
  };
  f.say("alice@a.example", "tea", "one");
  f.loses = [&](const test::Frame& frame) {
    return frame.from == b && frame.element().name() == "have";
  };
  f.say("alice@a.example", "tea", "two");
  REQUIRE(test::bodies(f, b).empty());
  f.inject(kHub, b, welcome);
  f.passed.clear();
  f.advance(Millis(2 * limits::kLinkSilence_ms));
  CHECK(std::ranges::any_of(f.passed, asks));
}

// Simulator, deep, 74253: what is left for it begins with the welcome of its time, once more.
TEST_CASE("shared-rooms: who is out of the room and begins anew goes through the epochs again") {
  Federation f(2);
  const std::string b = f.link('b');
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  f.begin_again(kHub);
  f.say("alice@a.example", "tea", "one");
  const auto image = f.backup(kHub);
  constexpr std::size_t kSaid = limits::kSharedHistory + 20;
  for (std::size_t i = 0; i < kSaid; ++i) f.say("alice@a.example", "tea", "more");
  f.restore(kHub, image);
  f.connect(f.link('a'));
  f.run();
  f.set("alice@a.example", "tea", "bob@b.example", "none");
  f.connect(b);
  CHECK(f.rests());
  CHECK(messages(f, kHub) == kSaid + 1);
  CHECK(messages(f, b) == kSaid + 1);
}

// Simulator, deep, 77652. Who made the room has not seen the epochs in which b was let in.
TEST_CASE("shared-rooms: a node that was let in by what the hub lost is let in in a newer time") {
  Federation f(3);
  const std::string a = f.link('a');
  const std::string b = f.link('b');
  const std::string c = f.link('c');
  const auto image = f.backup(kHub);
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "carol@c.example", "owner");
  f.cut(a);
  for (int i = 0; i < 3; ++i) {
    f.crash(kHub);
    f.start(kHub);
    f.connect(c);
    f.run();
    f.say("carol@c.example", "tea", "again");
  }
  f.connect(b);
  f.run();
  f.set("carol@c.example", "tea", "bob@b.example", "member");
  f.restore(kHub, image);
  for (const std::string& node : {b, a}) {
    f.connect(node);
    f.run();
  }
  f.advance(Millis(61'000));  // a room's epochs are not passed more often
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  f.say("bob@b.example", "tea", "mine");
  CHECK(f.state(b, "tea", "version") == f.state(kHub, "tea", "version"));  // at once
  CHECK(f.rests());
  CHECK(messages(f, kHub) == 1);
  f.connect(c);
  CHECK(f.rests());
  CHECK(messages(f, kHub) == 4);
  CHECK(f.same("tea"));
}

// The same history: by each of these alone.
TEST_CASE("shared-rooms: what is said of a time before a node's history makes it ask") {
  Federation f(3);
  const std::string b = f.link('b');
  const std::string c = f.link('c');
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "carol@c.example", "owner");
  const std::string welcome = test::last_frame(f, c, "welcome");
  f.begin_again(kHub);
  f.say("alice@a.example", "tea", "one");
  const std::string message = test::last_frame(f, c, "entry");
  const std::string version = f.state(kHub, "tea", "version");
  const std::uint64_t before = std::stoull(version.substr(0, version.find('.')));
  f.passed.clear();
  f.begin_again(kHub);
  f.set("alice@a.example", "tea", "carol@c.example", "admin");
  const auto begins = std::ranges::find_if(f.passed, [&](const test::Frame& frame) {
    const auto* item = frame.element().child("item", xsr::kNs);
    return frame.to == c && item != nullptr && item->attr("kind") == xsr::kKindEpoch;
  });
  REQUIRE(begins != f.passed.end());
  const std::string epoch = test::xml_of(xsr::parse_frame(begins->element()).value());
  f.begin_again(kHub);
  f.say("alice@a.example", "tea", "two");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  bool lost = true;
  f.loses = [&](const test::Frame& frame) {
    return lost && frame.from == b && frame.element().name() == "entry";
  };
  f.say("bob@b.example", "tea", "mine");
  lost = false;
  xsr::Ordered ordered{xmpp::Jid::parse("tea@shared.example").value(),
                       f.state(kHub, "tea", "log"),
                       test::said(f, b).back().origin,
                       {before, 0},
                       {}};
  std::string said;
  SUBCASE("a welcome") { said = welcome; }
  SUBCASE("a message") { said = message; }
  SUBCASE("an epoch") { said = epoch; }
  SUBCASE("that the hub has what it said") { said = test::xml_of(ordered); }
  SUBCASE("an order of what it said") {
    ordered.order.sequence = 2;
    said = test::xml_of(ordered);
  }
  f.passed.clear();
  f.inject(kHub, b, said);
  CHECK(std::ranges::any_of(f.passed, asks));
  CHECK(f.rests());
  CHECK(messages(f, kHub) == 3);
}

// Simulator, links, 140071008. Who was put out by what came first has what a gap says is lost.
TEST_CASE("hub: what a gap said is lost is taken from who has it and takes part again") {
  Federation f(2);
  const std::string a = f.link('a');
  const std::string b = f.link('b');
  f.create("alice@a.example", "tea");
  const auto image = f.backup(kHub);
  for (const char* text : {"one", "two"}) f.say("alice@a.example", "tea", text);
  f.set("alice@a.example", "tea", "bob@b.example", "owner");
  f.set("bob@b.example", "tea", "alice@a.example", "none");
  f.restore(kHub, image);
  f.connect(b);
  f.advance(Millis(60'000));
  REQUIRE(std::ranges::count(test::items(f, b), "gap", &xsr::Item::kind) == 1);
  f.set("bob@b.example", "tea", "alice@a.example", "member");
  f.connect(a);
  CHECK(f.rests());
  CHECK(test::bodies(f, kHub) == "one two");
  CHECK(test::bodies(f, b) == "one two");
  CHECK(f.state(kHub, "tea", "holes") == "0");
  CHECK(f.same("tea"));
  f.say("alice@a.example", "tea", "three");
  f.begin_again(kHub);
  f.begin_again(b);
  CHECK(f.rests());
  CHECK(test::bodies(f, b) == "one two three");
}
