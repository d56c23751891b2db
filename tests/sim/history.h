#pragma once
// One history: people talk at random while things break; then all is made whole again, and what
// must hold at the end is checked. Everything follows from the seed.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "tests/sim/judge.h"
#include "tests/sim/node.h"

namespace hansa::sim {

struct Outcome {
  std::optional<Violation> violation;
  std::uint64_t hash = 0;  // of the event log
  std::uint64_t steps = 0;
  std::deque<std::string> tail;
  std::map<std::string, std::uint64_t> checked;  // invariant → times
};

[[nodiscard]] Outcome run_history(std::uint64_t seed, bool verbose = false,
                                  Planted planted = Planted::nothing);

}  // namespace hansa::sim
