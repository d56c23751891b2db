// hansa_sim [--world hosts|links|deep|acting] [--seed N] [--histories N] [--seconds S] [--jobs N]
//           [--long] [--canary] [--verbose]
//
// Plays histories drawn from fixed seeds, the regressions and the canaries, in each world. With
// --seed alone: that history. --long, or HANSA_LONG in the environment: many more. --jobs: in so
// many processes. The last line is «N passed, N failed».

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/sim/canary.h"
#include "tests/sim/cells.h"
#include "tests/sim/play.h"
#include "tests/sim/regressions.h"

namespace {

using namespace hansa::sim;

constexpr const Arena* kArenas[] = {&hosts::kArena, &links::kArena, &links::kDeepArena,
                                    &acting::kArena};

struct Wanted {
  std::string_view world;  // empty: all
  std::optional<std::uint64_t> seed;
  std::optional<std::uint64_t> histories;  // none: as many as the world's own number
  double seconds = 0;
  std::uint64_t jobs = 0;  // 0: one; of the long run as many as there are processors
  bool many = std::getenv("HANSA_LONG") != nullptr;
  bool canary_only = false;
  bool verbose = false;
};

Wanted parse(int argc, char** argv) {
  Wanted wanted;
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    const auto value = [&] { return i + 1 < argc ? argv[++i] : ""; };
    const auto number = [&] { return std::strtoull(value(), nullptr, 10); };
    if (option == "--world") {
      wanted.world = value();
    } else if (option == "--seed") {
      wanted.seed = number();
    } else if (option == "--histories") {
      wanted.histories = number();
    } else if (option == "--seconds") {
      wanted.seconds = static_cast<double>(number());
    } else if (option == "--jobs") {
      wanted.jobs = number();
    } else if (option == "--long") {
      wanted.many = true;
    } else if (option == "--canary") {
      wanted.canary_only = true;
    } else if (option == "--verbose") {
      wanted.verbose = true;
    } else {
      std::fprintf(stderr, "hansa_sim: what is %s?\n", argv[i]);
      std::exit(2);
    }
  }
  if (wanted.jobs == 0) {
    wanted.jobs = wanted.many ? std::max(1U, std::thread::hardware_concurrency()) : 1;
  }
  return wanted;
}

Sum play_histories(const Arena& arena, const Wanted& wanted) {
  Order order;
  order.first = wanted.seed.value_or(1);
  order.histories = wanted.seed ? 1 : wanted.many ? arena.long_histories : arena.histories;
  if (wanted.seconds > 0) order.histories = UINT64_MAX;
  if (wanted.histories) order.histories = *wanted.histories;
  order.seconds = wanted.seconds;
  order.jobs = wanted.jobs;
  order.verbose = wanted.verbose;
  return play_many(arena, order);
}

// Of a run that is long enough.
std::uint64_t cells_missed(const Arena& arena, const Sum& sum) {
  if (arena.goal == nullptr) return 0;
  const Goal goal = arena.goal();
  if (sum.passed + sum.failed < goal.histories) return 0;
  const std::vector<std::string> empty = empty_cells(goal, sum.covered);
  for (const std::string& cell : empty) std::printf("FAILED: never hit: %s\n", cell.c_str());
  std::printf("cells that cannot be hit, or hardly:\n");
  for (const Never& one : goal.never) {
    std::printf("  %s × %s: %s\n", one.fault.empty() ? "any" : one.fault.data(), one.what.data(),
                one.why.data());
  }
  return empty.size();
}

Sum play_world(const Arena& arena, const Wanted& wanted) {
  Sum sum;
  if (!wanted.canary_only) sum.add(play_histories(arena, wanted));
  const bool whole = !wanted.seed && !wanted.histories && wanted.seconds == 0;
  if (whole && !wanted.canary_only) {
    sum.add(play_twice(arena, 1));
    for (const Regression& regression : read_regressions()) {
      if (regression.world != arena.name) continue;
      const Sum one = play_one(arena, regression.seed, false);
      if (one.failed > 0) std::printf("which is a regression: %s\n", regression.why.c_str());
      sum.add(one);
    }
  }
  print(arena, sum);
  sum.failed += cells_missed(arena, sum);
  if (whole || wanted.canary_only) sum.failed += run_canaries(arena);
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  const Wanted wanted = parse(argc, argv);
  say_which_on_abort();
  const auto start = std::chrono::steady_clock::now();
  std::uint64_t passed = 0;
  std::uint64_t failed = 0;
  for (const Arena* arena : kArenas) {
    if (!wanted.world.empty() && wanted.world != arena->name) continue;
    const Sum sum = play_world(*arena, wanted);
    passed += sum.passed;
    failed += sum.failed;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("%.1f s\n%llu passed, %llu failed\n", took.count(),
              static_cast<unsigned long long>(passed), static_cast<unsigned long long>(failed));
  return failed == 0 ? 0 : 1;
}
