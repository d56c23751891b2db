// Every store: the directory and the index of a shard.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "storage/rules.h"
#include "tests/storage/backends.h"
#include "tests/storage/calls.h"

namespace hansa::storage::test {

using Pairs = std::vector<KeyValue>;

STORE_TEST_CASE("directory: an address is claimed once") {
  CHECK(lookup(backend, "room@a") == std::nullopt);
  CHECK(*claim(backend, "room@a", std::nullopt, "one") == Holder("one"));
  CHECK(*claim(backend, "room@a", std::nullopt, "two") == Holder("one"));
  CHECK(*claim(backend, "room@a", "two", "three") == Holder("one"));
  if (backend.keeps()) backend.reopen();
  CHECK(lookup(backend, "room@a") == Holder("one"));
  CHECK(lookup(backend, "room@a", "hub") == std::nullopt);
  CHECK(*claim(backend, "room@a", "one", "two") == Holder("two"));
  CHECK(*claim(backend, "room@a", "two", std::nullopt) == std::nullopt);
  CHECK(lookup(backend, "room@a") == std::nullopt);
  CHECK(*claim(backend, "room@a", "two", "three") == std::nullopt);
  CHECK(*claim(backend, "room@a", std::nullopt, "three") == Holder("three"));
}

STORE_TEST_CASE("directory: of claims that are open together, the first wins") {
  std::vector<std::string> told;
  for (const std::string who : {"one", "two", "three"}) {
    backend.store().claim("node", "room@a", std::nullopt, who, [&](Result<Holder> holder) {
      REQUIRE(holder.ok());
      told.push_back(holder->value_or("free"));
    });
  }
  CHECK(told.empty());
  while (told.size() < 3 && backend.run_one()) {
  }
  CHECK(told == std::vector<std::string>(3, "one"));
}

STORE_TEST_CASE("directory: addresses come in order and in parts") {
  for (const std::string address : {"c@x", "a@x", "b@x"}) {
    CHECK(claim(backend, address, std::nullopt, "id" + address.substr(0, 1)).ok());
  }
  CHECK(addresses(backend) == Pairs{{"a@x", "ida"}, {"b@x", "idb"}, {"c@x", "idc"}});
  CHECK(addresses(backend, "a@x", 1) == Pairs{{"b@x", "idb"}});
  CHECK(addresses(backend, "a", 1) == Pairs{{"a@x", "ida"}});
  CHECK(addresses(backend, "c@x").empty());
}

STORE_TEST_CASE("directory: bad claims are errors") {
  CHECK_FALSE(claim(backend, "", std::nullopt, "one").ok());
  CHECK_FALSE(claim(backend, std::string(kKeyBytes + 1, 'a'), std::nullopt, "one").ok());
  CHECK_FALSE(claim(backend, "a", std::nullopt, std::string(kLogIdBytes + 1, 'a')).ok());
  CHECK(addresses(backend).empty());
  CHECK(claim(backend, std::string(kKeyBytes, 'a'), std::nullopt, "one").ok());
}

STORE_TEST_CASE("index: ranges are in order and end before `to`") {
  Batch batch;
  batch.index = {{"due/3", "c"}, {"due/1", "a"}, {"due/2", "b"}, {"member/x", "m"}};
  must_append(backend, kLog, 0, std::move(batch));
  Batch hub;
  hub.index = {{"due/1", "of the hub"}};
  must_append(backend, {"hub", "aaaa"}, 0, std::move(hub));
  CHECK(scan(backend, "due/", "due/3") == Pairs{{"due/1", "a"}, {"due/2", "b"}});
  CHECK(scan(backend, "due/", "due0", 2) == Pairs{{"due/1", "a"}, {"due/2", "b"}});
  CHECK(scan(backend, "due/2", "z") == Pairs{{"due/2", "b"}, {"due/3", "c"}, {"member/x", "m"}});
  CHECK(scan(backend, "due/3", "due/3").empty());
  CHECK(scan(backend, "a", "").empty());
  CHECK(scan(backend, "", "z", 0).empty());
  CHECK(scan(backend, "", "z", 9, "hub") == Pairs{{"due/1", "of the hub"}});

  // Any log of the shard changes it; the last change wins.
  Batch change;
  change.index = {{"due/1", std::nullopt}, {"due/2", "x"}, {"due/2", "y"}};
  must_append(backend, kOther, 0, std::move(change));
  CHECK(scan(backend, "due/", "due/3") == Pairs{{"due/2", "y"}});
  if (backend.keeps()) backend.reopen();
  CHECK(scan(backend, "due/", "due/3") == Pairs{{"due/2", "y"}});
}

STORE_TEST_CASE("index: a range is read backward if it ends before it begins") {
  CHECK(scan(backend, "z", "").empty());
  Batch batch;
  batch.index = {{"due/3", "c"}, {"due/1", "a"}, {"due/2", "b"}, {"member/x", "m"}};
  must_append(backend, kLog, 0, std::move(batch));
  Batch hub;
  hub.index = {{"aaa", "of the hub"}, {"zzz", "of the hub"}};
  must_append(backend, {"hub", "aaaa"}, 0, std::move(hub));
  CHECK(scan(backend, "due/3", "due/1") == Pairs{{"due/2", "b"}, {"due/1", "a"}});
  CHECK(scan(backend, "due0", "due/", 2) == Pairs{{"due/3", "c"}, {"due/2", "b"}});
  CHECK(scan(backend, "z", "due/3") == Pairs{{"member/x", "m"}, {"due/3", "c"}});
  CHECK(scan(backend, "due/1", "").empty());
  CHECK(scan(backend, "z", "", 0).empty());
  CHECK(scan(backend, "zzzz", "", 9, "hub") == Pairs{{"zzz", "of the hub"}, {"aaa", "of the hub"}});
}

STORE_TEST_CASE("index: a batch that is not written leaves it alone") {
  Batch batch = entries(5);
  batch.index = {{"key", "value"}};
  CHECK(append(backend, kLog, 0, batch).result == AppendResult::refused);
  CHECK(append(backend, kLog, 4, batch).result == AppendResult::conflict);
  CHECK(scan(backend, "", "z").empty());
}

}  // namespace hansa::storage::test
