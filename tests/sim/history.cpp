#include "tests/sim/history.h"

#include "tests/sim/faults.h"
#include "tests/sim/final_check.h"
#include "tests/sim/talk.h"
#include "tests/sim/world.h"

namespace hansa::sim {
namespace {

bool play(World& world) {
  if (!begin(world)) return false;
  const std::uint64_t events = 100 + world.schedule.below(80);
  const std::uint64_t faults = 2 + world.schedule.below(6);
  for (std::uint64_t i = 0; i < events; ++i) {
    talk(world);
    if (world.schedule.below(events) < faults || i == events / 3 || i == events / 2) {
      break_something(world);
    }
    // Bunches of events and quiet times.
    const Millis pause = world.schedule.chance(0.6) ? world.schedule.between(0, 60)
                                                    : world.schedule.between(100, 3000);
    if (!world.run(pause)) return false;
  }
  mend_everything(world);
  return check_end(world);
}

}  // namespace

Outcome run_history(std::uint64_t seed, bool verbose, Planted planted) {
  World world(seed, verbose, planted);
  static_cast<void>(play(world));
  return {world.judge.violation(), world.schedule.hash(), world.schedule.steps(),
          world.schedule.tail(), world.judge.checked()};
}

}  // namespace hansa::sim
