// Nodes that are welcomed once more: what they had, what comes after, and what is of before.

#include <doctest/doctest.h>

#include "tests/support/federation_words.h"

using namespace hansa;
using test::Federation;
using test::kHub;
using test::messages;
namespace xsr = xep_shared_rooms;

namespace {

// b was let in and heard three messages; then it is put back to before that, and is welcomed once
// more. Entries of the hub are lost as long as they should be.
struct PutBack : Federation {
  PutBack() : Federation(2) {
    const auto image = backup(b);
    create("alice@a.example", "tea");
    set("alice@a.example", "tea", "bob@b.example", "member");
    welcome = test::last_frame(*this, b, "welcome");
    for (const char* text : {"one", "two", "three"}) say("alice@a.example", "tea", text);
    entry = test::last_frame(*this, b, "entry");
    loses = [this](const test::Frame& frame) {
      return lost && frame.from == kHub && frame.element().name() == "entry";
    };
    restore(b, image);
    connect_all();
  }
  const std::string b = link('b');
  std::string welcome;  // the first one
  std::string entry;    // the newest of before
  bool lost = true;
};

}  // namespace

// Simulator, links, 2001068.
TEST_CASE("shared-rooms: what stood before a second welcome is given to a hub that lost it") {
  Federation f(2);
  f.create("alice@a.example", "tea");
  const auto image = f.backup(kHub);
  f.say("alice@a.example", "tea", "one");
  f.say("alice@a.example", "tea", "two");
  test::fork(f, f.link('a'));
  CHECK(f.party(f.link('a')).rooms->counts().resyncs == 1);
  SUBCASE("from memory") {}
  SUBCASE("from disk") {
    f.crash(f.link('a'));
    f.start(f.link('a'));
    f.connect_all();
  }
  f.restore(kHub, image);
  f.connect_all();
  f.say("alice@a.example", "tea", "three");
  f.advance(Millis(60'000));
  CHECK(messages(f, kHub) == 3);
  CHECK(f.stand(f.link('a'), "tea") == f.stand(kHub, "tea"));
}

// Simulator, links, 2005095.
TEST_CASE("shared-rooms: an item of an earlier connection amid a second welcome stands for none") {
  PutBack f;
  CHECK(f.state(f.b, "tea", "syncing") == "false");
  f.lost = false;
  f.inject(kHub, f.b, f.entry);
  SUBCASE("the link breaks") {
    f.cut(f.link('b'));
    f.connect_all();
  }
  SUBCASE("the link stays") {}
  f.advance(Millis(60'000));
  CHECK(f.state(f.link('b'), "tea", "holes") == "0");
  CHECK(f.same("tea"));
}

TEST_CASE("hub: a node that left twice and has another history is sent all that it lacks, once") {
  Federation f(2);
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  f.say("alice@a.example", "tea", "one");
  const auto image = f.backup(kHub);
  const auto begin_again = [&] {
    f.crash(kHub);
    f.start(kHub);
    f.connect(f.link('a'));
    f.run();
  };
  begin_again();
  f.connect_all();
  f.say("alice@a.example", "tea", "lost");
  bool has_room = true;
  SUBCASE("it has the room") { test::fork(f, f.link('b')); }
  SUBCASE("it has it not") { has_room = false; }
  f.cut(f.link('b'));
  f.window = 2;  // so that what it lacks does not come at once
  f.restore(kHub, image);
  f.connect(f.link('a'));
  f.run();
  f.say("alice@a.example", "tea", "two");
  begin_again();
  for (const char* text : {"three", "four"}) f.say("alice@a.example", "tea", text);
  f.set("alice@a.example", "tea", "bob@b.example", "none");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  f.say("alice@a.example", "tea", "five");
  f.set("alice@a.example", "tea", "bob@b.example", "none");
  if (!has_room) f.restore(f.link('b'), {});
  f.connect_all();
  CHECK(f.rests());
  CHECK(messages(f, f.link('b')) == 6);
}

// Simulator, links, 5001581.
TEST_CASE("hub: a node put back to before two times in which it took part gets both") {
  Federation f(2);
  const std::string bob = "bob@b.example";
  f.window = 2;
  f.begin_again(kHub);
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", bob, "member");
  f.say("alice@a.example", "tea", "one");
  f.set("alice@a.example", "tea", bob, "none");
  const auto image = f.backup(f.link('b'));
  for (const char* text : {"two", "three"}) {
    f.say("alice@a.example", "tea", "not for b");
    f.set("alice@a.example", "tea", bob, "member");
    for (int i = 0; i < 3; ++i) f.say("alice@a.example", "tea", text);
    f.set("alice@a.example", "tea", bob, "none");
  }
  f.restore(f.link('b'), image);
  f.connect_all();
  CHECK(f.rests());
  CHECK(messages(f, f.link('b')) == 7);
}

// Simulator, links, 7008830.
TEST_CASE(
    "shared-rooms: the welcome of a time before, repeated amid a second one, begins nothing") {
  PutBack f;
  f.inject(kHub, f.b, f.welcome);
  f.lost = false;
  f.inject(kHub, f.b, f.welcome);
  CHECK(f.party(f.link('b')).rooms->counts().resyncs == 0);
  CHECK(f.rests());
  CHECK(messages(f, f.link('b')) == 3);
  CHECK(f.same("tea"));
}

// Simulator, links, 9001309: a hub that was restored twice counts its epochs alike each time.
TEST_CASE("shared-rooms: a welcome of another history is taken, though its epoch counts alike") {
  Federation f(2);
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  const std::string text = test::last_frame(f, f.link('b'), "welcome");
  const auto document = xmpp::parse_element(text, xsr::kNs).value();
  auto welcome = std::get<xsr::Welcome>(xsr::parse_frame(document->root()).value());
  SUBCASE("another") {
    --welcome.point.version.epoch;
    f.hold(f.link('b'));  // it asks for the end of this one first, in vain
    f.inject(kHub, f.link('b'), test::xml_of(welcome));
    f.clock.now_ms += 6'000;
    f.inject(kHub, f.link('b'), test::xml_of(welcome));
    CHECK(f.party(f.link('b')).rooms->counts().resyncs == 1);
  }
  SUBCASE("the same") {
    f.inject(kHub, f.link('b'), test::xml_of(welcome));
    CHECK(f.party(f.link('b')).rooms->counts().resyncs == 0);
  }
}

// Simulator, links, 7010954 and 6003960.
TEST_CASE("shared-rooms: what follows a second welcome waits for what lies before it") {
  PutBack f;
  f.lost = false;
  SUBCASE("a message") { f.say("alice@a.example", "tea", "four"); }
  SUBCASE("an epoch, of a hub that believes it has confirmed all") {
    f.crash(kHub);
    f.start(kHub);
    f.connect(f.link('a'));
    f.run();
    f.say("alice@a.example", "tea", "four");
    const std::string epoch = test::last_frame(f, f.link('a'), "entry");
    f.inject(kHub, f.link('b'), epoch);
    f.connect_all();
  }
  CHECK(messages(f, f.link('b')) <= 4);
  CHECK(f.rests());
  CHECK(messages(f, f.link('b')) == 4);
  CHECK(f.state(f.link('b'), "tea", "holes") == "0");
  CHECK(f.same("tea"));
}

// Simulator, links, 11013963.
TEST_CASE(
    "shared-rooms: a node put back to within a time gets the rest of it before the next one") {
  Federation f(2);
  const std::string bob = "bob@b.example";
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", bob, "member");
  f.say("alice@a.example", "tea", "one");
  const auto image = f.backup(f.link('b'));
  f.say("alice@a.example", "tea", "two");
  f.set("alice@a.example", "tea", bob, "none");
  f.set("alice@a.example", "tea", bob, "member");
  f.say("alice@a.example", "tea", "three");
  f.advance(Millis(5'000));
  f.cut(f.link('b'));
  f.say("alice@a.example", "tea", "four");
  const std::string welcome = test::last_frame(f, f.link('b'), "welcome");
  f.restore(f.link('b'), image);
  for (int i = 0; i < 2; ++i) {  // what the hub believes to be next comes before its hello
    f.inject(kHub, f.link('b'), welcome);
  }
  f.connect_all();
  CHECK(f.rests());
  CHECK(test::bodies(f, f.link('b')) == "one two three four");
  CHECK(f.same("tea"));
}

// Simulator, links, 15020202.
TEST_CASE("shared-rooms: a node that asked to begin anew does not begin with a later time") {
  Federation f(2);
  const std::string b = f.link('b');
  const std::string bob = "bob@b.example";
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", bob, "member");
  f.say("alice@a.example", "tea", "one");
  bool lost = true;
  f.loses = [&](const test::Frame& frame) { return lost && test::is_not_forged(frame, b); };
  f.say("alice@a.example", "tea", "two");
  f.set("alice@a.example", "tea", bob, "none");
  f.set("alice@a.example", "tea", bob, "member");
  f.say("alice@a.example", "tea", "three");
  const std::string welcome = test::last_frame(f, b, "welcome");
  test::fork(f, b);
  lost = false;
  f.inject(kHub, b, welcome);
  CHECK(f.rests());
  CHECK(test::bodies(f, b) == "one two three");
  CHECK(f.same("tea"));
}

// Simulator, links, 17002886. The hub is put back while b, which it let in, waits for the list.
TEST_CASE("shared-rooms: a list is of the history in which it was asked for") {
  Federation f(2);
  const std::string b = f.link('b');
  f.create("alice@a.example", "tea");
  f.loses = [&](const test::Frame& frame) {
    return frame.to == b && frame.element().name() == "list";
  };
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  const auto image = f.backup(kHub);
  f.begin_again(kHub);
  f.set("alice@a.example", "tea", "ann@a.example", "member");
  REQUIRE(f.state(b, "tea", "syncing") == "true");
  const std::string fetch = test::last_frame(f, kHub, "fetch");
  const auto lists = [&] { return f.frames(kHub, b, "list"); };
  SUBCASE("the hub has not lost it: it answers") {
    f.loses = nullptr;
    f.passed.clear();
    f.inject(b, kHub, fetch);
    CHECK(lists() == 1);
    CHECK(f.state(b, "tea", "syncing") == "false");
  }
  SUBCASE("the hub was never there: it does not") {
    f.loses = [&](const test::Frame& frame) { return frame.element().name() == "hello"; };
    f.restore(kHub, image);
    f.connect_all();
    f.passed.clear();
    f.inject(b, kHub, fetch);
    CHECK(lists() == 0);
  }
  SUBCASE("a page of an epoch that has not come is not taken") {
    const auto asked = xmpp::parse_element(fetch, xsr::kNs).value();
    const auto it = std::get<xsr::Fetch>(xsr::parse_frame(asked->root()).value());
    xsr::List list{it.room, it.log, it.after, *it.stands, true, {}, {}, it.id};
    f.loses = nullptr;
    ++list.version.epoch;
    f.inject(kHub, b, test::xml_of(list));
    CHECK(f.state(b, "tea", "syncing") == "true");
    --list.version.epoch;
    f.inject(kHub, b, test::xml_of(list));
    CHECK(f.state(b, "tea", "syncing") == "false");
  }
}

TEST_CASE("shared-rooms: a page of the next epoch, come before it, is asked for again") {
  Federation f(2);
  const std::string b = f.link('b');
  f.window = 1;
  f.create("alice@a.example", "tea");
  bool lost = true;
  f.loses = [&](const test::Frame& frame) {
    return lost && frame.to == b && frame.element().name() == "list";
  };
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  lost = false;
  f.crash(kHub);
  f.start(kHub);
  f.connect(f.link('a'));
  f.run();
  f.set("alice@a.example", "tea", "ann@a.example", "member");
  f.connect_all();
  CHECK(f.rests());
  CHECK(f.party(b).rooms->counts().resyncs == 0);
  CHECK(f.same("tea"));
}

// Simulator, links, 16001483. Until then it may be told by what is on its way to it.
TEST_CASE("hub: what a node says again, and we have, is answered when it has confirmed the rest") {
  Federation f(2);
  const std::string b = f.link('b');
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  f.say("bob@b.example", "tea", "one");
  const std::string entry = test::last_frame(f, kHub, "entry");
  bool lost = true;
  f.loses = [&](const test::Frame& frame) {
    return lost && frame.from == b && frame.element().name() == "have";
  };
  f.say("alice@a.example", "tea", "two");
  f.passed.clear();
  f.inject(b, kHub, entry);
  CHECK(f.frames(kHub, b, "ordered") == 0);
  lost = false;
  f.say("alice@a.example", "tea", "three");
  CHECK(f.frames(kHub, b, "ordered") == 1);
  f.say("alice@a.example", "tea", "four");
  CHECK(f.frames(kHub, b, "ordered") == 1);
}

// Simulator, links, 50015257.
TEST_CASE("shared-rooms: a welcome of an earlier connection does not make a node begin anew") {
  Federation f(2);
  const std::string b = f.link('b');
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  f.say("alice@a.example", "tea", "one");
  test::fork(f, b);
  const std::string welcome = test::last_frame(f, b, "welcome");
  REQUIRE(welcome.find("anew='true'") != std::string::npos);
  f.begin_again(kHub);
  f.say("alice@a.example", "tea", "two");
  test::fork(f, b);
  const auto resyncs = f.party(b).rooms->counts().resyncs;
  const std::string version = f.state(b, "tea", "version");
  for (int i = 0; i < 3; ++i) f.inject(kHub, b, welcome);
  CHECK(f.party(b).rooms->counts().resyncs == resyncs);
  CHECK(f.state(b, "tea", "version") == version);
  CHECK(f.rests());
  CHECK(f.same("tea"));
}

// Simulator, links, 70026703: b has a new format, which the hub says while b is sent the rest.
TEST_CASE("shared-rooms: what the hub says of an enterprise amid a second welcome skips nothing") {
  PutBack f;
  const std::string version = f.state(kHub, "tea", "version");
  xsr::Item item;
  item.kind = xsr::kKindEnterprise;
  item.origin = {kHub, 5, 1};
  item.id = "refreshed";
  item.salt = std::string(32, '5');
  item.order = {std::stoull(version.substr(0, version.find('.'))),
                std::stoull(version.substr(version.find('.') + 1))};
  item.payload = xsr::to_payload(xsr::Enterprise{f.b, {"b.example"}, Federation::key(f.b), 2});
  f.lost = false;
  f.inject(kHub, f.b,
           test::xml_of(xsr::Entry{xmpp::Jid::parse("tea@shared.example").value(),
                                   f.state(kHub, "tea", "log"), item}));
  CHECK(f.rests());
  CHECK(test::bodies(f, f.b) == "one two three");
}
