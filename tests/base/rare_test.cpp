#include "base/rare.h"

#include <doctest/doctest.h>

#include <map>

using hansa::Rare;

TEST_CASE("rare: is read as empty before it is used, and holds nothing then") {
  const Rare<std::map<int, int>> map;
  CHECK(map->empty());
  CHECK(map->find(1) == map->end());
  CHECK_FALSE(map.held());
}

TEST_CASE("rare: keeps what was put in until it is cleared or taken") {
  Rare<std::map<int, int>> map;
  map.use()[1] = 2;
  map.use()[2] = 3;
  CHECK(map->at(1) == 2);
  CHECK((*map).size() == 2);
  Rare<std::map<int, int>> moved = std::move(map);
  CHECK(moved->size() == 2);
  CHECK(moved.take().size() == 2);
  CHECK_FALSE(moved.held());
  CHECK(moved.take().empty());
  moved.use()[1] = 2;
  moved.clear();
  CHECK(moved->empty());
}

TEST_CASE("rare: gives memory back only of what is empty") {
  Rare<std::map<int, int>> map;
  map.use()[1] = 2;
  map.shed();
  CHECK(map.held());
  map.use().clear();
  CHECK(map.held());
  map.shed();
  CHECK_FALSE(map.held());
}
