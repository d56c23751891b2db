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
  const auto asks = [](const test::Frame& frame) {
    return frame.element().name() == "have" && frame.element().attr("again") == "true";
  };
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
