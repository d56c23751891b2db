// What the simulated store adds to the suite: its faults, its crashes, and that a seed decides all.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/storage/backends.h"
#include "tests/storage/calls.h"

namespace hansa::storage::test {

namespace {

Faults bad_disk() {
  Faults faults;
  faults.conflict = faults.refused = faults.unknown = faults.read_error = 0.1;
  faults.late_records = 0.5;
  return faults;
}

// What a run of appends to two logs looks like from outside.
std::string story(std::uint64_t seed) {
  SimulatedBackend backend(seed, bad_disk());
  std::string out;
  std::size_t open = 0;
  for (BatchNumber batch = 0; batch < 40; ++batch) {
    for (const LogKey& log : {kLog, kOther}) {
      ++open;
      backend.store().append(log, batch, entries(batch + 1), [&, log](AppendOutcome outcome) {
        out += log.id.substr(0, 1) + std::to_string(static_cast<int>(outcome.result)) + " ";
        --open;
      });
    }
  }
  while (open > 0 && backend.run_one()) {
  }
  return out;
}

}  // namespace

TEST_CASE("simulated: a seed decides everything, another seed differs") {
  CHECK(story(1) == story(1));
  CHECK(story(1) != story(2));
}

TEST_CASE("simulated: logs overtake each other") {
  bool overtaken = false;
  for (std::uint64_t seed = 1; seed < 20 && !overtaken; ++seed) {
    SimulatedBackend backend(seed);
    std::string told;
    backend.store().append(kLog, 0, entries(1), [&](AppendOutcome) { told += "first "; });
    backend.store().append(kOther, 0, entries(1), [&](AppendOutcome) { told += "second "; });
    while (backend.run_one()) {
    }
    overtaken = told == "second first ";
  }
  CHECK(overtaken);
}

TEST_CASE("simulated: the outcome asked for is given, once") {
  SimulatedBackend backend;
  must_append(backend, kLog, 0, entries(1));
  for (const AppendResult result : {AppendResult::conflict, AppendResult::refused}) {
    backend.store().give_next(kLog, result);
    must_append(backend, kOther, load(backend, kOther).last_batch, Batch{});
    (void)truncate(backend, kLog, 1);
    const AppendOutcome outcome = append(backend, kLog, 1, entries(2));
    CHECK(outcome.result == result);
    CHECK(outcome.text.starts_with("simulated"));
    CHECK(load(backend, kLog).last_batch == 1);
  }
  bool kept = false;
  bool lost = false;
  for (BatchNumber last = 1; !kept || !lost;) {
    backend.store().give_next(kLog, AppendResult::unknown);
    CHECK(append(backend, kLog, last, Batch{}).result == AppendResult::unknown);
    const BatchNumber now = load(backend, kLog).last_batch;
    (now == last ? lost : kept) = true;
    last = now;
  }
}

TEST_CASE("simulated: a full disk refuses appends and claims, and lets erasures through") {
  SimulatedBackend backend;
  must_append(backend, kLog, 0, entries(1));
  Faults full;
  full.full = true;
  backend.store().set_faults(full);
  CHECK(append(backend, kLog, 1, entries(2)).result == AppendResult::refused);
  CHECK_FALSE(claim(backend, "a", std::nullopt, "b").ok());
  CHECK(erase(backend, kLog, 1).ok());
  backend.store().set_faults({});
  must_append(backend, kLog, 1, entries(2));
}

TEST_CASE("simulated: late records name their batch, and folding goes on from there") {
  Faults late;
  late.late_records = 0.7;
  SimulatedBackend backend(3, late);
  bool was_late = false;
  for (BatchNumber batch = 0; batch < 50; ++batch) {
    Batch one = entries(batch + 1);
    one.records = {{"record", std::to_string(batch + 1)}};
    one.notes = {{"note", std::to_string(batch + 1)}};
    must_append(backend, kLog, batch, std::move(one));
    const Loaded loaded = load(backend, kLog);
    CHECK(loaded.notes.at("note") == std::to_string(loaded.last_batch));
    CHECK(loaded.records_batch <= loaded.last_batch);
    CHECK(loaded.records_position == loaded.records_batch);
    if (loaded.records_batch == 0) {
      CHECK(loaded.records.empty());
    } else {
      CHECK(loaded.records.at("record") == std::to_string(loaded.records_batch));
    }
    was_late = was_late || loaded.records_batch < loaded.last_batch;
  }
  CHECK(was_late);
  // Entries that records still need are not truncated before them.
  CHECK(truncate(backend, kLog, 50).ok());
  CHECK(load(backend, kLog).records_batch == 50);
}

TEST_CASE("simulated: a crash keeps what was confirmed, and of the rest some first batches") {
  bool kept = false;
  bool lost = false;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    SimulatedBackend backend(seed);
    BatchNumber durable = 0;
    constexpr BatchNumber kAsked = 10;
    for (BatchNumber batch = 0; batch < kAsked; ++batch) {
      Batch one = entries(batch + 1);
      one.notes = {{"batch", std::to_string(batch + 1)}};
      backend.store().append(kLog, batch, std::move(one), [&durable, batch](AppendOutcome done) {
        CHECK(done.result == AppendResult::durable);
        durable = batch + 1;
      });
    }
    for (std::uint64_t step = 0; step < seed % 7; ++step) (void)backend.run_one();
    backend.store().crash();
    const BatchNumber before = durable;
    CHECK(backend.store().writes_open() == 0);
    backend.store().append(kLog, durable, entries(durable + 1),
                           [](AppendOutcome) { FAIL("told after the crash"); });
    while (backend.run_one()) {
    }
    CHECK(durable == before);
    backend.reopen();
    const Loaded loaded = load(backend, kLog);
    CHECK(loaded.last_batch >= durable);
    CHECK(loaded.last_batch <= kAsked);
    CHECK(loaded.last_position == loaded.last_batch);
    if (loaded.last_batch > 0) CHECK(loaded.notes.at("batch") == std::to_string(loaded.last_batch));
    kept = kept || loaded.last_batch > durable;
    lost = lost || loaded.last_batch < kAsked;
  }
  CHECK(kept);
  CHECK(lost);
}

TEST_CASE("simulated: reads fail when they are asked to") {
  SimulatedBackend backend;
  must_append(backend, kLog, 0, entries(1));
  Faults faults;
  faults.read_error = 1;
  backend.store().set_faults(faults);
  const auto loaded = answer_of<Result<Loaded>>(
      backend, [&](Then<Result<Loaded>> then) { backend.store().load(kLog, std::move(then)); });
  REQUIRE_FALSE(loaded.ok());
  CHECK(loaded.error().condition == Condition::resource_constraint);
}

TEST_CASE("simulated: on a bad disk a writer that loads again loses nothing") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    CAPTURE(seed);
    SimulatedBackend backend(seed, bad_disk());
    Position confirmed = 0;
    BatchNumber last = 0;
    Position end = 0;
    for (int attempt = 0; attempt < 60; ++attempt) {
      const AppendOutcome outcome = append(backend, kLog, last, entries(end + 1));
      if (outcome.result == AppendResult::durable) {
        ++last;
        confirmed = ++end;
        continue;
      }
      auto loaded = answer_of<Result<Loaded>>(
          backend, [&](Then<Result<Loaded>> then) { backend.store().load(kLog, std::move(then)); });
      if (!loaded.ok()) continue;  // tried again with the old numbers: at worst a conflict
      last = loaded->last_batch;
      end = loaded->last_position;
      CHECK(end >= confirmed);
    }
    backend.store().set_faults({});
    CHECK(read(backend, kLog, 1).entries.size() >= confirmed);
  }
}

}  // namespace hansa::storage::test
