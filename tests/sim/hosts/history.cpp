// One history: people talk at random while things break; then all is made whole again, and what
// must hold at the end is checked. Everything follows from the seed.

#include <array>

#include "tests/sim/arena.h"
#include "tests/sim/hosts/faults.h"
#include "tests/sim/hosts/final_check.h"
#include "tests/sim/hosts/talk.h"
#include "tests/sim/hosts/world.h"

namespace hansa::sim::hosts {
namespace {

struct Plant {
  Canary canary;
  Planted planted;
};
constexpr std::array kPlants = {
    Plant{{"acknowledges before writing", 3, {"nothing leaves before it is on disk"}},
          Planted::acknowledges_before_writing},
    Plant{{"forgets a batch",
           5,
           {"nothing leaves before it is on disk", "an affiliation that was acknowledged is kept"}},
          Planted::forgets_a_batch},
    Plant{
        {"drops a stanza", 10, {"who is in gets every entry", "the peer's room gets each message"}},
        Planted::drops_a_stanza},
    Plant{{"repeats a stanza",
           10,
           {"an entry comes once, and repeats only after the recorded live position",
            "a foreign room hears each message once"}},
          Planted::repeats_a_stanza},
    Plant{{"acknowledges a change first", 10, {"an affiliation that was acknowledged is kept"}},
          Planted::acknowledges_a_change_first},
    Plant{{"forgets a member",
           10,
           {"a room's lists are what its log says", "a list kept by versions is the list"}},
          Planted::forgets_a_member},
    Plant{{"leaves a row", 10, {"the list of rooms is what the rooms are"}}, Planted::leaves_a_row},
    Plant{{"tells a name", 3, {"nothing of a member leaves for others"}}, Planted::tells_a_name},
};
constexpr std::array kCanaries = {kPlants[0].canary, kPlants[1].canary, kPlants[2].canary,
                                  kPlants[3].canary, kPlants[4].canary, kPlants[5].canary,
                                  kPlants[6].canary, kPlants[7].canary};

bool run(World& world) {
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

Outcome play(std::uint64_t seed, bool verbose, std::string_view name) {
  Planted planted = Planted::nothing;
  for (const Plant& plant : kPlants) {
    if (plant.canary.name == name) planted = plant.planted;
  }
  World world(seed, verbose, planted);
  static_cast<void>(run(world));
  return {world.judge.violation(), world.schedule.hash(), world.schedule.steps(),
          world.schedule.tail(),   world.judge.checked(), world.coverage.counts()};
}

}  // namespace

const Arena kArena{"hosts", 300, 10'000, kCanaries, play};

}  // namespace hansa::sim::hosts
