// One history: people talk at random while things break; then all is made whole again, and what
// must hold at the end is checked. Everything follows from the seed.

#include <string>

#include "tests/sim/arena.h"
#include "tests/sim/links/cells.h"
#include "tests/sim/links/faults.h"
#include "tests/sim/links/final_check.h"
#include "tests/sim/links/planted.h"
#include "tests/sim/links/talk.h"
#include "tests/sim/links/world.h"

namespace hansa::sim::links {
namespace {

constexpr std::uint64_t kLeastFaults = 3;

// Bunches of events and quiet times.
Millis pause(World& world) {
  return world.schedule.chance(0.7) ? world.schedule.between(0, 50)
                                    : world.schedule.between(50, 1200);
}

// All is whole again, and what must hold does.
bool ends_well(World& world) {
  if (!mend_everything(world)) return false;
  if (world.schedule.chance(0.15) && !(world.run_until_quiet() && check_silence(world))) {
    return false;
  }
  return world.run_until_quiet() && check_end(world);
}

// Those drawn may be too few: their gaps were too long, or they hit nothing.
bool break_more(World& world) {
  while (faults_of(world) < kLeastFaults) {
    break_something(world);
    for (int i = 0; i < 5; ++i) {
      talk(world);
      if (!world.run(pause(world))) return false;
    }
  }
  return ends_well(world);
}

std::uint64_t draw_events(World& world) {
  const std::uint64_t events = 200 + world.schedule.below(60);
  return world.crowded ? events + 200 + world.schedule.below(200) : events;
}

bool run(World& world) {
  if (world.deep && world.schedule.chance(0.4)) world.hub().back_up();  // without any room
  if (!begin(world)) return false;
  const std::uint64_t events = draw_events(world);
  const std::uint64_t faults = kLeastFaults + world.schedule.below(7);
  std::uint64_t next = world.schedule.below(events / faults);
  for (std::uint64_t i = 0; i < events; ++i) {
    talk(world);
    if (i == next) {
      break_something(world);
      next += 1 + world.schedule.below(2 * events / faults);
    }
    if (!world.run(pause(world))) return false;
  }
  if (!ends_well(world)) return false;
  // After the end, so that a history that was kept (regressions.txt) is what it was until there.
  if (faults_of(world) < kLeastFaults && !break_more(world)) return false;
  world.judge.check(faults_of(world) >= kLeastFaults, "a history has its faults",
                    std::to_string(faults_of(world)));
  return !world.judge.violation();
}

Outcome play(std::uint64_t seed, bool verbose, std::string_view planted, Depth depth) {
  World world(seed, verbose, planted_by_name(planted), depth);
  static_cast<void>(run(world));
  return {world.judge.violation(), world.schedule.hash(), world.schedule.steps(),
          world.schedule.tail(),   world.judge.checked(), world.coverage.counts()};
}

Outcome play_usual(std::uint64_t seed, bool verbose, std::string_view planted) {
  return play(seed, verbose, planted, Depth::usual);
}

Outcome play_deep(std::uint64_t seed, bool verbose, std::string_view planted) {
  return play(seed, verbose, planted, Depth::deep);
}

}  // namespace

const Arena kArena{"links", 100, 100'000, canaries(), play_usual, goal};
const Arena kDeepArena{"deep", 20, 10'000, deep_canaries(), play_deep, deep_goal};

}  // namespace hansa::sim::links
