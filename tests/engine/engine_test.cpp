#include <doctest/doctest.h>

#include <algorithm>

#include "engine/entry.h"
#include "tests/engine/toy.h"

namespace hansa::toy {
namespace {

using engine::EntryKind;

// Entries of that kind in the room's log, as it stands on the disk.
std::size_t on_disk(const ToyNode& node, const std::string& room, EntryKind kind) {
  const storage::Image& image = node.disk->image;
  const auto log_id = image.lookup("node", room).value();
  if (!log_id) return 0;
  const auto page = image.read({"node", *log_id}, 1, 1 << 20);
  if (!page) return 0;  // claimed, and nothing written yet
  return static_cast<std::size_t>(
      std::ranges::count_if(page.value().entries, [&](const storage::Entry& stored) {
        return engine::from_storage(stored).value().kind == kind;
      }));
}

}  // namespace

TEST_CASE("engine: nothing leaves before it is durable") {
  ToyNode node(ToyNode::Disk::simulated);
  node.say(kJoinA);
  node.say(message("one"));
  node.engine->settle();
  CHECK(node.heard().empty());
  node.run();
  const std::string heard = node.heard();
  CHECK(heard.find("<presence") < heard.find("one"));
  CHECK(ToyNode::count(heard, "<body>one</body>") == 1);
}

TEST_CASE("engine: a late joiner gets the history, then caught-up, then what is live") {
  ToyNode node;
  node.say(kJoinA);
  node.say(message("one"));
  node.say(kJoinB);
  node.say(message("two"));
  node.run();
  const std::string heard = node.heard();
  const auto old_for_b = heard.find("to='b@x.test/1'><body>one</body><late/>");
  const auto caught = heard.find("<caught-up to='b@x.test/1'/>");
  const auto live_for_b = heard.find("to='b@x.test/1'><body>two</body></message>");
  CHECK(old_for_b != std::string::npos);
  CHECK(old_for_b < caught);
  CHECK(caught < live_for_b);
  CHECK(live_for_b != std::string::npos);
  CHECK(ToyNode::count(heard, "to='a@x.test/1'><body>one") == 1);
}

TEST_CASE("engine: who left gets nothing more, others go on") {
  ToyNode node;
  node.say(kJoinA);
  node.say(kJoinB);
  node.say("<presence type='unavailable' from='b@x.test/1' to='r@rooms.test'/>");
  node.say(message("after"));
  node.run();
  const std::string heard = node.heard();
  CHECK(ToyNode::count(heard, "to='a@x.test/1'><body>after") == 1);
  CHECK(ToyNode::count(heard, "to='b@x.test/1'><body>after") == 0);
}

TEST_CASE("engine: a failed append tells each sender once, keeps nothing, and goes on") {
  ToyNode node(ToyNode::Disk::simulated);
  node.say(kJoinA);
  node.run();
  node.heard();
  node.faults.full = true;
  node.simulated->set_faults(node.faults);
  node.say(message("lost"));
  node.run();
  std::string heard = node.heard();
  CHECK(ToyNode::count(heard, "resource-constraint") == 1);
  CHECK(ToyNode::count(heard, "<body>lost</body></message>") == 0);
  node.faults.full = false;
  node.simulated->set_faults(node.faults);
  node.say(message("kept"));
  node.run();
  heard = node.heard();
  CHECK(ToyNode::count(heard, "to='a@x.test/1'><body>kept</body></message>") == 1);
  CHECK(ToyNode::count(heard, "resource-constraint") == 0);
}

TEST_CASE("engine: a burst is cut into batches that the store takes") {
  ToyNode node(ToyNode::Disk::simulated);
  node.say("<presence from='a@x.test/1' to='tea@rooms.test'/>");
  node.run();
  const std::string tail(20'000, 'x');
  for (int i = 0; i < 100; ++i) {
    node.say("<message from='a@x.test/1' to='tea@rooms.test'><body>" + tail + "</body></message>");
  }
  node.run();
  const std::string heard = node.heard();
  CHECK(ToyNode::count(heard, "<error") == 0);
  CHECK(ToyNode::count(heard, "<body>") == 100);
}

TEST_CASE("engine: after a crash occupants are still in and the unconfirmed is repeated, late") {
  ToyNode node(ToyNode::Disk::simulated);
  node.say(kJoinA);
  node.say(message("confirmed"));
  node.run();
  node.advance(Millis(1500));  // the note live/sessions is written
  node.say(message("unconfirmed"));
  node.run(false);
  CHECK(ToyNode::count(node.heard(), "unconfirmed") == 1);
  node.crash();
  node.start();
  node.run();
  const std::string heard = node.heard();
  CHECK(ToyNode::count(heard, "<body>unconfirmed</body><late/>") == 1);
  CHECK(ToyNode::count(heard, "<body>confirmed</body>") == 0);
  CHECK(ToyNode::count(heard, "<caught-up") == 0);
}

TEST_CASE("engine: a broken link is followed from the confirmed position") {
  ToyNode node;
  node.say(kJoinA);
  node.run();
  node.say(message("sent"));
  node.run(false);
  node.heard();
  node.engine->on_link("rooms.test", false);
  node.links.marks.clear();
  node.say(message("meanwhile"));
  node.run(false);
  CHECK(node.heard().empty());
  node.engine->on_link("rooms.test", true);
  node.run();
  const std::string heard = node.heard();
  CHECK(ToyNode::count(heard, "<body>sent</body><late/>") == 1);
  CHECK(ToyNode::count(heard, "<body>meanwhile</body></message>") == 1);
  CHECK(heard.find("sent") < heard.find("meanwhile"));
}

TEST_CASE("engine: a full link pauses the fan-out, nothing is lost or out of order") {
  ToyNode node(ToyNode::Disk::memory, 4096);
  for (int i = 0; i < 20; ++i) {
    node.say("<presence from='m" + std::to_string(i) + "@x.test/1' to='r@rooms.test'/>");
  }
  node.run();
  node.heard();
  node.links.draining = false;
  for (int i = 0; i < 500; ++i) node.say(message("m" + std::to_string(i)));
  node.run();
  CHECK(node.links.backlog < 40'000);
  for (int turn = 0; turn < 1000; ++turn) {
    node.links.backlog = 0;
    node.engine->on_drained("rooms.test");
    node.run();
  }
  const std::string heard = node.heard();
  CHECK(ToyNode::count(heard, "to='m7@x.test/1'><body>m") == 500);
  CHECK(ToyNode::count(heard, "to='m7@x.test/1'><body>m499</body>") == 1);
  std::size_t at = 0;
  for (int i = 0; i < 500; ++i) {
    at = heard.find("to='m19@x.test/1'><body>m" + std::to_string(i) + "</body>", at);
    REQUIRE(at != std::string::npos);
  }
}

TEST_CASE("engine: a handler that waits for another room is called again, in order") {
  ToyNode node;
  node.say(kJoinA);
  node.say("<presence from='a@x.test/1' to='other@rooms.test'/>");
  node.say(message("one", "other@rooms.test"));
  node.say(message("ask other@rooms.test"));
  node.say(message("after"));
  node.say(message("ask nobody@rooms.test"));
  node.run();
  const std::string heard = node.heard();
  const auto answer = heard.find("from='r@rooms.test' to='a@x.test/1'><body>1</body>");
  const auto after = heard.find("<body>after</body>");
  CHECK(answer != std::string::npos);
  CHECK(answer < after);
  CHECK(after < heard.find("<body>none</body>"));
}

TEST_CASE("engine: a letter that is durable arrives once, also over crashes; no other arrives") {
  constexpr std::uint64_t kSeeds = 96;
  std::uint64_t arrived = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    ToyNode node(ToyNode::Disk::simulated);
    node.random = SeededRandom(seed);
    node.crash();
    node.start();
    node.say(kJoinA);
    node.run();
    node.say(message("letter target@rooms.test"));
    const auto crash_after = [&](std::uint64_t steps) {
      for (; steps > 0; --steps) {
        node.engine->settle();
        node.queue.step();
      }
      node.crash();
      node.start();
    };
    crash_after(seed % 8);
    const std::size_t kept = on_disk(node, "r@rooms.test", EntryKind::letter);
    crash_after(seed / 8);
    node.run();
    for (int i = 0; i < 3; ++i) node.advance(Millis(6000));
    CAPTURE(seed);
    REQUIRE(kept <= 1);
    CHECK(on_disk(node, "r@rooms.test", EntryKind::letter) == kept);
    CHECK(on_disk(node, "target@rooms.test", EntryKind::message) == kept);
    CHECK(on_disk(node, "r@rooms.test", EntryKind::letter_closed) == kept);
    node.heard();
    node.say(message("ask target@rooms.test"));
    node.run();
    CHECK(ToyNode::count(node.heard(), kept == 1 ? "<body>1</body>" : "<body>none</body>") == 1);
    arrived += kept;
  }
  CHECK(arrived > 0);
  CHECK(arrived < kSeeds);
}

TEST_CASE("engine: a durable timer rings once, after a restart too") {
  ToyNode node(ToyNode::Disk::simulated);
  node.say(kJoinA);
  node.say(message("timer"));
  node.run();
  node.crash();
  node.start();
  node.run();
  node.advance(Millis(30'000));
  CHECK(ToyNode::count(node.heard(), "ring") == 0);
  node.advance(Millis(31'000));
  CHECK(ToyNode::count(node.heard(), "<body>ring</body>") == 1);
  node.advance(Millis(120'000));
  CHECK(ToyNode::count(node.heard(), "ring") == 0);
}

TEST_CASE("engine: a timer is not forgotten with a read that failed when it was due") {
  ToyNode node(ToyNode::Disk::simulated, 0, 1);
  node.say(kJoinA);
  node.say(message("timer"));
  node.run();
  node.say("<presence from='a@x.test/1' to='other@rooms.test'/>");
  node.run();
  for (int i = 0; i < 10; ++i) node.advance(Millis(1000));
  REQUIRE(node.engine->rooms_loaded() == 1);
  node.faults.read_error = 1;
  node.simulated->set_faults(node.faults);
  for (int i = 0; i < 60; ++i) node.advance(Millis(1000));
  node.faults.read_error = 0;
  node.simulated->set_faults(node.faults);
  node.heard();
  for (int i = 0; i < 10; ++i) node.advance(Millis(1000));
  CHECK(ToyNode::count(node.heard(), "<body>ring</body>") == 1);
}

TEST_CASE("engine: a destroyed room is gone, its address can be taken again") {
  ToyNode node;
  node.say(kJoinA);
  node.say(message("one"));
  node.say(message("destroy"));
  node.run();
  node.heard();
  node.say(message("anyone?"));
  node.run();
  CHECK(ToyNode::count(node.heard(), "item-not-found") == 1);
  node.say(kJoinB);
  node.run();
  const std::string heard = node.heard();
  CHECK(ToyNode::count(heard, "one") == 0);
  CHECK(ToyNode::count(heard, "<caught-up to='b@x.test/1'/>") == 1);
}

TEST_CASE("engine: every request is answered exactly once, an answer never") {
  ToyNode node;
  node.say("<iq type='get' id='1' from='a@x.test/1' to='r@rooms.test'><q xmlns='t'/></iq>");
  node.say("<iq type='set' id='2' from='a@x.test/1' to='r@rooms.test'><q xmlns='t'/></iq>");
  node.say("<iq type='result' id='3' from='a@x.test/1' to='r@rooms.test'/>");
  node.say("<iq type='get' id='4' from='a@x.test/1' to='rooms.test'><q xmlns='t'/></iq>");
  node.say("<message type='error' id='5' from='a@x.test/1' to='rooms.test'/>");
  node.run();
  const std::string heard = node.heard();
  for (const char* id : {"id='1'", "id='2'", "id='4'"}) CHECK(ToyNode::count(heard, id) == 1);
  for (const char* id : {"id='3'", "id='5'"}) CHECK(ToyNode::count(heard, id) == 0);
}

TEST_CASE("engine: records that the disk wrote late are made good by folding") {
  ToyNode node(ToyNode::Disk::simulated);
  node.faults.late_records = 1;
  node.simulated->set_faults(node.faults);
  node.say(kJoinA);
  for (int i = 0; i < 300; ++i) node.say(message("m"));
  node.run();
  node.crash();
  node.start();
  node.run();
  node.heard();
  node.say("<iq type='get' id='1' from='a@x.test/1' to='r@rooms.test'><q xmlns='t'/></iq>");
  node.run();
  CHECK(ToyNode::count(node.heard(), "<n xmlns='t'>300</n>") == 1);
}

TEST_CASE("engine: a wake is another when its room has left memory, as after a failed append") {
  ToyNode node(ToyNode::Disk::simulated);
  node.say(kJoinA);
  node.say(message("wake"));
  node.run();
  node.faults.refused = 1;
  node.simulated->set_faults(node.faults);
  node.say(message("not stored"));
  node.run();
  node.faults.refused = 0;
  node.simulated->set_faults(node.faults);
  node.say(message("stored"));
  node.run();
  node.heard();
  node.advance(Millis(120'000));
  const std::string heard = node.heard();
  CHECK(ToyNode::count(heard, "ring") == 0);
  CHECK(ToyNode::count(heard, "woken") >= 1);
  node.say(message("wake"));
  node.run();
  node.advance(Millis(120'000));
  CHECK(ToyNode::count(node.heard(), "ring") == 1);
}

TEST_CASE("engine: a room that cannot be read when its wake is due is read again") {
  ToyNode node(ToyNode::Disk::simulated);
  node.say(kJoinA);
  node.run();
  node.faults.refused = node.faults.read_error = 1;
  node.simulated->set_faults(node.faults);
  node.say(message("not stored"));
  node.run();
  node.advance(Millis(1000));
  node.faults.refused = node.faults.read_error = 0;
  node.simulated->set_faults(node.faults);
  CHECK(ToyNode::count(node.heard(), "woken") == 0);
  node.advance(Millis(10'000));
  CHECK(ToyNode::count(node.heard(), "woken") == 1);
}

// Simulator, links, 20002487.
TEST_CASE("engine: what is to be in memory and cannot be read at the start is read again") {
  ToyNode node(ToyNode::Disk::simulated);
  node.say(kJoinA);
  node.run();
  node.say(message("not confirmed"));
  node.run(false);
  node.crash();
  const auto disk_fails = [&](bool so) {
    node.faults.read_error = so ? 1 : 0;
    node.simulated->set_faults(node.faults);
  };
  SUBCASE("the index") {
    node.faults.read_error = 1;
    node.start();
  }
  SUBCASE("the room") {
    node.start();
    while (node.engine->rooms_loaded() == 0) REQUIRE(node.queue.step());
    disk_fails(true);
  }
  node.advance(Millis(1000));
  node.advance(Millis(6000));
  disk_fails(false);
  CHECK(ToyNode::count(node.heard(), "not confirmed") == 0);
  for (int i = 0; i < 3; ++i) node.advance(Millis(6000));
  CHECK(ToyNode::count(node.heard(), "not confirmed") == 1);
}

TEST_CASE("router: a row claimed twice is refused by name") {
  engine::Router router;
  const engine::Row row{engine::Target::room, xmpp::StanzaKind::iq, "get", "q", "t", "t"};
  const engine::RoomHandler handler = [](engine::RoomTurn&, const xmpp::Stanza&) {};
  CHECK(router.add(row, handler).ok());
  const auto again = router.add(row, handler);
  REQUIRE_FALSE(again.ok());
  CHECK(again.error().text.find("room iq get q t") != std::string::npos);
  CHECK(router.features(engine::Target::room).contains("t"));
}

}  // namespace hansa::toy
