// Every store: appends, their numbers and their order.

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/limits.h"
#include "storage/rules.h"
#include "tests/storage/backends.h"
#include "tests/storage/calls.h"

namespace hansa::storage::test {

STORE_TEST_CASE("append: an unknown log is an empty one") {
  const Loaded loaded = load(backend, kLog);
  CHECK(loaded.last_batch == 0);
  CHECK(loaded.last_position == 0);
  CHECK(loaded.first_position == 1);
  CHECK(read(backend, kLog, 1).end);
}

STORE_TEST_CASE("append: batches and positions go on densely") {
  must_append(backend, kLog, 0, entries(1, 3));
  must_append(backend, kLog, 1, entries(4, 2));
  must_append(backend, kLog, 2, Batch{});
  const Loaded loaded = load(backend, kLog);
  CHECK(loaded.last_batch == 3);
  CHECK(loaded.last_position == 5);
  const Page page = read(backend, kLog, 1);
  CHECK(page.end);
  CHECK(page.entries == entries(1, 5).entries);
}

STORE_TEST_CASE("append: another last batch than expected is a conflict") {
  CHECK(append(backend, kLog, 1, entries(1)).result == AppendResult::conflict);
  must_append(backend, kLog, 0, entries(1));
  const AppendOutcome late = append(backend, kLog, 0, entries(2));
  CHECK(late.result == AppendResult::conflict);
  CHECK(late.text.find("another writer") != std::string::npos);
  CHECK(append(backend, kLog, 2, entries(2)).result == AppendResult::conflict);
  CHECK(load(backend, kLog).last_position == 1);
  must_append(backend, kLog, 1, entries(2));
}

STORE_TEST_CASE("append: what is not dense, or too large, is refused whole") {
  must_append(backend, kLog, 0, entries(1));
  const auto refused = [&](Batch batch) {
    batch.notes.push_back({"half", "written"});
    const AppendOutcome outcome = append(backend, kLog, 1, std::move(batch));
    CHECK(outcome.result == AppendResult::refused);
    CHECK_FALSE(outcome.text.empty());
  };
  refused(entries(3));
  refused(entries(1));
  Batch gap = entries(2);
  gap.entries.push_back({4, {}, {}, false});
  refused(gap);
  Batch erased = entries(2);
  erased.entries[0].erased = true;
  refused(erased);
  refused(entries(2, limits::kBatchEntries + 1));
  Batch large = entries(2);
  large.entries[0].payload.assign(kEntriesBytes, 'x');
  refused(large);
  refused(notes({{"key", std::string(limits::kNoteBytes + 1, 'x')}}));
  refused(notes({{std::string(kKeyBytes + 1, 'x'), "value"}}));
  Batch records;
  records.records = {{"a", std::string(kChangesBytes / 2, 'x')},
                     {"b", std::string(kChangesBytes / 2, 'x')}};
  refused(records);

  const Loaded loaded = load(backend, kLog);
  CHECK(loaded.last_batch == 1);
  CHECK(loaded.notes.empty());
  // Their neighbours are taken.
  Batch most = entries(2, limits::kBatchEntries);
  must_append(backend, kLog, 1, most);
  Batch full = entries(2 + limits::kBatchEntries);
  full.entries[0].header.clear();
  full.entries[0].payload.assign(kEntriesBytes, 'x');
  must_append(backend, kLog, 2, full);
  must_append(backend, kLog, 3,
              notes({{std::string(kKeyBytes, 'x'), std::string(limits::kNoteBytes, 'x')}}));
}

STORE_TEST_CASE("append: keys that no back end could write are refused") {
  for (const LogKey& bad : {LogKey{"", "a"}, LogKey{"node", ""}, LogKey{"no de", "a"},
                            LogKey{"node", std::string("a\0b", 3)},
                            LogKey{"node", std::string(kLogIdBytes + 1, 'a')}}) {
    CHECK(append(backend, bad, 0, entries(1)).result == AppendResult::refused);
    CHECK_FALSE(remove(backend, bad).ok());
    CHECK_FALSE(truncate(backend, bad, 1).ok());
    CHECK_FALSE(erase(backend, bad, 1).ok());
    const auto loaded = answer_of<Result<Loaded>>(
        backend, [&](Then<Result<Loaded>> then) { backend.store().load(bad, std::move(then)); });
    CHECK_FALSE(loaded.ok());
  }
  must_append(backend, LogKey{"node", std::string(kLogIdBytes, 'a')}, 0, entries(1));
}

STORE_TEST_CASE("append: any bytes come back as they were") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  Batch batch;
  batch.entries = {{1, bytes, "", false}, {2, "", bytes, false}};
  batch.notes = {{bytes, bytes}, {"", ""}};
  batch.records = {{bytes, bytes}};
  batch.index = {{bytes, bytes}};
  const std::vector<Entry> written = batch.entries;
  must_append(backend, kLog, 0, std::move(batch));
  if (backend.keeps()) backend.reopen();
  CHECK(read(backend, kLog, 1).entries == written);
  const Loaded loaded = load(backend, kLog);
  CHECK(loaded.notes == std::map<std::string, std::string>{{"", ""}, {bytes, bytes}});
  CHECK(loaded.records == std::map<std::string, std::string>{{bytes, bytes}});
  CHECK(scan(backend, "", "\xff") == std::vector<KeyValue>{{bytes, bytes}});
}

STORE_TEST_CASE("append: the last note of a key wins, and none removes it") {
  using Map = std::map<std::string, std::string>;
  must_append(backend, kLog, 0, notes({{"a", "1"}, {"b", "1"}, {"a", "2"}}));
  CHECK(load(backend, kLog).notes == Map{{"a", "2"}, {"b", "1"}});
  must_append(backend, kLog, 1, notes({{"a", std::nullopt}, {"gone", std::nullopt}}));
  CHECK(load(backend, kLog).notes == Map{{"b", "1"}});
  must_append(backend, kLog, 2, notes({{"b", std::nullopt}, {"b", "3"}}));
  CHECK(load(backend, kLog).notes == Map{{"b", "3"}});
  must_append(backend, kLog, 3, notes({{"c", "1"}, {"c", std::nullopt}}));
  CHECK(load(backend, kLog).notes == Map{{"b", "3"}});
  CHECK(load(backend, kOther).notes.empty());
}

STORE_TEST_CASE("append: records are those of a batch that is named") {
  Batch batch = entries(1, 2);
  batch.records = {{"member", "one"}};
  must_append(backend, kLog, 0, std::move(batch));
  const Loaded loaded = load(backend, kLog);
  CHECK(loaded.records_batch == 1);
  CHECK(loaded.records_position == 2);
  CHECK(loaded.records == std::map<std::string, std::string>{{"member", "one"}});
  CHECK(loaded.notes.empty());
}

STORE_TEST_CASE("append: open appends of a log complete in their order") {
  constexpr BatchNumber kBatches = 60;
  std::map<std::string, std::vector<BatchNumber>> told;
  std::size_t open = 0;
  for (BatchNumber batch = 0; batch < kBatches; ++batch) {
    for (const LogKey& log : {kLog, kOther, LogKey{"hub", "aaaa"}}) {
      ++open;
      backend.store().append(log, batch, entries(batch + 1), [&, log, batch](AppendOutcome done) {
        CHECK(done.result == AppendResult::durable);
        told[log.role + log.id].push_back(batch);
        --open;
      });
    }
  }
  CHECK(open == 3 * kBatches);
  while (open > 0 && backend.run_one()) {
  }
  CHECK(open == 0);
  for (const auto& [log, batches] : told) {
    CHECK(batches.size() == kBatches);
    CHECK(std::ranges::is_sorted(batches));
  }
  CHECK(read(backend, kOther, 1).entries.size() == kBatches);
}

STORE_TEST_CASE("append: behind one that failed, its log's open appends conflict") {
  std::vector<AppendResult> results;
  const auto keep = [&](AppendOutcome outcome) { results.push_back(outcome.result); };
  backend.store().append(kLog, 0, entries(1), keep);
  backend.store().append(kLog, 1, entries(7), keep);  // a gap: refused
  backend.store().append(kLog, 2, entries(2), keep);
  backend.store().append(kLog, 1, entries(2), keep);
  while (results.size() < 4 && backend.run_one()) {
  }
  CHECK(results == std::vector{AppendResult::durable, AppendResult::refused, AppendResult::conflict,
                               AppendResult::durable});
}

}  // namespace hansa::storage::test
