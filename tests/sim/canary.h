#pragma once
// Shows that the simulator can fail: each planted fault must be found within so many histories, and
// by an invariant that is about it.

#include <cstdint>

#include "tests/sim/arena.h"

namespace hansa::sim {

// Number of planted faults that were not found.
[[nodiscard]] std::uint64_t run_canaries(const Arena& arena);

}  // namespace hansa::sim
