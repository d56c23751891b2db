// What a room does while its disk refuses what it has to store (design §3, Engine: the failure
// rule), for those who are in it.

#include <string>

#include <doctest/doctest.h>

#include "engine/impl.h"
#include "tests/engine/toy.h"

namespace hansa::toy {
namespace {

const std::string kJoin = "<presence from='a@x.test/1' to='r@rooms.test'/>";

// One is in the room, and was told «before»: that he has it the host has said, the room has not
// noted it yet.
struct Room {
  ToyNode node{ToyNode::Disk::simulated};

  explicit Room(bool confirm = true) {
    node.say(kJoin);
    node.run();
    seconds_pass(3);
    node.say(message("before"));
    node.run(confirm);
    REQUIRE(told("before") == 1);
  }
  void full(bool is) {
    node.faults.full = is;
    node.simulated->set_faults(node.faults);
  }
  void refuse_next() {
    node.store->lookup("node", "r@rooms.test", [this](Result<std::optional<std::string>> found) {
      node.simulated->give_next({"node", found.value().value()}, storage::AppendResult::refused);
    });
    node.run();
  }
  void seconds_pass(int number) {
    for (; number > 0; --number) node.advance(Millis(1000));
  }
  // How often since it was last asked.
  std::size_t told(const std::string& body) {
    return ToyNode::count(node.heard(), "<body>" + body + "</body>");
  }
};

}  // namespace

TEST_CASE("failing disk: a full one does not make a room repeat what its occupants have") {
  Room room;
  room.full(true);
  room.seconds_pass(60);
  CHECK(room.told("before") == 0);
}

TEST_CASE("failing disk: what could not be noted is noted when there is room again") {
  Room room;
  room.full(true);
  room.seconds_pass(20);
  room.full(false);
  room.seconds_pass(10);
  room.node.crash();
  room.node.start();
  room.seconds_pass(3);
  CHECK(room.told("before") == 0);
}

TEST_CASE("failing disk: what was not noted is repeated after a crash, late") {
  Room room;
  room.full(true);
  room.seconds_pass(20);
  room.node.crash();
  room.node.start();
  room.node.run();
  CHECK(ToyNode::count(room.node.heard(), "<body>before</body><late/>") == 1);
}

TEST_CASE("failing disk: who speaks in vain makes nobody hear again what he has") {
  Room room;
  room.full(true);
  for (int i = 0; i < 10; ++i) {
    room.node.say(message("in vain"));
    room.node.run();
    room.seconds_pass(1);
  }
  const std::string heard = room.node.heard();
  CHECK(ToyNode::count(heard, "<body>before</body>") == 0);
  CHECK(ToyNode::count(heard, "resource-constraint") == 10);
  room.full(false);
  room.node.say(message("at last"));
  room.node.run();
  CHECK(room.told("at last") == 1);
}

TEST_CASE("failing disk: what the host has not confirmed is repeated by a room that failed") {
  Room room(false);
  room.full(true);
  room.node.say(message("in vain"));
  room.node.run(false);
  CHECK(ToyNode::count(room.node.heard(), "<body>before</body><late/>") == 1);
}

TEST_CASE("failing disk: what is said while notes are refused is stored, and leaves") {
  Room room;
  room.refuse_next();
  room.node.clock.now_ms += 1500;
  room.node.engine->on_tick();
  room.node.engine->settle();  // the note is on its way to the disk
  REQUIRE(room.node.simulated->writes_open() == 1);
  room.node.say(message("meanwhile"));
  room.node.run();
  const std::string heard = room.node.heard();
  CHECK(ToyNode::count(heard, "<body>meanwhile</body></message>") == 1);
  CHECK(ToyNode::count(heard, "resource-constraint") == 0);
  CHECK(ToyNode::count(heard, "<body>before</body>") == 0);
  room.node.crash();  // the note was stored with it
  room.node.start();
  room.node.run();
  CHECK(room.told("before") == 0);
}

TEST_CASE("failing disk: a room with refused notes stays in memory until they are stored") {
  Room room;
  const auto& executor = room.node.engine->impl().room(xmpp::Jid::parse("r@rooms.test").value());
  room.full(true);
  room.seconds_pass(30);
  CHECK_FALSE(executor.evictable());
  room.full(false);
  room.seconds_pass(10);
  CHECK(executor.evictable());
}

}  // namespace hansa::toy
