// What a log keeps for how long.

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/engine/toy.h"

namespace hansa::toy {
namespace {

constexpr Millis kHour{3'600'000};

// A timer that is far off is first read from the index, and looks once a while for more to do.
void pass(ToyNode& node, Millis time) {
  node.advance(time);
  for (int i = 0; i < 3; ++i) node.advance(Millis(1000));
}

std::string counted(ToyNode& node) {
  node.heard();
  node.say("<iq type='get' id='1' from='a@x.test/1' to='r@rooms.test'><n xmlns='t'/></iq>");
  node.run();
  const std::string heard = node.heard();
  const std::size_t at = heard.find("<n xmlns='t'>") + 13;
  return heard.substr(at, heard.find('<', at) - at);
}

// Calls of the store that an event makes.
std::size_t calls(ToyNode& node, const std::string& xml) {
  std::size_t count = 0;
  node.run();
  node.say(xml);
  for (node.engine->settle(); node.queue.step(); node.engine->settle()) ++count;
  return count;
}

std::map<std::string, std::string> notes(ToyNode& node) {
  std::map<std::string, std::string> out;
  node.store->load({"node", log_id(node)},
                   [&](Result<storage::Loaded> log) { out = std::move(log).value().notes; });
  node.run();
  return out;
}

std::size_t erasing(ToyNode& node) {
  const auto all = notes(node);
  return static_cast<std::size_t>(
      std::distance(all.lower_bound("erase/"), all.lower_bound("erase0")));
}

}  // namespace

TEST_CASE("engine: what was said goes at its age; what is younger, or of another kind, stays") {
  ToyNode node;
  node.say(kJoinA);
  node.say(message("letter other@rooms.test"));
  node.say(message("old"));
  node.say(message("retain 7200"));
  node.run();
  node.advance(kHour);
  node.say(message("young"));
  node.run();
  CHECK(kept(node) == "1 2 3 4 5");
  pass(node, kHour);
  CHECK(kept(node) == "1 2 3- 4 5");
  CHECK(erasing(node) == 0);
  node.heard();
  node.say(kJoinB);
  node.run();
  CHECK(sent_to("b@x.test/1", node.heard()) == "young");
  CHECK(counted(node) == "2");
  pass(node, kHour);
  CHECK(kept(node) == "1 2 3- 4 5-");
}

TEST_CASE("engine: what a room has in memory is erased there, too, and at once") {
  ToyNode node;
  node.say(kJoinA);
  node.say(message("old"));
  node.run();
  node.advance(kHour);
  node.say(message("retain 60"));
  node.say(message("tail"));
  node.run();
  CHECK(ToyNode::count(node.heard(), "<body>2 to 2, 1 erased</body>") == 1);
}

TEST_CASE("engine: retention that finds nothing due neither reads nor writes") {
  ToyNode node;
  node.say(kJoinA);
  node.say(message("said"));
  node.run();
  node.say(message("retain 7200 7200"));
  CHECK(calls(node, message("retain 7200 7200")) == calls(node, message("timer late")));
  node.advance(Millis(2 * kHour));
  CHECK(calls(node, message("retain 7200 7200")) > calls(node, message("timer late")));
}

TEST_CASE("engine: retention takes its share of a turn, and comes again for the rest") {
  ToyNode node;
  node.say(kJoinA);
  for (int i = 0; i < 300; ++i) node.say(message("old"));
  node.run();
  node.advance(kHour);
  node.say(message("retain 60"));
  node.run();
  CHECK(ToyNode::count(kept(node), "-") == limits::kRetainedPerTurn);
  node.advance(Millis(limits::kRetainMore_ms));
  CHECK(ToyNode::count(kept(node), "-") == 300);
}

TEST_CASE("engine: other kinds begin with the first entry again") {
  ToyNode node;
  node.say(kJoinA);
  node.say(message("letter other@rooms.test"));
  node.say(message("old"));
  node.run();
  node.advance(kHour);
  node.say(message("retain 60"));
  node.run();
  CHECK(kept(node) == "1 2 3- 4");
  node.say(message("retain letters"));
  node.run();
  CHECK(kept(node) == "1 2- 3- 4");
}

TEST_CASE("engine: whole entries go at their age, but for the newest, and the state stays") {
  ToyNode node;
  node.say(kJoinA);
  for (int i = 0; i < 4; ++i) node.say(message("old"));
  node.say(message("retain 0 7200"));
  node.run();
  node.advance(kHour);
  node.say(message("young"));
  node.run();
  CHECK(kept(node) == "1 2 3 4 5 6");
  pass(node, kHour);
  CHECK(kept(node) == "6");
  pass(node, 2 * kHour);
  CHECK(kept(node) == "6");
  CHECK(counted(node) == "5");
}

TEST_CASE("engine: what a follower within the bound needs is dropped when he has it") {
  ToyNode node(ToyNode::Disk::memory, 0, 0, 5);
  node.say(kJoinA);
  node.say(message("old"));
  node.say(message("retain 0 3600"));
  node.run();
  node.engine->on_link("rooms.test", false);
  for (int i = 0; i < 5; ++i) node.say(message("m" + std::to_string(i)));
  node.run();
  pass(node, 2 * kHour);
  CHECK(kept(node) == "3 4 5 6 7");
  node.heard();
  node.engine->on_link("rooms.test", true);
  node.run();
  CHECK(sent_to("a@x.test/1", node.heard()) == "m0 m1 m2 m3 m4");
  pass(node, kHour);
  CHECK(kept(node) == "7");
}

TEST_CASE("engine: retention goes on after a crash between any two writes") {
  int half_done = 0;
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    for (int steps = 0; steps < 24; ++steps) {
      CAPTURE(seed);
      CAPTURE(steps);
      const bool drops = seed % 2 == 1;
      ToyNode node(ToyNode::Disk::simulated);
      for (std::uint64_t i = 0; i < seed; ++i) static_cast<void>(node.random.next());
      node.crash();
      node.start();
      node.say(kJoinA);
      for (int i = 0; i < 4; ++i) node.say(message("old"));
      node.say(message("retain 3600 7200"));
      node.run();
      node.clock.now_ms += kHour.count() * (drops ? 2 : 1);  // no tick yet
      node.say(message("young"));
      node.run();
      const storage::LogKey log{"node", log_id(node)};
      for (int i = 0; i < steps; ++i) {
        node.engine->on_tick();
        node.engine->settle();
        node.queue.step();
      }
      node.crash();
      const auto page = node.disk->image.read(log, 1, 1 << 20);
      const auto erased = std::ranges::count(page->entries, true, &storage::Entry::erased);
      half_done += erased > 0 && erased < 4 ? 1 : 0;
      node.start();
      node.run();
      CHECK(counted(node) == "5");
      // Nothing is dropped before it is known that a has it: that is looked at in an hour.
      pass(node, drops ? kHour : Millis(1000));
      CHECK(kept(node) == std::string(drops ? "6-" : "1 2- 3- 4- 5- 6"));
      CHECK(erasing(node) == 0);
      CHECK(counted(node) == "5");
    }
  }
  CHECK(half_done > 10);
}

}  // namespace hansa::toy
