// Every store: calls that are open when it goes, and what is there when it is opened anew.

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "tests/storage/backends.h"
#include "tests/storage/calls.h"

namespace hansa::storage::test {

STORE_TEST_CASE("lifetime: functions of open calls are dropped with the store") {
  const auto told = std::make_shared<int>(0);
  const auto count = [told](const auto&) { ++*told; };
  for (BatchNumber batch = 0; batch < 20; ++batch) {
    backend.store().append(kLog, batch, entries(batch + 1), count);
    backend.store().load(kLog, count);
    backend.store().read(kOther, 1, 100, count);
    backend.store().claim("node", "a", std::nullopt, "b", count);
  }
  backend.close();
  backend.reopen();
  (void)load(backend, kLog);  // whatever was posted before has run
  CHECK(*told == 0);
  (void)count;
}

STORE_TEST_CASE("lifetime: a function may destroy the store") {
  int told = 0;
  backend.store().append(kLog, 0, entries(1), [&](AppendOutcome) {
    ++told;
    backend.close();
  });
  backend.store().append(kLog, 1, entries(2), [&](AppendOutcome) { ++told; });
  while (told == 0 && backend.run_one()) {
  }
  backend.reopen();
  (void)load(backend, kLog);
  CHECK(told == 1);
}

STORE_TEST_CASE("lifetime: a function may call the store") {
  int left = 10;
  bool done = false;
  std::function<void(AppendOutcome)> next = [&](AppendOutcome outcome) {
    CHECK(outcome.result == AppendResult::durable);
    if (--left == 0) {
      done = true;
      return;
    }
    const BatchNumber batch = static_cast<BatchNumber>(10 - left);
    backend.store().append(kLog, batch, entries(batch + 1), next);
  };
  backend.store().append(kLog, 0, entries(1), next);
  while (!done && backend.run_one()) {
  }
  CHECK(load(backend, kLog).last_position == 10);
}

TEST_CASE_TEMPLATE("lifetime: opened anew, a store has what was durable", Backend, SimulatedBackend,
                   LevelDbBackend) {
  Backend backend;
  for (BatchNumber batch = 0; batch < 5; ++batch) {
    Batch one = entries(batch * 3 + 1, 3);
    one.notes = {{"batch", std::to_string(batch)}, {std::to_string(batch), "here"}};
    one.records = {{"record", std::to_string(batch)}};
    must_append(backend, kLog, batch, std::move(one));
    backend.reopen();
  }
  const Loaded loaded = load(backend, kLog);
  CHECK(loaded.last_batch == 5);
  CHECK(loaded.last_position == 15);
  CHECK(loaded.notes.size() == 6);
  CHECK(loaded.notes.at("batch") == "4");
  CHECK(loaded.records.at("record") == "4");
  CHECK(read(backend, kLog, 1).entries == entries(1, 15).entries);
  must_append(backend, kLog, 5, entries(16));
}

}  // namespace hansa::storage::test
