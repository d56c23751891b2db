// A hub put back to so long ago that nodes remember less than it lost: it is read from their logs.

#include <algorithm>

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

// Simulator, deep, 13088: where an epoch ended is known for longer than what came after it.
TEST_CASE("shared-rooms: a list that cannot be taken back so far is fetched anew") {
  Federation f(2);
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  const auto image = f.backup(kHub);
  f.begin_again(kHub);
  f.set("alice@a.example", "tea", "ann@a.example", "member");
  for (std::size_t i = 0; i < LongAgo::kSaid; ++i) f.say("alice@a.example", "tea", "more");
  f.loses = [&](const test::Frame& frame) {
    return frame.to == kHub && frame.element().name() == "entry";
  };
  f.restore(kHub, image);
  f.connect(f.link('b'));
  f.run();
  const auto has_ann = [&](const std::string& party) {
    return f.ask(party, "tea", "shared:members").find("ann@") != std::string::npos;
  };
  CHECK(has_ann(f.link('b')) == has_ann(kHub));
  f.loses = nullptr;
  f.connect_all();
  CHECK(f.rests());
  CHECK(has_ann(kHub));
  CHECK(messages(f, kHub) == LongAgo::kSaid);
  CHECK(f.same("tea"));
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
      f.begin_again(kHub);
      f.say("alice@a.example", "tea", "again");
    }
    said += 3;
  }
  SUBCASE("one in which another says again that he is its owner") {
    f.set("alice@a.example", "tea", "bob@b.example", "owner");
    f.set("bob@b.example", "tea", "bob@b.example", "owner");
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

// Simulator, deep, 40811: where a welcome finds what was offered once, nobody remembers.
TEST_CASE("hub: a room that is lost twice comes back, though all began anew in between") {
  Federation f(3);
  const auto image = f.backup(kHub);
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "bob@b.example", "owner");
  for (std::size_t i = 0; i < LongAgo::kSaid; ++i) f.say("alice@a.example", "tea", "more");
  const auto comes_and_goes = [&f](const std::string& who, const std::string& by) {
    for (const char* affiliation : {"none", "owner"}) f.set(by, "tea", who, affiliation);
  };
  for (int i = 0; i < 9; ++i) comes_and_goes("carol@c.example", "alice@a.example");
  f.set("alice@a.example", "tea", "carol@c.example", "none");
  f.restore(kHub, image);
  f.connect_all();
  REQUIRE(f.rests());
  REQUIRE(messages(f, kHub) == LongAgo::kSaid);
  comes_and_goes("alice@a.example", "bob@b.example");
  comes_and_goes("bob@b.example", "alice@a.example");
  f.say("bob@b.example", "tea", "last");
  f.restore(kHub, image);
  f.connect_all();
  CHECK(f.rests());
  CHECK(messages(f, kHub) == LongAgo::kSaid + 1);
  CHECK(f.state(kHub, "tea", "holes") == "0");
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

// Simulator, deep, 389: until its node's hello the hub does not know a key to judge them by.
TEST_CASE("hub: acts of an enterprise that is away wait for its key, in a room that was lost") {
  Federation f(2);
  f.trust_first_keys();
  const auto image = f.backup(kHub);
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "bob@b.example", "owner");
  f.set("bob@b.example", "tea", "bert@b.example", "member");
  f.say("alice@a.example", "tea", "one");
  const std::string members = f.ask(f.link('a'), "tea", "shared:members");
  f.restore(kHub, image);
  f.connect(f.link('a'));
  f.run();
  f.advance(Millis(60'000));
  CHECK(f.party(kHub).hub->counts().refused == 0);
  f.connect_all();
  CHECK(f.rests());
  CHECK(f.party(kHub).hub->counts().refused == 0);
  CHECK(f.ask(kHub, "tea", "shared:members").find("bert@b.example member") != std::string::npos);
  CHECK(messages(f, kHub) == 1);
  CHECK(f.same("tea"));
}

// Simulator, deep, 41542: the room is told nobody's key who takes no part in it.
TEST_CASE("hub: acts of an enterprise that was put out before its key was known wait for nothing") {
  Federation f(3);
  f.trust_first_keys();
  const auto image = f.backup(kHub);
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "carol@c.example", "owner");
  f.set("alice@a.example", "tea", "bob@b.example", "owner");
  f.cut(f.link('c'));
  f.set("bob@b.example", "tea", "bert@b.example", "member");
  f.say("alice@a.example", "tea", "one");
  f.restore(kHub, image);
  f.connect(f.link('a'));
  f.connect(f.link('c'));
  f.run();
  f.set("carol@c.example", "tea", "bob@b.example", "none");
  f.advance(Millis(60'000));
  f.connect_all();
  CHECK(f.rests());
  CHECK(f.ask(kHub, "tea", "shared:members").find("b.example") == std::string::npos);
  CHECK(messages(f, kHub) == 1);
  CHECK(messages(f, f.link('c')) == 1);
  CHECK(f.state(kHub, "tea", "holes") == "0");
  for (const char node : {'a', 'c'}) {
    CHECK(f.state(f.link(node), "tea", "digest") == f.state(kHub, "tea", "digest"));
  }
}

// The same history: who let it in is as lost as that it did.
TEST_CASE("shared-rooms: a node that nobody knows any more ends what it offers") {
  Federation f(2);
  const std::string b = f.link('b');
  const auto image = f.backup(kHub);
  f.create("alice@a.example", "tea");
  const auto early = f.backup(f.link('a'));
  f.set("alice@a.example", "tea", "ann@a.example", "owner");
  f.set("ann@a.example", "tea", "bob@b.example", "member");
  for (std::size_t i = 0; i < LongAgo::kSaid; ++i) f.say("bob@b.example", "tea", "more");
  f.restore(kHub, image);
  f.restore(f.link('a'), early);
  f.connect(f.link('a'));
  f.run();
  f.connect_all();
  CHECK(f.rests());
  CHECK(messages(f, kHub) == 0);
  CHECK(messages(f, b) == LongAgo::kSaid);
  f.advance(Millis(60'000));
  CHECK(f.rests());
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  f.say("alice@a.example", "tea", "welcome back");
  f.say("bob@b.example", "tea", "here we are");
  CHECK(f.rests());
  CHECK(test::bodies(f, kHub) == "welcome back here we are");
  CHECK(f.same("tea"));
}

TEST_CASE(
    "hub: a room begins with who has seen no list of it, and is told to be lost to who asks") {
  Federation f(2);
  const std::string a = f.link('a');
  const xmpp::Jid room = xmpp::Jid::parse("new@shared.example").value();
  const std::string log(26, 'l');
  xep_shared_rooms::Operation operation{"alice@a.example", "owner", "person",
                                        "alice@a.example", {},      {}};
  xep_shared_rooms::Item item;
  item.kind = xep_shared_rooms::kKindOperation;
  item.origin = {a, 9, 1};
  item.id = "first";
  item.salt = std::string(32, '5');
  bool made = true;
  SUBCASE("the first") {}
  SUBCASE("a later one, of an owner about himself") {
    operation.previous = {1ULL << 32, 7};
    made = false;
  }
  shared_log::sign(operation, log, item.origin, Federation::seed_of(a));
  item.payload = xep_shared_rooms::to_payload(operation);
  f.passed.clear();
  f.inject(a, kHub, test::xml_of(xep_shared_rooms::Fetch{room, log, {}, 1, {}}));
  f.inject(a, kHub, test::xml_of(xep_shared_rooms::Have{room, log, {}, true, 1, {}}));
  CHECK(f.frames(kHub, a, "problem") == 2);
  f.inject(a, kHub, test::xml_of(xep_shared_rooms::Create{room, log, {}, {}, item, 0}));
  CHECK(f.state(kHub, "new", "version").empty() != made);
}

// Simulator, links, 71008339.
TEST_CASE("hub: a number that shows to be missing when all have offered is told as well") {
  Federation f(2);
  const std::string b = f.link('b');
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  f.say("bob@b.example", "tea", "one");
  xep_shared_rooms::Item item = test::said(f, kHub).back();
  item.origin.number += 2;
  item.id = "later";
  item.order = {};
  f.inject(b, kHub,
           test::xml_of(xep_shared_rooms::Entry{xmpp::Jid::parse("tea@shared.example").value(),
                                                f.state(kHub, "tea", "log"), item}));
  REQUIRE(f.state(kHub, "tea", "holes") == "1");
  f.advance(Millis(60'000));
  CHECK(f.state(kHub, "tea", "holes") == "0");
  const auto items = test::items(f, f.link('a'));
  CHECK(std::ranges::count(items, "gap", &xep_shared_rooms::Item::kind) == 1);
}
