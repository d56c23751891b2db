#include "tests/sim/hosts/faults.h"

#include <array>

namespace hansa::sim::hosts {
namespace {

void crash(World& w) { w.crash_after(w.schedule.below(150), w.schedule.between(50, 6000)); }

void crash_twice(World& w) {
  w.crash_after(w.schedule.below(100), w.schedule.between(50, 500));
  w.schedule.after(w.schedule.between(600, 2500),
                   [&w] { w.crash_after(w.schedule.below(60), w.schedule.between(50, 3000)); });
}

void restart_node(World& w) {
  w.watch.trouble();
  w.watch.stops(w.node.running());
  w.node.stop([&w] {
    w.watch.trouble();
    w.schedule.after(w.schedule.between(100, 3000), [&w] {
      w.node.start();
      w.watch.trouble();
    });
  });
}

void cut_link(World& w) {
  w.watch.trouble();
  w.a.cut(w.schedule.chance(0.6) ? kRooms : kTeam);
}

void slow_host(World& w) {
  const Millis time = w.schedule.between(1000, 15'000);
  w.a.stall(w.schedule.chance(0.7) ? kRooms : kTeam, time);
  // A node that ended meanwhile is not missed before: what the host passes on until then is lost.
  w.schedule.after(time, [&w] { w.watch.trouble(); });
}

void disk_for_a_while(World& w, const storage::Faults& faults, const std::string& what) {
  w.schedule.note("disk: " + what);
  w.watch.trouble();
  w.node.set_faults(faults);
  w.schedule.after(w.schedule.between(500, 8000), [&w] {
    w.schedule.note("disk: well again");
    w.node.set_faults({});
    w.watch.trouble();
  });
}

void slow_disk(World& w) {
  storage::Faults faults;
  faults.most_write = Millis(3000);
  faults.most_read = Millis(1500);
  disk_for_a_while(w, faults, "slow");
}

void bad_disk(World& w) {
  storage::Faults faults;
  faults.crash_keeps = 0.7;
  switch (w.schedule.below(6)) {
    case 0: faults.refused = 0.4; break;
    case 1: faults.unknown = 0.3; break;
    case 2: faults.conflict = 0.3; break;
    case 3: faults.full = true; break;
    case 4: faults.read_error = 0.3; break;
    default: faults.refused = faults.unknown = faults.conflict = faults.read_error = 0.1;
  }
  faults.late_records = 0.5;
  disk_for_a_while(w, faults, "bad");
}

void restart_our_host(World& w) {
  w.watch.trouble();
  w.a.restart(w.schedule.between(500, 8000));
}

void restart_other_host(World& w) {
  w.foreign.forget_occupants();
  w.b.restart(w.schedule.between(500, 8000));
}

struct Kind {
  const char* name;
  void (*breaks)(World&);
};
// The more frequent ones stand more than once.
constexpr std::array kFaults = {Kind{"crash", crash},
                                Kind{"crash", crash},
                                Kind{"crash", crash},
                                Kind{"crash, and again", crash_twice},
                                Kind{"orderly restart", restart_node},
                                Kind{"cut", cut_link},
                                Kind{"cut", cut_link},
                                Kind{"slow host", slow_host},
                                Kind{"slow disk", slow_disk},
                                Kind{"bad disk", bad_disk},
                                Kind{"bad disk", bad_disk},
                                Kind{"restart of our host", restart_our_host},
                                Kind{"restart of the other host", restart_other_host}};

}  // namespace

void break_something(World& world) {
  const Kind& kind = kFaults[world.schedule.below(kFaults.size())];
  world.coverage.hit(kind.name, "faults");
  kind.breaks(world);
}

void mend_everything(World& world) {
  world.run(Millis(12'000));  // what began ends by itself by now
  world.node.set_faults({});
  if (!world.node.running()) world.node.start();
  world.watch.trouble();
}

}  // namespace hansa::sim::hosts
