#include "tests/sim/canary.h"

#include <cstdio>

#include "tests/sim/history.h"

namespace hansa::sim {
namespace {

struct Canary {
  Planted planted;
  const char* name;
  std::uint64_t within;  // histories
};

constexpr Canary kCanaries[] = {
    {Planted::acknowledges_before_writing, "acknowledges before writing", 3},
    {Planted::forgets_a_batch, "forgets a batch", 5},
    {Planted::drops_a_stanza, "drops a stanza", 10},
    {Planted::repeats_a_stanza, "repeats a stanza", 10},
    {Planted::tells_a_name, "tells a name", 3},
};
constexpr std::uint64_t kFirstSeed = 1000;

}  // namespace

std::uint64_t run_canary(std::uint64_t& seed) {
  std::uint64_t missed = 0;
  for (const Canary& canary : kCanaries) {
    bool found = false;
    for (std::uint64_t i = 0; i < canary.within && !found; ++i) {
      seed = kFirstSeed + i;
      const Outcome outcome = run_history(seed, false, canary.planted);
      found = outcome.violation.has_value();
      if (!found) continue;
      std::printf("canary: %s: found in history %llu: %s\n", canary.name,
                  static_cast<unsigned long long>(i + 1), outcome.violation->invariant.c_str());
    }
    if (found) continue;
    ++missed;
    std::printf("FAILED canary: %s: not found in %llu histories\n", canary.name,
                static_cast<unsigned long long>(canary.within));
  }
  return missed;
}

}  // namespace hansa::sim
