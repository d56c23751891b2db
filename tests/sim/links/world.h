#pragma once
// A hub, the nodes of its enterprises, their links and their people, on one schedule. Party 0 is
// the hub; enterprise i has node i.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/coverage.h"
#include "tests/sim/judge.h"
#include "tests/sim/links/cable.h"
#include "tests/sim/links/cursors.h"
#include "tests/sim/links/front.h"
#include "tests/sim/links/ledger.h"
#include "tests/sim/links/party.h"
#include "tests/sim/links/tamper.h"
#include "tests/sim/links/watch.h"
#include "tests/sim/links/windows.h"
#include "tests/sim/schedule.h"

namespace hansa::sim::links {

inline const std::string kHub = "hub.example";
inline const std::string kShared = "shared.example";

struct Enterprise {
  std::string domain;               // e07.example
  std::string link;                 // rooms.e07.example
  std::vector<std::string> people;  // bare JIDs
  std::unique_ptr<Cable> cable;
  std::unique_ptr<Front> front;
  std::unique_ptr<Windows> windows;
};

// Deep: what was said is erased; the hub loses whole rooms, and more of one than nodes remember.
enum class Depth { usual, deep };

struct World {
  World(std::uint64_t seed, bool verbose, Planted planted, Depth depth);
  ~World();
  // Until that time has passed, or an invariant is broken (false).
  bool run(Millis time);
  // Until nothing has happened between the parties for a while; false if an invariant is broken.
  bool run_until_quiet();
  [[nodiscard]] Party& hub() { return *parties[0]; }
  [[nodiscard]] std::size_t nodes() const { return enterprises.size() - 1; }
  [[nodiscard]] std::size_t any_node() { return 1 + schedule.below(nodes()); }
  [[nodiscard]] const std::string& any_room() {
    return crowded && schedule.chance(0.9) ? rooms.front() : rooms[schedule.below(rooms.size())];
  }
  [[nodiscard]] std::string next_word() {
    return "w" + std::to_string(++words) + "-" + schedule.token(5);
  }

  Schedule schedule;
  Planted planted;
  Judge judge{schedule};
  Coverage coverage;
  std::vector<Enterprise> enterprises;  // [0] is nobody's
  std::vector<std::unique_ptr<Party>> parties;
  Ledger ledger;
  Watch watch;
  Cursors cursors;
  Tamper tamper;
  std::vector<std::string> rooms;
  bool mixed = false;  // some parties run a later format
  bool deep = false;
  bool crowded = false;  // deep: much is said, nearly all of it in the first room
  MonoTime last_frame{0};
  std::uint64_t words = 0;
  std::uint64_t faults = 0;  // that broke something, but for forged operations

 private:
  [[nodiscard]] WatchedStore::Written seen(std::size_t party);
  void add_hub();
  void add_node(std::size_t index);
  [[nodiscard]] std::optional<std::size_t> index_of(std::string_view link) const;
};

}  // namespace hansa::sim::links
