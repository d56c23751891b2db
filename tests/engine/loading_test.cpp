// A room that is still being read: who waits for it, and how many may.

#include <doctest/doctest.h>

#include "base/limits.h"
#include "tests/engine/toy.h"

namespace hansa::toy {
namespace {

std::string request(std::size_t id, const std::string& room) {
  return "<iq type='get' id='" + std::to_string(id) + "' from='a@x.test/1' to='" + room +
         "'><n xmlns='t'/></iq>";
}

std::string answer(std::size_t id) { return " type='result' id='" + std::to_string(id) + "'"; }

// r is in memory; target is not, and every read takes ten seconds from now on.
void begin_slow(ToyNode& node) {
  node.say(kJoinA);
  node.say(message("letter target@rooms.test"));
  node.run();
  node.crash();
  node.start();
  node.run();
  REQUIRE(node.engine->rooms_loaded() == 1);
  node.faults.least_read = node.faults.most_read = Millis(10'000);
  node.simulated->set_faults(node.faults);
  node.heard();
}

}  // namespace

TEST_CASE("engine: what waits for a room that is being read is bounded, and answered in order") {
  ToyNode node(ToyNode::Disk::simulated);
  begin_slow(node);
  for (std::size_t id = 1; id <= limits::kEventsPerLoadingRoom; ++id) {
    node.say(request(id, "target@rooms.test"));
    node.engine->settle();
  }
  CHECK(node.heard().empty());
  node.say(request(0, "target@rooms.test"));
  node.engine->settle();
  std::string heard = node.heard();
  CHECK(ToyNode::count(heard, " type='error' id='0'") == 1);
  CHECK(ToyNode::count(heard, "resource-constraint") == 1);
  node.run();
  heard = node.heard();
  CHECK(ToyNode::count(heard, "<n xmlns='t'>1</n>") == limits::kEventsPerLoadingRoom);
  std::size_t at = 0;
  for (std::size_t id = 1; id <= limits::kEventsPerLoadingRoom; ++id) {
    at = heard.find(answer(id), at);
    REQUIRE(at != std::string::npos);
  }
  CHECK(ToyNode::count(heard, "<error") == 0);
  node.say(request(0, "target@rooms.test"));  // there is room for it now
  node.run();
  CHECK(ToyNode::count(node.heard(), answer(0)) == 1);
}

TEST_CASE("engine: while a room is being read the others answer, and store what they are told") {
  ToyNode node(ToyNode::Disk::simulated);
  begin_slow(node);
  const std::int64_t since = node.clock.now_ms;
  node.say(request(1, "target@rooms.test"));
  node.engine->settle();
  node.say(request(2, "r@rooms.test"));
  node.say(message("meanwhile"));
  std::string heard;
  while (ToyNode::count(heard, "<body>meanwhile</body>") == 0) {
    node.engine->settle();
    heard += node.heard();
    REQUIRE(node.clock.now_ms - since < 10'000);
    REQUIRE((node.queue.step() || !heard.empty()));
  }
  CHECK(ToyNode::count(heard, answer(2)) == 1);
  CHECK(ToyNode::count(heard, answer(1)) == 0);
  node.run();
  CHECK(node.clock.now_ms - since >= 10'000);
  CHECK(ToyNode::count(node.heard(), answer(1)) == 1);
}

}  // namespace hansa::toy
