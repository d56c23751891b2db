// What is said in a shared room: to own people at once, to the other enterprises once.

#include <doctest/doctest.h>

#include "tests/support/federation.h"

using namespace hansa;
using test::Federation;
using test::kHub;

namespace {

// Alice of a owns the room; Ann of a and Bob of b are in it.
void furnish(Federation& f) {
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "ann@a.example", "member");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  f.hears("alice@a.example");
  f.hears("alice@a.example/x");
  f.hears("ann@a.example");
  f.hears("bob@b.example");
  f.passed.clear();
}

}  // namespace

TEST_CASE("shared-rooms: a room is created when the hub has said yes, and all stand alike") {
  Federation f(2);
  f.create("alice@a.example", "tea");
  CHECK(f.hears("alice@a.example/x") == "iq:result");
  CHECK(f.ask(kHub, "tea", "shared:members").starts_with("alice@a.example owner"));
  CHECK(f.stand(f.link('a'), "tea") == f.stand(kHub, "tea"));
  CHECK(f.ask(f.link('b'), "tea", "shared:state") == "no room");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  CHECK(f.hears("alice@a.example/x") == "iq:result");
  CHECK(f.stand(kHub, "tea") == f.stand(f.link('b'), "tea"));
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: a name that another enterprise has is refused") {
  Federation f(2);
  f.create("alice@a.example", "tea");
  f.create("bob@b.example", "tea");
  CHECK(f.hears("bob@b.example/x") == "iq:error");
}

TEST_CASE("shared-rooms: a message crosses each link once, and everybody has it once") {
  Federation f(3);
  furnish(f);
  f.set("alice@a.example", "tea", "carol@c.example", "member");
  f.passed.clear();
  f.say("alice@a.example", "tea", "hello");
  CHECK(f.hears("alice@a.example") == "hello");
  CHECK(f.hears("ann@a.example") == "hello");
  CHECK(f.hears("bob@b.example") == "hello");
  CHECK(f.hears("carol@c.example") == "hello");
  CHECK(f.frames(f.link('a'), kHub, "entry") == 1);
  CHECK(f.frames(kHub, f.link('a'), "ordered") == 1);
  CHECK(f.frames(kHub, f.link('a'), "entry") == 0);
  CHECK(f.frames(kHub, f.link('b'), "entry") == 1);
  CHECK(f.frames(kHub, f.link('c'), "entry") == 1);
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: who is not on the list neither speaks nor hears") {
  Federation f(2);
  furnish(f);
  f.say("eve@a.example", "tea", "let me in");
  CHECK(f.hears("eve@a.example/x") == "message:error");
  f.set("alice@a.example", "tea", "bob@b.example", "none");
  f.say("alice@a.example", "tea", "secret");
  CHECK(f.hears("bob@b.example").empty());
  CHECK(f.frames(kHub, f.link('b'), "entry") == 1);  // that he is out; nothing after it
}

TEST_CASE("shared-rooms: cut off, an enterprise goes on inside, and catches up by itself") {
  Federation f(2);
  furnish(f);
  f.cut(f.link('a'));
  f.run();
  f.say("alice@a.example", "tea", "one");
  f.say("ann@a.example", "tea", "two");
  f.say("bob@b.example", "tea", "three");
  CHECK(f.hears("ann@a.example") == "one two");
  CHECK(f.hears("bob@b.example") == "three");
  f.set("alice@a.example", "tea", "bert@b.example", "member");
  CHECK(f.hears("alice@a.example/x") == "iq:error");
  f.connect(f.link('a'));
  f.run();
  CHECK(f.hears("ann@a.example") == "three");
  CHECK(f.hears("bob@b.example") == "one two");
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: what was on the wire when the link broke is sent again, and counts once") {
  Federation f(2);
  furnish(f);
  f.hold(kHub);
  f.say("alice@a.example", "tea", "one");
  f.say("alice@a.example", "tea", "two");
  f.cut(f.link('a'));  // the hub has them; its answers are lost
  f.hold(kHub, false);
  f.run();
  CHECK(f.hears("bob@b.example") == "one two");
  CHECK(f.state(f.link('a'), "tea", "unordered") == "2");
  f.connect(f.link('a'));
  f.run();
  CHECK(f.hears("bob@b.example").empty());
  CHECK(f.same("tea"));
  CHECK(f.party(kHub).hub->counts().repeats + f.party(f.link('a')).rooms->counts().repeats > 0);
}

TEST_CASE("shared-rooms: a frame lost within a stream is noticed, and comes again") {
  Federation f(2);
  furnish(f);
  int lost = 0;
  f.loses = [&](const test::Frame& frame) {
    return frame.element().name() == "entry" && lost++ == 0;
  };
  f.say("alice@a.example", "tea", "one");
  f.say("alice@a.example", "tea", "two");
  f.say("alice@a.example", "tea", "three");
  f.advance(Millis(40'000));
  CHECK(f.hears("bob@b.example") == "one two three");
  lost = 0;
  f.say("alice@a.example", "tea", "four");
  f.say("alice@a.example", "tea", "five");
  f.advance(Millis(40'000));
  CHECK(f.hears("bob@b.example") == "four five");
  CHECK(f.same("tea"));
}
