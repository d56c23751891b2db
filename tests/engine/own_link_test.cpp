// The link that leads back (engine/own_link.h): a link like any other.

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "engine/impl.h"
#include "tests/engine/toy.h"

using namespace hansa;
using toy::ToyNode;

namespace {

constexpr std::size_t kHighWater = 16 * 1024;

// What is said in tea is told to pot, a room of the same node.
struct Kitchen {
  ToyNode node{ToyNode::Disk::simulated, kHighWater};

  explicit Kitchen(const std::string& vessel = "pot", std::uint64_t seed = 7)
      : pot(vessel + "@rooms.test") {
    node.crash();
    node.random = SeededRandom(seed);
    node.start();
    for (const std::string& room : {std::string("tea@rooms.test"), pot}) {
      node.say("<presence from='a@x.test/1' to='" + room + "'/>");
    }
    says("tea", "tell " + pot);
    node.run();
    node.heard();
    node.store->lookup("node", pot, [this](Result<std::optional<std::string>> found) {
      pot_log = found.value().value();
    });
    node.run();
  }
  void says(const std::string& room, const std::string& body) {
    node.say("<message from='a@x.test/1' to='" + room + "@rooms.test'><body>" + body +
             "</body></message>");
  }
  // From now on pot cannot store what it is told, and whoever tells it is counted.
  void pot_fails() {
    node.links.within = [this](const xmpp::Stanza& stanza) {
      if (stanza.to.text() != pot) return;
      ++tries;
      node.simulated->give_next({"node", pot_log}, storage::AppendResult::refused);
    };
  }
  void seconds_pass(int number) {
    for (; number > 0; --number) node.advance(Millis(1000));
  }
  std::string pot;
  std::string pot_log;
  int tries = 0;
  // As the one who is in pot was told.
  std::size_t told_in_pot(const std::string& text, const std::string& body) {
    return ToyNode::count(text,
                          "<message from='" + pot + "' to='a@x.test/1'><body>" + body + "</body>");
  }
};

}  // namespace

TEST_CASE("own link: what is on it counts as queued, and a full one pauses the fan-out") {
  Kitchen k;
  k.node.faults.least_read = k.node.faults.most_read = Millis(10'000);
  k.node.simulated->set_faults(k.node.faults);
  k.says("pot", "ask nowhere@rooms.test");  // so long it takes nothing else
  const engine::OwnLink& own = k.node.engine->impl().own;
  const std::string tail(1000, 'x');
  constexpr int kMessages = 2000;
  std::size_t most = 0;
  for (int i = 0; i < kMessages; ++i) {
    k.says("tea", std::to_string(i) + " " + tail);
    if (i % 20 != 0) continue;
    for (int steps = 0; steps < 2; ++steps) {
      k.node.engine->settle();
      most = std::max(most, own.queued(engine::kOwnLink));
      REQUIRE(k.node.queue.step());
    }
  }
  REQUIRE(k.node.clock.now_ms < 10'000);
  CHECK(most > kHighWater / 2);
  CHECK(most < 2 * kHighWater);
  std::string heard;
  for (bool more = true; more;) {  // the host's link is a small one, too
    k.node.run();
    const std::string next = k.node.heard();
    more = !next.empty();
    heard += next;
    k.node.engine->on_drained("rooms.test");
  }
  CHECK(own.queued(engine::kOwnLink) == 0);
  const std::string from_pot = "<message from='pot@rooms.test' to='a@x.test/1'><body>";
  CHECK(ToyNode::count(heard, from_pot) == kMessages + 1);
  std::size_t at = 0;
  for (int i = 0; i < kMessages && at != std::string::npos; ++i) {
    at = heard.find(from_pot + std::to_string(i) + " ", at);
  }
  CHECK(at != std::string::npos);
}

TEST_CASE("own link: what a room cannot store is sent to it again, later each time, until it can") {
  Kitchen k;
  k.pot_fails();
  k.says("tea", "milk");
  k.node.run();
  CHECK(k.tries == 1);
  k.seconds_pass(120);
  CHECK(k.tries >= 5);
  CHECK(k.tries <= 8);
  CHECK(k.told_in_pot(k.node.heard(), "milk") == 0);
  k.node.links.within = {};
  k.seconds_pass(70);
  CHECK(k.told_in_pot(k.node.heard(), "milk") == 1);
  k.says("tea", "sugar");
  k.node.run();
  CHECK(k.told_in_pot(k.node.heard(), "sugar") == 1);
}

TEST_CASE("own link: what came after something lost is confirmed with it, not before") {
  Kitchen k;
  k.pot_fails();
  k.says("tea", "milk");
  k.node.run();
  k.node.links.within = {};
  k.says("tea", "sugar");
  k.node.run();
  k.node.crash();
  k.node.start();
  k.seconds_pass(5);
  const std::string heard = k.node.heard();
  CHECK(k.told_in_pot(heard, "milk") == 1);
  CHECK(k.told_in_pot(heard, "sugar") >= 1);
}

TEST_CASE("own link: who told another room all may leave memory, and not before") {
  Kitchen k;
  const auto& tea = k.node.engine->impl().room(xmpp::Jid::parse("tea@rooms.test").value());
  k.says("tea", "milk");
  k.node.run();
  k.seconds_pass(5);
  CHECK(tea.evictable());
  k.pot_fails();
  k.says("tea", "sugar");
  k.node.run();
  k.seconds_pass(5);
  CHECK_FALSE(tea.evictable());
  k.node.links.within = {};
  k.seconds_pass(10);
  CHECK(tea.evictable());
}

TEST_CASE("own link: who is sent one after the other gets nothing newer before what was lost") {
  for (const char* vessel : {"pot", "jug"}) {
    int newer_first = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      Kitchen k(vessel, seed);
      k.pot_fails();
      k.says("tea", "milk");
      while (k.tries == 0) {
        k.node.queue.step();
        k.node.engine->settle();
      }
      k.node.links.within = {};
      k.node.faults.least_read = k.node.faults.most_read = Millis(50);
      k.node.simulated->set_faults(k.node.faults);
      k.says(vessel, "ask nowhere@rooms.test");  // what comes now waits until the disk has answered
      k.says("tea", "honey");
      k.node.run();
      k.seconds_pass(20);
      const std::string heard = k.node.heard();
      CHECK(k.told_in_pot(heard, "milk") == 1);
      CHECK(k.told_in_pot(heard, "honey") >= 1);
      const std::string told = "<message from='" + k.pot + "' to='a@x.test/1'><body>";
      if (heard.find(told + "honey") < heard.find(told + "milk")) ++newer_first;
    }
    CHECK((newer_first == 0) == (std::string_view(vessel) == "jug"));
  }
}

TEST_CASE("own link: one after the other is all of them, and takes no longer than the disk") {
  Kitchen k("jug");
  for (int i = 0; i < 100; ++i) k.says("tea", "spoon " + std::to_string(i) + ".");
  k.node.run();
  CHECK(k.node.clock.now_ms < 10'000);
  const std::string heard = k.node.heard();
  std::size_t at = 0;
  for (int i = 0; i < 100 && at != std::string::npos; ++i) {
    at = heard.find(
        "<message from='jug@rooms.test' to='a@x.test/1'><body>spoon " + std::to_string(i) + ".",
        at);
  }
  CHECK(at != std::string::npos);
}

TEST_CASE("own link: who is sent one after the other goes on after a crash") {
  Kitchen k("jug");
  k.pot_fails();
  k.says("tea", "milk");
  k.node.run();
  k.says("tea", "sugar");
  k.node.run();
  k.node.crash();
  k.node.links.within = {};
  k.node.start();
  k.seconds_pass(5);
  k.says("tea", "honey");
  k.node.run();
  const std::string heard = k.node.heard();
  for (const char* body : {"milk", "sugar", "honey"}) CHECK(k.told_in_pot(heard, body) == 1);
}

TEST_CASE("own link: one that cannot store for long does not hold up who else is told") {
  Kitchen k("jug");
  k.pot_fails();
  k.node.say("<presence from='a@x.test/1' to='mug@rooms.test'/>");
  k.says("tea", "tell mug@rooms.test");
  k.node.run();
  k.says("tea", "milk");
  k.node.run();
  k.says("tea", "honey");
  k.node.run();
  const std::string told = "<message from='mug@rooms.test' to='a@x.test/1'><body>";
  k.seconds_pass(5);
  std::string heard = k.node.heard();
  CHECK(ToyNode::count(heard, told + "milk") >= 1);
  CHECK(ToyNode::count(heard, told + "honey") == 0);  // jug is to have milk first
  k.seconds_pass(300);
  heard = k.node.heard();
  CHECK(ToyNode::count(heard, told + "honey") >= 1);
  CHECK(k.told_in_pot(heard, "honey") == 0);
  k.node.links.within = {};
  k.seconds_pass(1000);  // more was refused for it in advance
  heard = k.node.heard();
  CHECK(k.told_in_pot(heard, "milk") == 1);
  CHECK(k.told_in_pot(heard, "honey") == 1);
}
