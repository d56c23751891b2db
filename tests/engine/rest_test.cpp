// What rooms and timers cost that nobody asks for: they rest, and go on as if they had not.

#include <doctest/doctest.h>

#include "base/limits.h"
#include "engine/impl.h"
#include "engine/letters.h"
#include "engine/timers.h"
#include "tests/engine/toy.h"

namespace hansa::toy {
namespace {

constexpr Millis kRest{limits::kRest_ms};

const engine::RoomExecutor& room(ToyNode& node) {
  return node.engine->impl().room(xmpp::Jid::parse("r@rooms.test").value());
}

// In it 300 entries: more than a room holds.
void fill(ToyNode& node) {
  node.say(kJoinA);
  for (int n = 0; n < 300; ++n) node.say(message("n" + std::to_string(n)));
  node.run();
  node.heard();
}

// Its notes are written, then it rests.
void idle(ToyNode& node) {
  node.advance(Millis(1100));
  node.advance(kRest);
}

}  // namespace

TEST_CASE("engine: a room without events rests, and decides as if it had not") {
  ToyNode node(ToyNode::Disk::simulated);
  fill(node);
  CHECK_FALSE(room(node).resting());
  node.advance(kRest - Millis(1));
  CHECK_FALSE(room(node).resting());
  idle(node);
  CHECK(room(node).resting());
  node.say(message("tail"));
  node.say(message("after"));
  node.run();
  const std::string heard = node.heard();
  CHECK(ToyNode::count(heard, "<body>256 to 301</body>") == 1);  // as after a load
  CHECK(heard.find("256 to 301") < heard.find("after"));
  CHECK_FALSE(room(node).resting());
}

TEST_CASE("engine: a room that rests answers other rooms, and rests on") {
  ToyNode node;
  fill(node);
  node.say("<presence from='b@x.test/1' to='other@rooms.test'/>");
  node.run();
  idle(node);
  node.say(
      "<message from='b@x.test/1' to='other@rooms.test'><body>ask r@rooms.test</body>"
      "</message>");
  node.run();
  CHECK(ToyNode::count(node.heard(), "<body>300</body>") == 1);
  CHECK(room(node).resting());
}

TEST_CASE("engine: a room that rests takes up a broken link where it stood") {
  ToyNode node;
  node.say(kJoinA);
  node.say(message("taken"));
  node.run();
  node.say(message("lost with the link"));
  node.run(false);
  node.engine->on_link("rooms.test", false);
  node.run(false);
  node.heard();
  idle(node);
  CHECK_FALSE(room(node).resting());  // somebody is to be served
  node.engine->on_link("rooms.test", true);
  node.run();
  const std::string heard = node.heard();
  CHECK(ToyNode::count(heard, "lost with the link") == 1);
  CHECK(ToyNode::count(heard, "taken") == 0);
  idle(node);
  CHECK(room(node).resting());
}

TEST_CASE("engine: what was sent before a rest and not taken is sent again after it") {
  ToyNode node;
  node.say(kJoinA);
  node.say(message("not taken"));
  node.run(false);
  node.links.marks.clear();
  for (const Millis time : {Millis(1100), kRest}) {
    node.clock.now_ms += time.count();
    node.engine->on_tick();
    node.run(false);
  }
  CHECK(room(node).resting());
  node.heard();
  node.engine->on_link("rooms.test", false);
  node.engine->on_link("rooms.test", true);
  node.run();
  CHECK(ToyNode::count(node.heard(), "not taken") == 1);
}

TEST_CASE("engine: what was erased is not there after a rest either") {
  ToyNode node(ToyNode::Disk::simulated);
  fill(node);
  node.say(message("erase 300"));
  node.run();
  idle(node);
  CHECK(room(node).resting());
  node.say(message("tail"));
  node.run();
  CHECK(ToyNode::count(node.heard(), "<body>256 to 302, 1 erased</body>") == 1);
}

TEST_CASE("engine: a room that cannot read its newest entries again tells senders to wait") {
  ToyNode node(ToyNode::Disk::simulated);
  fill(node);
  idle(node);
  storage::Faults broken;
  broken.read_error = 1;
  node.simulated->set_faults(broken);
  node.say(message("not read"));
  node.run();
  CHECK(ToyNode::count(node.heard(), "resource-constraint") == 1);
  node.simulated->set_faults({});
  node.say(message("read"));
  node.run();
  const std::string heard = node.heard();
  CHECK(ToyNode::count(heard, "<body>read</body>") == 1);
  CHECK(ToyNode::count(heard, "not read") == 0);
}

TEST_CASE("engine: a letter that is closed is remembered by nobody, and still arrives once") {
  ToyNode node(ToyNode::Disk::simulated);
  node.say(kJoinA);
  node.say("<presence from='b@x.test/1' to='other@rooms.test'/>");
  for (int n = 0; n < 3; ++n) {
    node.say(message("letter other@rooms.test"));
    node.run();
  }
  CHECK(ToyNode::count(node.heard(), "from afar") == 3);
  const std::string log_id = [&] {
    std::string id;
    node.store->lookup("node", "other@rooms.test", [&](auto found) { id = found->value(); });
    node.run();
    return id;
  }();
  std::size_t notes = 0;
  node.store->load({"node", log_id}, [&](Result<storage::Loaded> loaded) {
    for (const auto& [key, value] : loaded->notes) notes += key.starts_with("in/") ? 1 : 0;
  });
  node.run();
  CHECK(notes == 0);
  node.advance(Millis(20'000));
  CHECK(ToyNode::count(node.heard(), "from afar") == 0);
}

// --- timers -------------------------------------------------------------------------------------

TEST_CASE("timers: those before the horizon are held, the nearest of too many") {
  engine::Timers timers;
  timers.add("r", "early", {5});
  CHECK(timers.due({1'000'000}).empty());
  timers.extend({1'000'000});
  for (std::size_t n = 0; n < limits::kTimersHeld; ++n) {
    timers.add("r" + std::to_string(n), "t", {static_cast<std::int64_t>(10 + n)});
  }
  CHECK(timers.horizon() == WallTime{1'000'000});
  timers.add("r", "t", {20});
  const auto last = static_cast<std::int64_t>(10 + limits::kTimersHeld - 1);
  CHECK(timers.horizon() == WallTime{last});
  timers.add("r", "t", {last});  // in the index, to be read later
  CHECK(timers.due({1'000'000}).size() == limits::kTimersHeld);
}

TEST_CASE("timers: those of one moment are all held, or they would never be due") {
  engine::Timers timers;
  timers.extend({1'000});
  for (std::size_t n = 0; n < limits::kTimersHeld + 10; ++n) {
    timers.add("r" + std::to_string(n), "t", {7});
  }
  CHECK(timers.horizon() == WallTime{1'000});
  CHECK(timers.due({7}).size() == limits::kTimersHeld + 10);
}

TEST_CASE("engine: a timer that is due long after is read from the index in time") {
  for (const bool restarted : {false, true}) {
    CAPTURE(restarted);
    ToyNode node(ToyNode::Disk::simulated);
    node.say(kJoinA);
    node.say(message("timer late"));
    node.run();
    if (restarted) {
      node.crash();
      node.start();
      node.run();
    }
    node.heard();
    for (int minute = 0; minute < 59; ++minute) node.advance(Millis(60'000));
    CHECK(ToyNode::count(node.heard(), "ring") == 0);
    for (int minute = 0; minute < 2; ++minute) node.advance(Millis(60'000));
    CHECK(ToyNode::count(node.heard(), "ring") == 1);
    for (int minute = 0; minute < 5; ++minute) node.advance(Millis(60'000));
    CHECK(ToyNode::count(node.heard(), "ring") == 0);
  }
}

TEST_CASE("engine: a timer is read after an index that could not be") {
  ToyNode node(ToyNode::Disk::simulated);
  node.say(kJoinA);
  node.say(message("timer late"));
  node.run();
  storage::Faults broken;
  broken.read_error = 1;
  node.simulated->set_faults(broken);
  for (int minute = 0; minute < 58; ++minute) node.advance(Millis(60'000));
  node.simulated->set_faults({});
  node.heard();
  for (int minute = 0; minute < 4; ++minute) node.advance(Millis(60'000));
  CHECK(ToyNode::count(node.heard(), "ring") == 1);
}

}  // namespace hansa::toy
