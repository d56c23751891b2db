#pragma once
// Plays many histories of one world, one after the other or in several processes, and adds up what
// they saw. A failing one is shown with its seed, the invariant that broke and the end of its event
// log; the same seed plays it again, event for event.

#include <cstdint>
#include <string>
#include <vector>

#include "tests/sim/arena.h"

namespace hansa::sim {

struct Order {
  std::uint64_t first = 1;  // seed
  std::uint64_t histories = 0;
  double seconds = 0;  // no new one is begun after so long; 0: all
  std::uint64_t jobs = 1;
  bool verbose = false;
};

struct Sum {
  std::uint64_t passed = 0;
  std::uint64_t failed = 0;
  std::vector<std::uint64_t> seeds;  // of those that failed
  Counts checked;
  Counts covered;
  void add(const Sum& other);
};

// The history that is being played; an assertion of the product's own ends the process, and the
// handler of that signal says which one it was.
void say_which_on_abort();
void now_playing(const Arena& arena, std::uint64_t seed, std::string_view planted);

[[nodiscard]] Sum play_one(const Arena& arena, std::uint64_t seed, bool verbose);
// Plays it twice and compares the event logs.
[[nodiscard]] Sum play_twice(const Arena& arena, std::uint64_t seed);
// Many, or several at a time: in processes of their own, each takes the next seed; one that an
// assertion ends is followed by another. SIGINT or SIGTERM: no new one is begun, and the sum is of
// what was played.
[[nodiscard]] Sum play_many(const Arena& arena, const Order& order);
void print(const Arena& arena, const Sum& sum);

}  // namespace hansa::sim
