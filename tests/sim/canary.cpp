#include "tests/sim/canary.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <string>

#include "tests/sim/play.h"

namespace hansa::sim {
namespace {

constexpr std::uint64_t kFirstSeed = 1000;

bool is_about(const Canary& canary, const std::string& invariant) {
  return std::find(canary.found_by.begin(), canary.found_by.end(), invariant) !=
         canary.found_by.end();
}

bool find(const Arena& arena, const Canary& canary) {
  std::set<std::string> others;
  for (std::uint64_t i = 0; i < canary.within; ++i) {
    const std::uint64_t seed = kFirstSeed + i;
    now_playing(arena, seed, canary.name);
    const Outcome outcome = arena.play(seed, false, canary.name);
    if (!outcome.violation) continue;
    const std::string& invariant = outcome.violation->invariant;
    if (!is_about(canary, invariant)) {
      others.insert(invariant);
      continue;
    }
    std::printf("canary: %s: %s: found in history %llu: %s\n", arena.name.data(),
                canary.name.data(), static_cast<unsigned long long>(i + 1), invariant.c_str());
    return true;
  }
  std::printf("FAILED canary: %s: %s: not found in %llu histories\n", arena.name.data(),
              canary.name.data(), static_cast<unsigned long long>(canary.within));
  for (const std::string& other : others) std::printf("  it broke: %s\n", other.c_str());
  return false;
}

}  // namespace

std::uint64_t run_canaries(const Arena& arena) {
  std::uint64_t missed = 0;
  for (const Canary& canary : arena.canaries) missed += find(arena, canary) ? 0 : 1;
  return missed;
}

}  // namespace hansa::sim
