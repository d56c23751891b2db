#pragma once
// What every simulated world gives the program that plays it: histories that follow from a seed
// alone, and faults that can be planted in it, each to be found within so many histories.

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tests/sim/judge.h"

namespace hansa::sim {

using Counts = std::map<std::string, std::uint64_t>;

struct Outcome {
  std::optional<Violation> violation;
  std::uint64_t hash = 0;  // of the event log
  std::uint64_t steps = 0;
  std::deque<std::string> tail;
  Counts checked;  // invariant → times
  Counts covered;  // «fault × what it hit» → times
};

struct Canary {
  std::string_view name;
  std::uint64_t within;  // histories
  // The invariants of which one must break: what else such a history breaks proves nothing.
  std::array<std::string_view, 3> found_by;
};

struct Goal;

struct Arena {
  std::string_view name;
  std::uint64_t histories;       // of a run without arguments
  std::uint64_t long_histories;  // with HANSA_LONG
  std::span<const Canary> canaries;
  // `planted`: a canary's name, or empty.
  Outcome (*play)(std::uint64_t seed, bool verbose, std::string_view planted);
  Goal (*goal)() = nullptr;  // null: its table is not judged
};

namespace hosts {
extern const Arena kArena;  // one node between two hosts and their people
}

namespace links {
extern const Arena kArena;  // a hub, many nodes, the rooms they share
// The same; what was said is erased, the hub loses rooms, and more than its nodes remember.
extern const Arena kDeepArena;
}

namespace acting {
extern const Arena kArena;  // three nodes whose rooms are members of each other
}

}  // namespace hansa::sim
