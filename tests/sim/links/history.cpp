// One history: people talk at random while things break; then all is made whole again, and what
// must hold at the end is checked. Everything follows from the seed.

#include "tests/sim/arena.h"
#include "tests/sim/links/cells.h"
#include "tests/sim/links/faults.h"
#include "tests/sim/links/final_check.h"
#include "tests/sim/links/planted.h"
#include "tests/sim/links/talk.h"
#include "tests/sim/links/world.h"

namespace hansa::sim::links {
namespace {

bool run(World& world) {
  if (!begin(world)) return false;
  const std::uint64_t events = 200 + world.schedule.below(60);
  const std::uint64_t faults = 3 + world.schedule.below(7);
  std::uint64_t next = world.schedule.below(events / faults);
  for (std::uint64_t i = 0; i < events; ++i) {
    talk(world);
    if (i == next) {
      break_something(world);
      next += 1 + world.schedule.below(2 * events / faults);
    }
    // Bunches of events and quiet times.
    const Millis pause = world.schedule.chance(0.7) ? world.schedule.between(0, 50)
                                                    : world.schedule.between(50, 1200);
    if (!world.run(pause)) return false;
  }
  if (!mend_everything(world)) return false;
  if (world.schedule.chance(0.15) && !(world.run_until_quiet() && check_silence(world))) {
    return false;
  }
  return world.run_until_quiet() && check_end(world);
}

Outcome play(std::uint64_t seed, bool verbose, std::string_view planted) {
  World world(seed, verbose, planted_by_name(planted));
  static_cast<void>(run(world));
  return {world.judge.violation(), world.schedule.hash(), world.schedule.steps(),
          world.schedule.tail(),   world.judge.checked(), world.coverage.counts()};
}

}  // namespace

const Arena kArena{"links", 100, 100'000, canaries(), play, goal};

}  // namespace hansa::sim::links
