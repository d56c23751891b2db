// When followers begin, pause and go on, among what is decided before and after it.

#include <doctest/doctest.h>

#include "tests/engine/toy.h"

namespace hansa::toy {
namespace {

// a is in, his group pauses, and he has said something.
struct Paused : ToyNode {
  Paused() : ToyNode(Disk::simulated) {
    say(kJoinA);
    run();
    say(message("pause"));
    say(message("said meanwhile"));
    run();
  }
};

}  // namespace

TEST_CASE("engine: a pause ends in its turn: what was asked before it is done by then") {
  Paused node;
  CHECK(ToyNode::count(node.heard(), "said meanwhile") == 0);
  node.say(message("follow from the end"));
  node.run();
  CHECK(ToyNode::count(node.heard(), "said meanwhile") == 1);
}

TEST_CASE("engine: to follow again before it has begun is to follow once") {
  Paused node;
  node.say(message("follow from the end"));
  node.say(message("follow from the end"));
  node.run();
  CHECK(ToyNode::count(node.heard(), "said meanwhile") == 1);
}

// Simulator, links, 6000642.
TEST_CASE("engine: who is to begin again begins after what has arrived since that was decided") {
  ToyNode node(ToyNode::Disk::simulated);
  node.say(kJoinA);
  node.say(message("peer begins"));
  node.run();
  node.say(message("one"));
  node.say(message("two"));
  node.run();
  node.say(message("peer again"));  // once that is durable
  node.say(message("peer has all"));
  node.run();
  node.heard();
  for (const char* text : {"three", "four"}) node.say(message(text));
  node.run();
  const std::string heard = node.heard();
  CHECK(ToyNode::count(heard, "to='peer@y.test'") == 2);
  CHECK(ToyNode::count(heard, "to='peer@y.test'><body>three<") == 1);
}

// Simulator, hosts, 830291.
TEST_CASE("engine: who goes on, catching up, is not sent what was confirmed before his turn came") {
  ToyNode node(ToyNode::Disk::simulated);
  node.say(kJoinA);
  node.say(message("one"));
  node.run();
  node.heard();
  SUBCASE("he was there") {
    node.say(message("go on from 1"));  // of when nothing was confirmed
    node.say(message("two"));
    node.run();
    const std::string heard = node.heard();
    CHECK(ToyNode::count(heard, "<body>one<") == 0);
    CHECK(ToyNode::count(heard, "<caught-up") == 1);
    CHECK(ToyNode::count(heard, "<body>two<") == 1);
  }
  SUBCASE("he left, and comes in anew: he begins where he was to") {
    node.say("<presence type='unavailable' from='a@x.test/1' to='r@rooms.test'/>");
    node.say(kJoinA);
    node.say(message("go on from 3"));  // what was confirmed to him before he left
    node.run();
    CHECK(ToyNode::count(node.heard(), "<body>one<") == 1);
  }
}

TEST_CASE("engine: who pauses again before an earlier pause has ended stays paused") {
  ToyNode node(ToyNode::Disk::simulated);
  node.say(kJoinA);
  node.run();
  node.say(message("pause"));
  node.say(message("follow from the end"));
  node.say(message("pause"));
  node.say(message("said meanwhile"));
  node.run();
  CHECK(ToyNode::count(node.heard(), "said meanwhile") == 0);
}

}  // namespace hansa::toy
