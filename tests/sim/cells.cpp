#include "tests/sim/cells.h"

#include <algorithm>

namespace hansa::sim {

std::vector<std::string> empty_cells(const Goal& goal, const Counts& covered) {
  std::vector<std::string> empty;
  for (const Cells& cells : goal.cells) {
    for (const std::string& fault : cells.faults) {
      for (const std::string_view what : cells.hit) {
        const bool never = std::any_of(goal.never.begin(), goal.never.end(), [&](const Never& one) {
          return (one.fault.empty() || one.fault == fault) &&
                 (one.what.empty() || one.what == what);
        });
        const std::string cell = fault + " × " + std::string(what);
        if (!never && !covered.contains(cell)) empty.push_back(cell);
      }
    }
  }
  return empty;
}

}  // namespace hansa::sim
