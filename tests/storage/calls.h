#pragma once
// Calls to a store as a test reads them: each runs the back end until its answer is there, and
// checks that the answer did not come inside the call.

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/storage.h"
#include "tests/storage/backends.h"

namespace hansa::storage::test {

inline const LogKey kLog{"node", "aaaa"};
inline const LogKey kOther{"node", "bbbb"};

template <typename T, typename Call>
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
Batch entries(Position first, std::size_t count = 1);
Batch notes(std::vector<Change> changes);
AppendOutcome append(Backend& backend, const LogKey& log, BatchNumber expected, Batch batch);
void must_append(Backend& backend, const LogKey& log, BatchNumber expected, Batch batch);
Loaded load(Backend& backend, const LogKey& log);
Page read(Backend& backend, const LogKey& log, Position from, std::size_t max_bytes = 1 << 20);
Status truncate(Backend& backend, const LogKey& log, Position first);
Status erase(Backend& backend, const LogKey& log, Position position);
Status remove(Backend& backend, const LogKey& log);
std::vector<LogKey> list(Backend& backend, const std::string& role, const std::string& after = {},
                         std::size_t most = 100);
using Holder = std::optional<std::string>;
Result<Holder> claim(Backend& backend, const std::string& address, Holder expected, Holder value);
Holder lookup(Backend& backend, const std::string& address, const std::string& role = "node");
std::vector<KeyValue> addresses(Backend& backend, const std::string& after = {},
                                std::size_t most = 100);
std::vector<KeyValue> scan(Backend& backend, const std::string& from, const std::string& to,
                           std::size_t most = 100, const std::string& role = "node");

}  // namespace hansa::storage::test
