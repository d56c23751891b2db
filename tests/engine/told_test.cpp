// Requests of this program to a room (Passed::told): each is told once, what a client would be.

#include <doctest/doctest.h>

#include "tests/engine/toy.h"

using namespace hansa;
using toy::ToyNode;

namespace {

constexpr const char* kJoin = "<presence from='a@x.test/1' to='tea@rooms.test'/>";

std::string name_of(const Error& error) { return std::string(row_of(error.condition).element); }

struct Asked {
  ToyNode node{ToyNode::Disk::simulated};
  std::vector<std::string> told;

  void ask(const std::string& room, const std::string& body) {
    node.engine->on_admin(
        [=, this](engine::ServiceTurn& turn, const std::function<void(std::string)>& done) {
          turn.pass(xmpp::Jid::parse(room).value(),
                    {"toy:say", {}, {{"body", body}}, [this](const Result<std::string>& answer) {
                       told.emplace_back(answer ? *answer : name_of(answer.error()));
                     }});
          done("");
        },
        [](const std::string&) {});
  }
  // All that was told meanwhile, with spaces between.
  std::string answers() {
    node.run();
    std::string all;
    for (const std::string& one : std::exchange(told, {})) all += (all.empty() ? "" : " ") + one;
    return all;
  }
};

}  // namespace

TEST_CASE("told: when it is durable, not before") {
  Asked a;
  a.node.say(kJoin);
  a.node.run();
  a.ask("tea@rooms.test", "hello");
  a.node.engine->settle();
  CHECK(a.told.empty());
  CHECK(a.answers() == "said");
  CHECK(ToyNode::count(a.node.heard(), "<body>hello</body>") == 1);
}

TEST_CASE("told: when all is durable that its turn changes after the answer") {
  Asked a;
  a.node.say(kJoin);
  a.node.run();
  a.ask("tea@rooms.test", "answer first");
  a.node.engine->settle();
  CHECK(a.told.empty());
  CHECK(a.answers() == "said");
  a.node.faults.full = true;
  a.node.simulated->set_faults(a.node.faults);
  a.ask("tea@rooms.test", "answer first");
  CHECK(a.answers() == "resource-constraint");
}

TEST_CASE("told: why not") {
  Asked a;
  a.ask("nowhere@rooms.test", "hello");
  CHECK(a.answers() == "item-not-found");
  a.node.say(kJoin);
  a.node.run();
  a.ask("tea@rooms.test", "no answer");  // a handler that says nothing is told of all the same
  CHECK(a.answers() == "service-unavailable");
}

TEST_CASE("told: once, that the disk did not take it") {
  Asked a;
  a.node.say(kJoin);
  a.node.run();
  a.node.faults.full = true;
  a.node.simulated->set_faults(a.node.faults);
  a.ask("tea@rooms.test", "lost");
  CHECK(a.answers() == "resource-constraint");
  a.node.faults.full = false;
  a.node.simulated->set_faults(a.node.faults);
  a.ask("tea@rooms.test", "kept");
  CHECK(a.answers() == "said");
  CHECK(ToyNode::count(a.node.heard(), "<body>lost</body>") == 0);
}

TEST_CASE("told: that a room is read-only, which keeps nothing") {
  Asked a;
  a.node.say(kJoin);
  a.node.say(
      "<message from='a@x.test/1' to='tea@rooms.test'><body>arrives needed</body></message>");
  a.node.run();
  a.ask("tea@rooms.test", "too much");
  CHECK(a.answers() == "not-allowed");
}
