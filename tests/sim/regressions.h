#pragma once
// Histories that once broke an invariant, by name (regressions.txt beside this file): played in
// every run, so that what was mended stays so.

#include <cstdint>
#include <string>
#include <vector>

namespace hansa::sim {

struct Regression {
  std::string world;
  std::uint64_t seed = 0;
  std::string why;
};

// Ends the process if the file cannot be read: a run without them would say too much.
[[nodiscard]] std::vector<Regression> read_regressions();

}  // namespace hansa::sim
