#pragma once
// The cells of the coverage table (fault × what it hits) that a long run must have filled, and
// those that cannot be, each with its reason. A run that leaves another one empty fails: a fault
// that hits nothing proves nothing.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/arena.h"

namespace hansa::sim {

struct Never {
  std::string_view fault;  // empty: whatever fault
  std::string_view what;   // empty: whatever it hits
  std::string_view why;
};

// Every fault with everything it may hit.
struct Cells {
  std::vector<std::string> faults;
  std::span<const std::string_view> hit;
};

struct Goal {
  std::uint64_t histories = 0;  // of so many, or more, is it asked
  std::vector<Cells> cells;
  std::span<const Never> never;
};

// «fault × what», in the table's order.
[[nodiscard]] std::vector<std::string> empty_cells(const Goal& goal, const Counts& covered);

}  // namespace hansa::sim
