// hansa_sim [--seed N] [--histories N] [--seconds S] [--canary] [--verbose]
//
// Plays histories drawn from fixed seeds, one after the other; a failing one is shown with its
// seed, the invariant that broke and the end of its event log, and --seed plays it again, event for
// event. HANSA_LONG=1 in the environment: many more. The last line is «N passed, N failed».

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <unistd.h>

#include "tests/sim/canary.h"
#include "tests/sim/history.h"

namespace {

using hansa::sim::Outcome;

constexpr std::uint64_t kHistories = 300;
constexpr std::uint64_t kLongHistories = 10'000;
constexpr std::uint64_t kFirstSeed = 1;

struct Wanted {
  std::uint64_t seed = 0;  // 0: from kFirstSeed on
  std::uint64_t histories = kHistories;
  double seconds = 0;  // 0: as many as are wanted
  bool canary_only = false;
  bool verbose = false;
};

std::uint64_t running_seed = 0;

// An assertion of the node's own ends the process: say which history it was.
void on_abort(int) {
  char line[80];
  const int size = std::snprintf(line, sizeof(line), "aborted in --seed %llu\n",
                                 static_cast<unsigned long long>(running_seed));
  static_cast<void>(!write(STDERR_FILENO, line, static_cast<std::size_t>(size)));
}

Wanted parse(int argc, char** argv) {
  Wanted wanted;
  if (std::getenv("HANSA_LONG") != nullptr) wanted.histories = kLongHistories;
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    const auto number = [&] { return i + 1 < argc ? std::strtoull(argv[++i], nullptr, 10) : 0; };
    if (option == "--seed") {
      wanted.seed = number();
      wanted.histories = 1;
    } else if (option == "--histories") {
      wanted.histories = number();
    } else if (option == "--seconds") {
      wanted.seconds = static_cast<double>(number());
      wanted.histories = UINT64_MAX;
    } else if (option == "--canary") {
      wanted.canary_only = true;
    } else if (option == "--verbose") {
      wanted.verbose = true;
    } else {
      std::fprintf(stderr, "hansa_sim: what is %s?\n", argv[i]);
      std::exit(2);
    }
  }
  return wanted;
}

void tell(std::uint64_t seed, const Outcome& outcome) {
  for (const std::string& line : outcome.tail) std::printf("  %s\n", line.c_str());
  std::printf("FAILED --seed %llu: %s: %s\n", static_cast<unsigned long long>(seed),
              outcome.violation->invariant.c_str(), outcome.violation->detail.c_str());
}

// The same seed is the same history.
bool replays(std::uint64_t seed, const Outcome& first) {
  const Outcome second = hansa::sim::run_history(seed);
  if (second.hash == first.hash && second.steps == first.steps) return true;
  std::printf("FAILED --seed %llu: played twice it is not the same\n",
              static_cast<unsigned long long>(seed));
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  const Wanted wanted = parse(argc, argv);
  std::signal(SIGABRT, on_abort);
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  std::uint64_t passed = 0;
  std::uint64_t failed = 0;
  std::map<std::string, std::uint64_t> checked;
  const std::uint64_t first = wanted.seed == 0 ? kFirstSeed : wanted.seed;
  for (std::uint64_t i = 0; i < wanted.histories && !wanted.canary_only; ++i) {
    if (wanted.seconds > 0 && elapsed() > wanted.seconds) break;
    running_seed = first + i;
    const Outcome outcome = hansa::sim::run_history(running_seed, wanted.verbose);
    bool good = !outcome.violation;
    if (!good) tell(running_seed, outcome);
    if (good && i == 0) good = replays(running_seed, outcome);
    for (const auto& [invariant, times] : outcome.checked) checked[invariant] += times;
    ++(good ? passed : failed);
  }
  for (const auto& [invariant, times] : checked) {
    std::printf("%9llu × %s\n", static_cast<unsigned long long>(times), invariant.c_str());
  }
  const bool alone = wanted.seed != 0 || wanted.seconds > 0;
  if (wanted.canary_only || !alone) failed += hansa::sim::run_canary(running_seed);
  std::printf("%.1f s\n%llu passed, %llu failed\n", elapsed(),
              static_cast<unsigned long long>(passed), static_cast<unsigned long long>(failed));
  return failed == 0 ? 0 : 1;
}
