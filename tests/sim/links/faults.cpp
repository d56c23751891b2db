#include "tests/sim/links/faults.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/limits.h"
#include "modules/shared-log/rights.h"
#include "tests/sim/links/ledger_room.h"

namespace hansa::sim::links {
namespace {

// Whom a fault concerns, and for how long.
struct Hit {
  std::set<std::size_t> parties;
  Millis time;
  bool breaks = true;  // now, for certain: counted as one that happened
};
constexpr Millis kAfterwards(3000);  // so long one that is over at once is looked at

// The hub as often as all nodes together, nearly.
std::size_t any_party(World& w) { return w.schedule.chance(0.4) ? 0 : w.any_node(); }
Cable& cable(World& w, std::size_t node) { return *w.enterprises[node].cable; }

Hit crash(World& w) {
  const std::size_t party = any_party(w);
  const Millis down = w.schedule.between(50, 5000);
  w.parties[party]->crash_after(w.schedule.below(25), down);
  return {{party}, down + kAfterwards};
}

Hit crash_twice(World& w) {
  const std::size_t party = any_party(w);
  w.parties[party]->crash_after(w.schedule.below(15), w.schedule.between(50, 500));
  w.schedule.after(w.schedule.between(600, 2500), [&w, party] {
    w.parties[party]->crash_after(w.schedule.below(30), w.schedule.between(50, 3000));
  });
  return {{party}, Millis(5500) + kAfterwards};
}

Hit crash_several(World& w) {
  Hit hit{{}, Millis(4000) + kAfterwards};
  for (std::size_t i = 0; i < w.parties.size(); ++i) {
    if (!w.schedule.chance(0.4)) continue;
    w.parties[i]->crash_after(w.schedule.below(10), w.schedule.between(50, 4000));
    hit.parties.insert(i);
  }
  hit.breaks = !hit.parties.empty();
  return hit;
}

Hit cut(World& w) {
  const std::size_t node = w.any_node();
  cable(w, node).cut();
  return {{0, node}, kAfterwards};
}

Hit cut_often(World& w) {
  const std::size_t node = w.any_node();
  Millis at(0);
  for (std::uint64_t i = 3 + w.schedule.below(5); i > 0; --i) {
    at += w.schedule.between(5, 700);
    w.schedule.after(at, [&w, node] { cable(w, node).cut(); });
  }
  return {{0, node}, at + kAfterwards};
}

Hit part(World& w) {
  const std::size_t node = w.any_node();
  const Millis time = w.schedule.between(500, 9000);
  cable(w, node).part(time);
  return {{0, node}, time};
}

Hit part_one_way(World& w) {
  const std::size_t node = w.any_node();
  const Millis time = w.schedule.between(500, 7000);
  cable(w, node).block(w.schedule.chance(0.5) ? Cable::node : Cable::hub, time,
                       w.schedule.between(100, time.count() + 500));
  return {{0, node}, time};
}

Hit part_all(World& w) {
  Hit hit{{0}, Millis(3000)};
  for (std::size_t i = 1; i <= w.nodes(); ++i) {
    if (!w.schedule.chance(0.7)) continue;
    cable(w, i).part(w.schedule.between(500, 6000));
    hit.parties.insert(i);
  }
  hit.breaks = hit.parties.size() > 1;
  return hit;
}

Hit silence(World& w) {
  const std::size_t node = w.any_node();
  const Millis time = w.schedule.between(1000, 12'000);
  cable(w, node).stall(w.schedule.chance(0.6) ? Cable::node : Cable::hub, time);
  return {{0, node}, time};
}

Hit slow_link(World& w) {
  const std::size_t node = w.any_node();
  const Millis time = w.schedule.between(1000, 8000);
  cable(w, node).slow(w.schedule.below(2) == 0 ? 2000 : 20'000, time);
  return {{0, node}, time};
}

Hit cut_host(World& w) {
  const std::size_t node = w.any_node();
  w.watch.trouble(node);
  w.enterprises[node].front->cut();
  return {{node}, kAfterwards};
}

Hit disk_for_a_while(World& w, const storage::Faults& faults, const std::string& what) {
  const std::size_t party = any_party(w);
  const Millis time = w.schedule.between(500, 6000);
  Party& own = *w.parties[party];
  w.schedule.note(own.name() + ": its disk is " + what);
  own.set_faults(faults);
  w.watch.trouble(party);
  w.schedule.after(time, [&w, &own, party] {
    w.schedule.note(own.name() + ": its disk is well again");
    own.set_faults({});
    w.watch.trouble(party);
  });
  return {{party}, time};
}

Hit slow_disk(World& w) {
  storage::Faults faults;
  faults.most_write = Millis(2500);
  faults.most_read = Millis(1200);
  return disk_for_a_while(w, faults, "slow");
}

Hit bad_disk(World& w) {
  storage::Faults faults;
  faults.crash_keeps = 0.7;
  std::string what = "bad";
  switch (w.schedule.below(6)) {
    case 0: faults.refused = 0.4; break;
    case 1: faults.unknown = 0.3; break;
    case 2: faults.conflict = 0.3; break;
    case 3:
      faults.full = true;
      what = "full";
      break;
    case 4: faults.read_error = 0.3; break;
    default: faults.refused = faults.unknown = faults.conflict = faults.read_error = 0.1;
  }
  faults.late_records = 0.5;
  return disk_for_a_while(w, faults, what);
}

Hit jump_clock(World& w) {
  const std::size_t party = any_party(w);
  const Millis step = w.schedule.chance(0.5) ? w.schedule.between(-3'600'000, 3'600'000)
                                             : w.schedule.between(-5000, 5000);
  w.schedule.note(w.parties[party]->name() + ": its clock jumps by " +
                  std::to_string(step.count()));
  w.parties[party]->jump(step);
  return {{party}, kAfterwards};
}

Hit back_up(World& w) {
  const std::size_t party = any_party(w);
  w.schedule.note(w.parties[party]->name() + ": is backed up");
  w.parties[party]->back_up();
  return {{party}, kAfterwards, false};
}

bool has_all_rooms(const Party& party) {
  // Their logs: an address is claimed before the room is written.
  const auto now = party.image().list(party.role(), {}, 100);
  const auto then = party.backup()->list(party.role(), {}, 100);
  return now && then && now->size() == then->size();
}

// A room that its backup lacks is made again by the node that has what it began with.
bool can_be_made_again(World& w, const std::string& address) {
  const Ledger::Room* hub = w.ledger.room(0, address);
  if (hub == nullptr) return true;
  const auto kept = w.hub().backup()->load(hub->key);
  if (kept && kept->last_position > 0) return true;
  for (std::size_t i = 1; i <= w.nodes(); ++i) {
    const Ledger::Room* room = w.ledger.room(i, address);
    if (room == nullptr) continue;
    for (const Line& line : room->lines) {
      if (!line.item || line.void_ || line.item->origin.link != w.enterprises[i].link) continue;
      const auto operation = xep_shared_rooms::read_operation(line.item->payload);
      if (operation && shared_log::begins_room(*operation)) return true;
    }
  }
  return false;
}

// That the hub loses whole rooms is of the deep world: no node does there.
bool may_be_restored(World& w, std::size_t party) {
  if (w.parties[party]->backup() == nullptr) return false;
  if (!w.deep) return party > 0 || has_all_rooms(w.hub());
  if (party > 0) return has_all_rooms(*w.parties[party]);
  return std::all_of(w.rooms.begin(), w.rooms.end(),
                     [&](const std::string& room) { return can_be_made_again(w, room); });
}

// Of one room, more than its nodes remember.
void lost_far_back(World& w) {
  const auto logs = w.hub().image().list("hub", {}, 100);
  if (!logs) return;
  for (const storage::LogKey& log : *logs) {
    const auto now = w.hub().image().load(log);
    const auto then = w.hub().backup()->load(log);
    const auto kept = then ? then->last_position : 0;
    if (now && now->last_position > kept + limits::kSharedHistory) {
      w.coverage.hit("restore of hub", "far back");
    }
  }
}

Hit restore(World& w) {
  const std::size_t first = any_party(w);
  for (std::size_t i = 0; i < w.parties.size(); ++i) {
    const std::size_t party = (first + i) % w.parties.size();
    if (!may_be_restored(w, party)) continue;
    Party& own = *w.parties[party];
    w.coverage.lost_by_restore(own.image(), *own.backup(), own.role());
    if (party == 0) lost_far_back(w);
    const Millis down = w.schedule.between(50, 3000);
    if (own.restore(down)) {
      w.watch.restored(party);
      w.cursors.restored();
    }
    return {{party}, down + kAfterwards};
  }
  return back_up(w);
}

Hit forge(World& w) {
  w.tamper.forge_next();
  Hit hit{{0}, kAfterwards, false};  // when there is an operation
  for (std::size_t i = 1; i <= w.nodes(); ++i) hit.parties.insert(i);
  return hit;
}

// A party of the previous format is replaced by one of the next.
Hit upgrade(World& w) {
  const std::size_t party = any_party(w);
  const Millis down = w.schedule.between(50, 3000);
  const bool old = w.mixed && w.parties[party]->format() < 2;
  if (w.mixed) w.parties[party]->upgrade(down);
  return {{party}, down + kAfterwards, old};
}

struct Kind {
  const char* name;
  Hit (*breaks)(World&);
  std::uint64_t weight;
};
constexpr std::array kFaults = {
    Kind{"crash", crash, 8},
    Kind{"crash, and again", crash_twice, 3},
    Kind{"crash of several", crash_several, 2},
    Kind{"cut", cut, 8},
    Kind{"cut again and again", cut_often, 3},
    Kind{"partition", part, 5},
    Kind{"partition, one way", part_one_way, 4},
    Kind{"partition of many", part_all, 2},
    Kind{"silence", silence, 4},
    Kind{"slow link", slow_link, 3},
    Kind{"host's link cut", cut_host, 3},
    Kind{"slow disk", slow_disk, 3},
    Kind{"bad disk", bad_disk, 6},
    Kind{"clock jumps", jump_clock, 3},
    Kind{"back-up", back_up, 5},
    Kind{"restore", restore, 4},
    Kind{"forged operation", forge, 2},
    Kind{"upgrade", upgrade, 2},
};

constexpr std::uint64_t weights() {
  std::uint64_t sum = 0;
  for (const Kind& kind : kFaults) sum += kind.weight;
  return sum;
}

}  // namespace

std::vector<std::string> fault_names() {
  std::vector<std::string> names;
  for (const Kind& kind : kFaults) names.emplace_back(kind.name);
  return names;
}

void break_something(World& w) {
  std::uint64_t at = w.schedule.below(weights());
  for (const Kind& kind : kFaults) {
    if (at < kind.weight) {
      const Hit hit = kind.breaks(w);
      w.faults += hit.breaks ? 1 : 0;
      return w.coverage.force(kind.name, hit.parties, w.schedule.mono() + hit.time);
    }
    at -= kind.weight;
  }
}

std::uint64_t faults_of(const World& w) { return w.faults + w.tamper.forged(); }

bool mend_everything(World& w) {
  if (!w.run(Millis(9000))) return false;  // what began ends by itself by now
  w.tamper.stop();
  for (std::size_t i = 1; i <= w.nodes(); ++i) w.enterprises[i].cable->mend();
  for (std::size_t i = 0; i < w.parties.size(); ++i) {
    w.parties[i]->set_faults({});
    w.parties[i]->no_crash();
    w.parties[i]->start();
    w.watch.trouble(i);
  }
  return w.run(Millis(2000));
}

}  // namespace hansa::sim::links
