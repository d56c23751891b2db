#pragma once
// Reading a store to its end, call by call; private to tests/golden.

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/golden/frozen.h"

namespace hansa::golden {

// What fails here is the test's own fault.
template <typename T>
T sure(Result<T> result) {
  if (!result) std::abort();
  return std::move(result).value();
}
inline void sure(bool condition) {
  if (!condition) std::abort();
}

// The answer of one call of a store.
template <typename T, typename Call>
T answer(const Step& step, Call call) {
  std::optional<T> out;
  call([&out](T value) { out.emplace(std::move(value)); });
  while (!out) step();
  return std::move(*out);
}

[[nodiscard]] std::string escaped(std::string_view bytes);
[[nodiscard]] std::string unescaped(std::string_view text);

inline constexpr std::size_t kAll = 1'000'000;
inline constexpr const char* kRoles[] = {"hub", "node"};

// Of both roles.
[[nodiscard]] std::vector<storage::LogKey> logs_of(storage::Store& store, const Step& step);
[[nodiscard]] storage::Loaded load(storage::Store& store, const Step& step,
                                   const storage::LogKey& log);
[[nodiscard]] std::vector<storage::Entry> entries_of(storage::Store& store, const Step& step,
                                                     const storage::LogKey& log);
[[nodiscard]] std::vector<storage::KeyValue> addresses_of(storage::Store& store, const Step& step,
                                                          const std::string& role);
[[nodiscard]] std::vector<storage::KeyValue> index_of(storage::Store& store, const Step& step,
                                                      const std::string& role);

}  // namespace hansa::golden
