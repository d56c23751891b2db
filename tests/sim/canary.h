#pragma once
// Shows that the simulator can fail: each planted fault must be found within so many histories.

#include <cstdint>

namespace hansa::sim {

// Number of planted faults that were not found. `seed` is kept up to date for a crash's message.
[[nodiscard]] std::uint64_t run_canary(std::uint64_t& seed);

}  // namespace hansa::sim
