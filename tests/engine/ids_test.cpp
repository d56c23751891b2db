#include <doctest/doctest.h>

#include "tests/engine/toy.h"
#include "tests/support/ids.h"

namespace hansa::toy {
namespace {

// The log ids of that many rooms, made after a start of the node with chance of its own.
std::vector<std::string> log_ids(ToyNode& node, const std::string& prefix, std::uint64_t seed) {
  constexpr int kRooms = 50;
  node.crash();
  node.random = SeededRandom(seed);
  node.start();
  std::vector<std::string> ids;
  for (int i = 0; i < kRooms; ++i) {
    const std::string room = prefix + std::to_string(i) + "@rooms.test";
    node.say("<presence from='a@x.test/1' to='" + room + "'/>");
    node.run();
    ids.push_back(node.disk->image.lookup("node", room).value().value_or(""));
  }
  return ids;
}

}  // namespace

TEST_CASE("engine: log ids say nothing, and two starts of a node have none alike") {
  ToyNode node(ToyNode::Disk::simulated);
  std::vector<std::string> ids = log_ids(node, "a", 1);
  CHECK(test::what_ids_say(ids) == "");
  const std::vector<std::string> more = log_ids(node, "b", 2);
  CHECK(test::what_ids_say(more) == "");
  ids.insert(ids.end(), more.begin(), more.end());
  CHECK(test::what_ids_say(ids) == "");
}

TEST_CASE("ids: what counts, or shares a beginning or an end, is found") {
  const std::vector<std::string> good{"mfrggzdfmztwq2lk", "x5o3brqkzmw2ayhd", "aq7tnlvc4ks6jfep"};
  CHECK(test::what_ids_say(good) == "");
  auto ids = good;
  SUBCASE("counts up") { ids = {"a4", "b3", "c2"}; }
  SUBCASE("counts down") { ids = {"c2", "b3", "a4"}; }
  SUBCASE("begins alike") { ids.emplace_back("x5o3brqkyyyyyyyy"); }
  SUBCASE("ends alike") { ids.emplace_back("yyyyyyyyzmw2ayhd"); }
  SUBCASE("is the same") { ids.push_back(good[0]); }
  CHECK(test::what_ids_say(ids) != "");
}

}  // namespace hansa::toy
