#include <doctest/doctest.h>

#include "engine/entry.h"
#include "tests/engine/toy.h"

namespace hansa::toy {
namespace {

void give_next(ToyNode& node, storage::AppendResult outcome) {
  node.simulated->give_next({"node", log_id(node)}, outcome);
}

}  // namespace

TEST_CASE("engine: a header says whose payload it was, also when that is erased") {
  ToyNode node;
  node.say(kJoinA);
  node.say(message("secret"));
  node.say(message("open"));
  node.run();
  node.say(message("erase 2"));
  node.run();
  const auto page = log_of(node);
  REQUIRE(page.entries.size() == 4);
  CHECK(page.entries[1].erased);
  const auto erased = engine::from_storage(page.entries[1]);
  REQUIRE(erased.ok());
  CHECK(erased->erased);
  CHECK(erased->shared.bytes.empty());
  const auto word = engine::from_storage(page.entries[3]);
  CHECK(engine::read_erased(word->shared.bytes) == erased->origin);
  node.heard();
  node.say(kJoinB);  // history: the erased one is nothing for him
  node.run();
  const std::string heard = node.heard();
  CHECK(ToyNode::count(heard, "secret") == 0);
  CHECK(ToyNode::count(heard, "<body>open</body><late/>") == 1);
}

TEST_CASE("engine: what was said to be erased goes, though the node dies in between") {
  for (int steps = 0; steps < 12; ++steps) {
    ToyNode node(ToyNode::Disk::simulated);
    node.say(kJoinA);
    node.say(message("secret"));
    node.run();
    node.say(message("erase 2"));
    for (int i = 0; i < steps; ++i) {
      node.engine->settle();
      node.queue.step();
    }
    node.crash();
    node.start();
    node.run();
    const auto page = log_of(node);
    const bool said = page.entries.size() == 3;
    REQUIRE(page.entries.size() >= 2);
    CHECK(page.entries[1].erased == said);
  }
}

// Simulator, deep, 1070.
TEST_CASE("engine: what the disk would not erase is erased a while later, without a restart") {
  ToyNode node(ToyNode::Disk::simulated);
  node.say(kJoinA);
  node.say(message("secret"));
  node.run();
  const storage::LogKey log{"node", log_id(node)};
  const auto on_disk = [&] { return node.disk->image.load(log).value(); };
  const auto still_to_do = [&] { return on_disk().notes.contains("erase/2"); };
  node.say(message("erase 2"));
  while (on_disk().last_position < 3) {
    node.engine->settle();
    REQUIRE(node.queue.step());
  }
  node.faults.unknown = 1;
  node.simulated->set_faults(node.faults);
  node.run();
  REQUIRE(still_to_do());
  node.faults.unknown = 0;
  node.simulated->set_faults(node.faults);
  node.advance(Millis(30'000));
  CHECK_FALSE(still_to_do());
  CHECK(log_of(node).entries[1].erased);
}

TEST_CASE("engine: a payload goes by an entry of the module's own, though the node dies") {
  for (int steps = 0; steps < 12; ++steps) {
    ToyNode node(ToyNode::Disk::simulated);
    node.say(kJoinA);
    node.say(message("secret"));
    node.run();
    node.heard();
    node.say(message("blank 2"));
    for (int i = 0; i < steps; ++i) {
      node.engine->settle();
      node.queue.step();
    }
    node.crash();
    node.start();
    node.run();
    const auto page = log_of(node);
    const bool said = page.entries.size() == 3;  // that one, and none of the engine's
    REQUIRE((said || page.entries.size() == 2));
    CHECK(page.entries[1].erased == said);
    node.say(kJoinB);  // history
    node.run();
    CHECK((ToyNode::count(node.heard(), "<body>secret</body>") == 0) == said);
  }
}

TEST_CASE("entry: bytes that are not what the header says are refused") {
  engine::Entry entry;
  entry.position = 3;
  entry.origin = {"rooms.b.test", 5, 6};
  entry.order = {2, 9};
  entry.salt = "0123456789abcdef";
  entry.shared.bytes = "hello";
  entry.hash = engine::payload_hash(entry.salt, entry.shared);
  storage::Entry stored = engine::to_storage(entry);
  const auto again = engine::from_storage(stored);
  REQUIRE(again.ok());
  CHECK(again->origin == entry.origin);
  CHECK(again->order == entry.order);
  CHECK(again->shared.bytes == "hello");
  CHECK(engine::to_storage(*again) == stored);
  stored.payload[3] ^= 1;
  CHECK_FALSE(engine::from_storage(stored).ok());
  stored = engine::to_storage(entry);
  stored.header.resize(stored.header.size() - 1);
  CHECK_FALSE(engine::from_storage(stored).ok());
}

TEST_CASE("engine: an entry of the future that need not be understood is kept and passed over") {
  ToyNode node;
  node.say(kJoinA);
  node.say(message("arrives optional"));
  node.say(message("after"));
  node.run();
  CHECK(ToyNode::count(node.heard(), "<body>after</body>") == 1);
  const auto kept = engine::from_storage(log_of(node).entries.at(1));
  REQUIRE(kept.ok());
  CHECK(static_cast<int>(kept->kind) == 999);
  CHECK(kept->shared.bytes == "new");
}

TEST_CASE("engine: a later format of a known kind is kept, and neither folded nor sent") {
  ToyNode node(ToyNode::Disk::simulated);
  node.say(kJoinA);
  node.say(message("arrives optional message"));
  node.say(message("after"));
  node.run();
  std::string heard = node.heard();
  CHECK(ToyNode::count(heard, "<body>after</body>") == 1);
  CHECK(ToyNode::count(heard, "<body>new</body>") == 0);
  const auto kept = engine::from_storage(log_of(node).entries.at(1));
  REQUIRE(kept.ok());
  CHECK(kept->kind == engine::EntryKind::message);
  CHECK(kept->format == engine::kEntryFormat + 1);
  CHECK(kept->shared.bytes == "new");
  for (const bool restarted : {false, true}) {
    if (restarted) {
      node.crash();
      node.start();
      node.run();
      node.heard();
    }
    node.say("<iq type='get' id='1' from='a@x.test/1' to='r@rooms.test'><n xmlns='t'/></iq>");
    node.say(kJoinB);
    node.run();
    heard = node.heard();
    CHECK(ToyNode::count(heard, "<n xmlns='t'>1</n>") == 1);
    CHECK(ToyNode::count(heard, "to='b@x.test/1'><body>after</body>") == 1);
    CHECK(ToyNode::count(heard, "<body>new</body>") == 0);
  }
}

TEST_CASE("engine: one that must be understood leaves a room that can only be read, and says so") {
  std::string arrives;
  SUBCASE("of a kind that is not known") { arrives = "arrives needed"; }
  SUBCASE("of a known kind, in a later format") { arrives = "arrives needed message"; }
  ToyNode node(ToyNode::Disk::simulated);
  node.say(kJoinA);
  node.say(message("before"));
  node.say(message(arrives));
  node.run();
  node.heard();
  for (const bool restarted : {false, true}) {
    if (restarted) {
      node.crash();
      node.start();
      node.run();
      node.heard();
    }
    node.say(message("after"));
    node.say("<iq type='get' id='1' from='a@x.test/1' to='r@rooms.test'><n xmlns='t'/></iq>");
    node.say(kJoinB);
    node.run();
    const std::string heard = node.heard();
    CHECK(ToyNode::count(heard, "newer version") == 1);
    CHECK(ToyNode::count(heard, "<n xmlns='t'>1</n>") == 1);
    CHECK(ToyNode::count(heard, "to='b@x.test/1'><body>before</body>") == 1);
  }
  CHECK(log_of(node).entries.size() == 3);
}

TEST_CASE("engine: what is dropped is neither kept nor sent, and the state stays") {
  ToyNode node;
  node.say(kJoinA);
  for (int i = 0; i < 5; ++i) node.say(message("m" + std::to_string(i)));
  node.run();
  node.say(message("truncate 4"));
  node.run();
  CHECK(log_of(node).entries.front().position == 4);
  node.heard();
  node.say(kJoinB);
  node.say("<iq type='get' id='1' from='a@x.test/1' to='r@rooms.test'><n xmlns='t'/></iq>");
  node.run();
  CHECK(ToyNode::count(node.heard(), "<n xmlns='t'>5</n>") == 1);
}

TEST_CASE("engine: what a follower was not yet sent is not dropped") {
  ToyNode node;
  node.say(kJoinA);
  node.say(message("m1"));
  node.run();
  node.engine->on_link("rooms.test", false);
  node.say(message("m2"));
  node.say(message("truncate 100"));
  node.run();
  CHECK(log_of(node).entries.front().position == 3);
  node.heard();
  node.engine->on_link("rooms.test", true);
  node.run();
  CHECK(ToyNode::count(node.heard(), "<body>m2</body>") == 1);
}

TEST_CASE("engine: who is behind by more than the bound is told, and goes on with what is kept") {
  ToyNode node(ToyNode::Disk::simulated, 0, 0, 5);
  node.say(kJoinA);
  node.run();
  node.engine->on_link("rooms.test", false);
  for (int i = 0; i < 10; ++i) node.say(message("m" + std::to_string(i)));
  node.say(message("truncate 100"));
  node.run();
  CHECK(kept(node) == "7 8 9 10 11");
  node.heard();
  SUBCASE("the link is back") { node.engine->on_link("rooms.test", true); }
  SUBCASE("the node is back") {
    node.crash();
    node.start();
  }
  node.run();
  std::string heard = node.heard();
  CHECK(ToyNode::count(heard, "to='a@x.test/1' from='2' first='7'/>") == 1);
  CHECK(sent_to("a@x.test/1", heard) == "left-behind m5 m6 m7 m8 m9");
  node.say(message("new"));
  node.run();
  CHECK(sent_to("a@x.test/1", node.heard()) == "new");
}

TEST_CASE("engine: what is not kept has no place in a window") {
  ToyNode node(ToyNode::Disk::memory, 0, 0, 5);
  node.say(kJoinA);
  node.say(message("peer begins"));
  node.run();
  for (int i = 0; i < 10; ++i) node.say(message("m" + std::to_string(i)));
  node.run();
  CHECK(sent_to("peer@y.test", node.heard()) == "m0 m1");
  node.say(message("truncate 100"));
  node.run();
  node.say(message("m10"));
  node.run();
  CHECK(sent_to("peer@y.test", node.heard()) == "left-behind m5 m6");
  node.say(message("peer has all"));
  node.say(message("m11"));
  node.run();
  CHECK(sent_to("peer@y.test", node.heard()) == "m11");
}

TEST_CASE("engine: an unknown outcome is read back: told as done, or refused, never both") {
  int done = 0;
  for (int i = 0; i < 20; ++i) {
    ToyNode node(ToyNode::Disk::simulated);
    for (int skip = 0; skip < i; ++skip) static_cast<void>(node.random.next());
    node.crash();
    node.start();
    node.say(kJoinA);
    node.run();
    node.heard();
    give_next(node, storage::AppendResult::unknown);
    node.say(message("perhaps"));
    node.run();
    const std::string heard = node.heard();
    const auto said = ToyNode::count(heard, "<body>perhaps</body></message>");
    const auto refused = ToyNode::count(heard, "resource-constraint");
    CHECK(said + refused == 1);
    CHECK(log_of(node).entries.size() == 1 + said);
    done += said == 1 ? 1 : 0;
  }
  CHECK(done > 0);
  CHECK(done < 20);
}

TEST_CASE("engine: where another writer owns the log, senders are told to wait") {
  ToyNode node(ToyNode::Disk::simulated);
  node.say(kJoinA);
  node.run();
  node.heard();
  give_next(node, storage::AppendResult::conflict);
  node.say(message("lost"));
  node.run();
  CHECK(ToyNode::count(node.heard(), "resource-constraint") == 1);
  node.say(message("kept"));
  node.run();
  CHECK(ToyNode::count(node.heard(), "<body>kept</body>") == 1);
}

TEST_CASE("engine: a room with much to say does not keep the others waiting") {
  ToyNode node;
  node.say("<presence from='a@x.test/1' to='a@rooms.test'/>");
  node.say("<presence from='a@x.test/1' to='b@rooms.test'/>");
  node.run();
  node.heard();
  for (int i = 0; i < 500; ++i) {
    node.say("<message from='a@x.test/1' to='a@rooms.test'><body>flood</body></message>");
  }
  node.say("<message from='a@x.test/1' to='b@rooms.test'><body>a word</body></message>");
  node.run();
  const std::string heard = node.heard();
  const std::string before = heard.substr(0, heard.find("a word"));
  CHECK(ToyNode::count(before, "flood") < 200);
  CHECK(ToyNode::count(heard, "flood") == 500);
}

TEST_CASE("engine: a room that left memory with something in mind is loaded again at that time") {
  ToyNode node(ToyNode::Disk::memory, 0, 1);
  node.say(kJoinA);
  node.say(message("wake"));
  node.say("<presence from='a@x.test/1' to='other@rooms.test'/>");
  node.run();
  for (int i = 0; i < 4; ++i) {
    node.advance(Millis(1100));
    node.say("<message from='a@x.test/1' to='other@rooms.test'><body>more</body></message>");
  }
  node.advance(Millis(1100));
  CHECK(node.engine->rooms_loaded() == 1);
  node.heard();
  node.advance(Millis(60'000));
  CHECK(node.engine->rooms_loaded() == 2);
  CHECK(ToyNode::count(node.heard(), "woken") == 1);
}

TEST_CASE("engine: rooms that rest leave memory, with several followers too, and come back") {
  ToyNode node(ToyNode::Disk::memory, 0, 2);
  for (const char* room : {"a", "b", "c", "d"}) {
    const std::string to = std::string("' to='") + room + "@rooms.test'/>";
    node.say("<presence from='a@x.test/1" + to);
    node.say("<presence from='b@x.test/1" + to);
  }
  node.run();
  for (int i = 0; i < 4; ++i) node.advance(Millis(1100));
  CHECK(node.engine->rooms_loaded() <= 2);
  node.heard();
  for (const char* room : {"a", "b", "c", "d"}) {
    node.say(std::string("<message from='a@x.test/1' to='") + room +
             "@rooms.test'><body>still here</body></message>");
  }
  node.run();
  CHECK(ToyNode::count(node.heard(), "still here") == 8);
}

}  // namespace hansa::toy
