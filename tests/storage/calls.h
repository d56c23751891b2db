#pragma once
// Calls to a store as a test reads them: each runs the back end until its answer is there, and
// checks that the answer did not come inside the call.

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/storage.h"

namespace hansa::storage::test {

inline const LogKey kLog{"node", "aaaa"};
inline const LogKey kOther{"node", "bbbb"};

template <typename T, typename Backend, typename Call>
T answer_of(Backend& backend, Call call) {
  std::optional<T> got;
  call([&got](T answer) { got = std::move(answer); });
  REQUIRE_FALSE(got.has_value());
  while (!got && backend.run_one()) {
  }
  REQUIRE(got.has_value());
  return std::move(*got);
}

// `count` entries from `first` on; what is in them follows from their position.
inline Batch entries(Position first, std::size_t count = 1) {
  Batch batch;
  for (Position at = first; at < first + count; ++at) {
    const std::string number = std::to_string(at);
    batch.entries.push_back({at, "header " + number, "payload " + number, false});
  }
  return batch;
}

inline Batch notes(std::vector<Change> changes) { return {{}, std::move(changes), {}, {}}; }

template <typename Backend>
AppendOutcome append(Backend& backend, const LogKey& log, BatchNumber expected, Batch batch) {
  return answer_of<AppendOutcome>(backend, [&](Then<AppendOutcome> then) {
    backend.store().append(log, expected, std::move(batch), std::move(then));
  });
}

template <typename Backend>
void must_append(Backend& backend, const LogKey& log, BatchNumber expected, Batch batch) {
  const AppendOutcome outcome = append(backend, log, expected, std::move(batch));
  INFO(outcome.text);
  REQUIRE(outcome.result == AppendResult::durable);
}

template <typename Backend>
Loaded load(Backend& backend, const LogKey& log) {
  auto loaded = answer_of<Result<Loaded>>(
      backend, [&](Then<Result<Loaded>> then) { backend.store().load(log, std::move(then)); });
  REQUIRE(loaded.ok());
  return std::move(loaded).value();
}

template <typename Backend>
Page read(Backend& backend, const LogKey& log, Position from, std::size_t max_bytes = 1 << 20) {
  auto page = answer_of<Result<Page>>(backend, [&](Then<Result<Page>> then) {
    backend.store().read(log, from, max_bytes, std::move(then));
  });
  REQUIRE(page.ok());
  return std::move(page).value();
}

template <typename Backend>
Status truncate(Backend& backend, const LogKey& log, Position first) {
  return answer_of<Status>(
      backend, [&](Then<Status> then) { backend.store().truncate(log, first, std::move(then)); });
}

template <typename Backend>
Status erase(Backend& backend, const LogKey& log, Position position) {
  return answer_of<Status>(backend, [&](Then<Status> then) {
    backend.store().erase_payload(log, position, std::move(then));
  });
}

template <typename Backend>
Status remove(Backend& backend, const LogKey& log) {
  return answer_of<Status>(
      backend, [&](Then<Status> then) { backend.store().remove(log, std::move(then)); });
}

template <typename Backend>
std::vector<LogKey> list(Backend& backend, const std::string& role, const std::string& after = {},
                         std::size_t most = 100) {
  using Logs = Result<std::vector<LogKey>>;
  auto logs = answer_of<Logs>(
      backend, [&](Then<Logs> then) { backend.store().list(role, after, most, std::move(then)); });
  REQUIRE(logs.ok());
  return std::move(logs).value();
}

using Holder = std::optional<std::string>;

template <typename Backend>
Result<Holder> claim(Backend& backend, const std::string& address, Holder expected, Holder value) {
  return answer_of<Result<Holder>>(backend, [&](Then<Result<Holder>> then) {
    backend.store().claim("node", address, std::move(expected), std::move(value), std::move(then));
  });
}

template <typename Backend>
Holder lookup(Backend& backend, const std::string& address, const std::string& role = "node") {
  auto holder = answer_of<Result<Holder>>(backend, [&](Then<Result<Holder>> then) {
    backend.store().lookup(role, address, std::move(then));
  });
  REQUIRE(holder.ok());
  return std::move(holder).value();
}

template <typename Backend>
std::vector<KeyValue> addresses(Backend& backend, const std::string& after = {},
                                std::size_t most = 100) {
  using Pairs = Result<std::vector<KeyValue>>;
  auto pairs = answer_of<Pairs>(backend, [&](Then<Pairs> then) {
    backend.store().addresses("node", after, most, std::move(then));
  });
  REQUIRE(pairs.ok());
  return std::move(pairs).value();
}

template <typename Backend>
std::vector<KeyValue> scan(Backend& backend, const std::string& from, const std::string& to,
                           std::size_t most = 100, const std::string& role = "node") {
  using Pairs = Result<std::vector<KeyValue>>;
  auto pairs = answer_of<Pairs>(backend, [&](Then<Pairs> then) {
    backend.store().scan_index(role, from, to, most, std::move(then));
  });
  REQUIRE(pairs.ok());
  return std::move(pairs).value();
}

}  // namespace hansa::storage::test
