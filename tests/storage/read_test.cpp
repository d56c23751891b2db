// Every store: pages, truncation, erasure, removal, listing.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/storage/backends.h"
#include "tests/storage/calls.h"

namespace hansa::storage::test {

namespace {

std::vector<Position> positions(const Page& page) {
  std::vector<Position> out;
  for (const Entry& entry : page.entries) out.push_back(entry.position);
  return out;
}

// `count` entries of exactly ten bytes each.
Batch tens(Position first, std::size_t count) {
  Batch batch;
  for (Position at = first; at < first + count; ++at) {
    batch.entries.push_back({at, "head", "sixbyt", false});
  }
  return batch;
}

}  // namespace

STORE_TEST_CASE("read: a page holds what fits, and at least one entry") {
  must_append(backend, kLog, 0, tens(1, 5));
  struct Row {
    Position from;
    std::size_t max_bytes;
    std::vector<Position> positions;
    bool end;
  };
  const std::vector<Row> rows = {
      {1, 1000, {1, 2, 3, 4, 5}, true},
      {1, 50, {1, 2, 3, 4, 5}, true},
      {1, 49, {1, 2, 3, 4}, false},
      {1, 44, {1, 2, 3, 4}, false},  // the header of the fifth would still fit
      {1, 30, {1, 2, 3}, false},
      {1, 0, {1}, false},
      {0, 10, {1}, false},
      {3, 20, {3, 4}, false},
      {4, 20, {4, 5}, true},
      {5, 0, {5}, true},
      {6, 1000, {}, true},
      {1'000'000, 1000, {}, true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.from);
    CAPTURE(row.max_bytes);
    const Page page = read(backend, kLog, row.from, row.max_bytes);
    CHECK(positions(page) == row.positions);
    CHECK(page.end == row.end);
  }
}

STORE_TEST_CASE("read: a log is not its neighbours") {
  for (const LogKey& log : {LogKey{"node", "a"}, LogKey{"node", "aa"}, LogKey{"node", "b"},
                            LogKey{"hub", "aa"}, LogKey{"nodea", "a"}}) {
    Batch batch = entries(1, 2);
    batch.notes = {{"who", log.role + "/" + log.id}};
    batch.records = {{"who", log.role + "/" + log.id}};
    must_append(backend, log, 0, std::move(batch));
  }
  CHECK(read(backend, {"node", "a"}, 1).entries.size() == 2);
  const Loaded loaded = load(backend, {"node", "aa"});
  CHECK(loaded.notes.at("who") == "node/aa");
  CHECK(loaded.notes.size() == 1);
  CHECK(loaded.records.size() == 1);
  CHECK(remove(backend, {"node", "a"}).ok());
  CHECK(load(backend, {"node", "aa"}).last_batch == 1);
  CHECK(load(backend, {"nodea", "a"}).last_batch == 1);
}

STORE_TEST_CASE("truncate: what is before is gone, positions stay") {
  must_append(backend, kLog, 0, tens(1, 10));
  CHECK(truncate(backend, kLog, 4).ok());
  CHECK(load(backend, kLog).first_position == 4);
  CHECK(positions(read(backend, kLog, 1, 20)) == std::vector<Position>{4, 5});
  CHECK(truncate(backend, kLog, 4).ok());
  CHECK(truncate(backend, kLog, 2).ok());
  CHECK(truncate(backend, kLog, 0).ok());
  CHECK(load(backend, kLog).first_position == 4);

  CHECK(truncate(backend, kLog, 100).ok());
  const Loaded loaded = load(backend, kLog);
  CHECK(loaded.first_position == 11);
  CHECK(loaded.last_position == 10);
  CHECK(read(backend, kLog, 1).end);
  CHECK(read(backend, kLog, 1).entries.empty());
  must_append(backend, kLog, 1, tens(11, 1));
  if (backend.keeps()) backend.reopen();
  CHECK(positions(read(backend, kLog, 1)) == std::vector<Position>{11});
  CHECK(truncate(backend, kOther, 5).ok());
  CHECK(load(backend, kOther).last_batch == 0);
}

STORE_TEST_CASE("truncate: a long log goes in slices that nobody sees") {
  for (BatchNumber batch = 0; batch < 4; ++batch) {
    must_append(backend, kLog, batch, tens(1 + batch * 1000, 1000));
  }
  CHECK(truncate(backend, kLog, 1501).ok());
  CHECK(truncate(backend, kLog, 3501).ok());
  if (backend.keeps()) backend.reopen();
  must_append(backend, kLog, 4, tens(4001, 1));
  const Page page = read(backend, kLog, 1);
  CHECK(page.entries.size() == 501);
  CHECK(page.entries.front().position == 3501);
  CHECK(page.end);
}

STORE_TEST_CASE("erase: the payload goes, the header stays") {
  Batch batch = entries(1, 3);
  batch.entries[2].payload.clear();  // empty is not erased
  must_append(backend, kLog, 0, std::move(batch));
  CHECK(erase(backend, kLog, 2).ok());
  CHECK(erase(backend, kLog, 2).ok());
  CHECK(erase(backend, kLog, 0).ok());
  CHECK(erase(backend, kLog, 4).ok());
  CHECK(erase(backend, kOther, 1).ok());
  if (backend.keeps()) backend.reopen();
  const Page page = read(backend, kLog, 1);
  REQUIRE(page.entries.size() == 3);
  CHECK(page.entries[0] == entries(1).entries[0]);
  CHECK(page.entries[1] == Entry{2, "header 2", "", true});
  CHECK(page.entries[2] == Entry{3, "header 3", "", false});
  must_append(backend, kLog, 1, entries(4));
  CHECK_FALSE(read(backend, kLog, 4).entries[0].erased);
}

STORE_TEST_CASE("erase: right behind the append that is still open") {
  backend.store().append(kLog, 0, entries(1, 2), [](AppendOutcome) {});
  CHECK(erase(backend, kLog, 1).ok());
  CHECK(read(backend, kLog, 1).entries[0].erased);
  CHECK_FALSE(read(backend, kLog, 1).entries[1].erased);
}

STORE_TEST_CASE("remove: nothing is left, and the key can begin anew") {
  Batch batch = tens(1, 1000);
  batch.notes = {{"note", "1"}};
  batch.records = {{"record", "1"}};
  batch.index = {{"index", "1"}};
  must_append(backend, kLog, 0, std::move(batch));
  CHECK(truncate(backend, kLog, 900).ok());
  CHECK(remove(backend, kLog).ok());
  CHECK(load(backend, kLog).last_batch == 0);
  CHECK(load(backend, kLog).notes.empty());
  CHECK(load(backend, kLog).records.empty());
  CHECK(read(backend, kLog, 1).entries.empty());
  CHECK(list(backend, "node").empty());
  CHECK(scan(backend, "", "z").size() == 1);  // the index is the shard's
  CHECK(remove(backend, kLog).ok());

  must_append(backend, kLog, 0, tens(1, 2));
  if (backend.keeps()) backend.reopen();
  CHECK(read(backend, kLog, 1).entries == tens(1, 2).entries);
  CHECK(load(backend, kLog).notes.empty());
  CHECK(load(backend, kLog).first_position == 1);
}

STORE_TEST_CASE("remove: between appends that are all open") {
  std::vector<bool> good;
  const auto durable = [&](AppendOutcome outcome) {
    good.push_back(outcome.result == AppendResult::durable);
  };
  backend.store().append(kLog, 0, tens(1, 700), durable);
  backend.store().remove(kLog, [&](Status status) { good.push_back(status.ok()); });
  backend.store().append(kLog, 0, tens(1, 1), durable);
  backend.store().remove(kLog, [&](Status status) { good.push_back(status.ok()); });
  backend.store().append(kLog, 0, tens(1, 3), durable);
  while (good.size() < 5 && backend.run_one()) {
  }
  CHECK(good == std::vector<bool>(5, true));
  CHECK(read(backend, kLog, 1).entries == tens(1, 3).entries);
}

STORE_TEST_CASE("list: the logs of a shard, in order, in parts") {
  for (const std::string id : {"c", "a", "ab", "b", "aa"}) {
    must_append(backend, {"node", id}, 0, entries(1));
    must_append(backend, {"hub", id + "x"}, 0, notes({{"only", "a note"}}));
  }
  const auto ids = [](const std::vector<LogKey>& logs) {
    std::string out;
    for (const LogKey& log : logs) out += log.id + " ";
    return out;
  };
  CHECK(ids(list(backend, "node")) == "a aa ab b c ");
  CHECK(ids(list(backend, "node", "", 2)) == "a aa ");
  CHECK(ids(list(backend, "node", "aa", 2)) == "ab b ");
  CHECK(ids(list(backend, "node", "c", 2)).empty());
  CHECK(ids(list(backend, "node", "azz", 1)) == "b ");
  CHECK(ids(list(backend, "node", "", 0)).empty());
  CHECK(list(backend, "hub").front() == LogKey{"hub", "aax"});
  CHECK(list(backend, "none").empty());
}

}  // namespace hansa::storage::test
