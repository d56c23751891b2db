// A hub put back to so long ago that nodes remember less than it lost: it is read from their logs.

#include <doctest/doctest.h>

#include "base/limits.h"
#include "tests/support/federation_words.h"

using namespace hansa;
using test::Federation;
using test::kHub;
using test::messages;

namespace {

// Of more than any party remembers, some are said at a, some at b.
struct LongAgo : Federation {
  LongAgo() : Federation(2) {
    create("alice@a.example", "tea");
    set("alice@a.example", "tea", "bob@b.example", "member");
    say("alice@a.example", "tea", "before");
    image = backup(kHub);
    for (std::size_t i = 0; i < kSaid; ++i) {
      say(i % 3 == 0 ? "bob@b.example" : "alice@a.example", "tea", "m" + std::to_string(i));
      if (i == 10) set("alice@a.example", "tea", "ann@a.example", "member");
      if (i == 20) set("alice@a.example", "tea", "bert@b.example", "member");
      if (i == 30) set("alice@a.example", "tea", "bert@b.example", "none");
    }
  }
  static constexpr std::size_t kSaid = limits::kSharedHistory + 60;
  const std::string a = link('a');
  const std::string b = link('b');
  storage::Image image;
};

void all_is_well(LongAgo& f) {
  CHECK(f.rests());
  CHECK(messages(f, kHub) == LongAgo::kSaid + 1);
  CHECK(messages(f, f.a) == LongAgo::kSaid + 1);
  CHECK(messages(f, f.b) == LongAgo::kSaid + 1);
  CHECK(f.state(kHub, "tea", "holes") == "0");
  CHECK(f.same("tea"));
  const std::string members = f.ask(kHub, "tea", "shared:members");
  CHECK(members.find("ann@a.example member") != std::string::npos);
  CHECK(members.find("bert@b.example") == std::string::npos);
}

}  // namespace

TEST_CASE("hub: put back to before what nodes remember it is given all of it, from their logs") {
  LongAgo f;
  SUBCASE("by both") {
    f.restore(kHub, f.image);
    f.connect_all();
  }
  SUBCASE("by the one that is there, the other one comes later") {
    f.restore(kHub, f.image);
    f.connect(f.b);
    f.advance(Millis(60'000));
    CHECK(messages(f, kHub) == LongAgo::kSaid + 1);
    f.connect_all();
  }
  SUBCASE("by a node that was started anew since") {
    f.crash(f.a);
    f.start(f.a);
    f.restore(kHub, f.image);
    f.connect(f.a);
  }
  f.connect_all();
  all_is_well(f);
  f.say("alice@a.example", "tea", "after");
  CHECK(messages(f, f.b) == LongAgo::kSaid + 2);
}

TEST_CASE("hub: what is offered from a log goes on after a crash, a cut, or another restore") {
  LongAgo f;
  std::size_t up = 0;
  bool lost = false;
  f.loses = [&](const test::Frame& frame) {
    if (frame.from == f.b && frame.element().name() == "entry") ++up;
    return lost || (frame.from == f.b && frame.element().name() == "entry" && up > 100);
  };
  f.restore(kHub, f.image);
  f.connect(f.b);
  f.run();
  CHECK(messages(f, kHub) < LongAgo::kSaid);
  SUBCASE("of the node") {
    f.crash(f.b);
    f.start(f.b);
  }
  SUBCASE("of the link") { f.cut(f.b); }
  SUBCASE("of the hub") { f.restore(kHub, f.image); }
  f.loses = nullptr;
  f.connect_all();
  all_is_well(f);
}

TEST_CASE(
    "shared-rooms: what is new waits for what a hub lost, so that an enterprise's order stays") {
  LongAgo f;
  f.restore(kHub, f.image);
  f.loses = [&](const test::Frame& frame) { return frame.element().name() == "have"; };
  f.connect(f.a);
  f.run();
  f.say("alice@a.example", "tea", "new");
  f.loses = nullptr;
  f.connect_all();
  CHECK(f.rests());
  const std::string said = test::bodies(f, kHub);
  CHECK(said.ends_with("new"));
  CHECK(f.same("tea"));
}

TEST_CASE("hub: put back to before a room was made, it has the room again from who made it") {
  Federation f(2);
  const std::string a = f.link('a');
  const std::string b = f.link('b');
  const auto image = f.backup(kHub);
  f.create("alice@a.example", "tea");
  std::size_t said = 3;
  SUBCASE("a young one") {}
  SUBCASE("one that has seen the hub start often") {
    for (int i = 0; i < 3; ++i) {
      f.crash(kHub);
      f.start(kHub);
      f.connect_all();
      f.say("alice@a.example", "tea", "again");
    }
    said += 3;
  }
  SUBCASE("one with more than is remembered") {
    for (std::size_t i = 0; i < LongAgo::kSaid; ++i) f.say("alice@a.example", "tea", "more");
    said += LongAgo::kSaid;
  }
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  for (const char* text : {"one", "two", "three"}) f.say("bob@b.example", "tea", text);
  REQUIRE(messages(f, a) == said);
  f.restore(kHub, image);
  f.connect(b);
  f.run();
  CHECK(f.state(kHub, "tea", "version").empty());  // it is not b's to make
  f.connect_all();
  CHECK(f.rests());
  CHECK(messages(f, kHub) == said);
  CHECK(f.state(kHub, "tea", "holes") == "0");
  CHECK(f.same("tea"));
  f.say("bob@b.example", "tea", "four");
  CHECK(messages(f, a) == said + 1);
}

TEST_CASE("hub: a name that another has by now is not given up for a room that was lost") {
  Federation f(2);
  const auto image = f.backup(kHub);
  f.create("alice@a.example", "tea");
  f.say("alice@a.example", "tea", "one");
  f.restore(kHub, image);
  f.connect(f.link('b'));
  f.run();
  f.create("bob@b.example", "tea");
  const std::string log = f.state(kHub, "tea", "log");
  f.connect_all();
  CHECK(f.rests());
  CHECK(f.state(kHub, "tea", "log") == log);
  CHECK(messages(f, f.link('a')) == 1);
}
