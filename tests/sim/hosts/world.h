#pragma once
// Two hosts, their people, a node and its disk, on one schedule. a.example has the node's domains
// as components; b.example has bob, and rooms that are not ours.

#include <memory>
#include <string>
#include <vector>

#include "tests/sim/coverage.h"
#include "tests/sim/hosts/changes.h"
#include "tests/sim/hosts/foreign_room.h"
#include "tests/sim/hosts/host.h"
#include "tests/sim/hosts/ledger.h"
#include "tests/sim/hosts/node.h"
#include "tests/sim/hosts/person.h"
#include "tests/sim/hosts/watch.h"
#include "tests/sim/judge.h"
#include "tests/sim/schedule.h"

namespace hansa::sim::hosts {

inline const std::string kSupport = "support@" + kRooms;
inline const std::string kHall = "hall@" + kRooms;
inline const std::string kIdentity = "support@" + kTeam;
inline const std::string kBob = "bob@b.example";
inline const std::string kLobby = "lobby@" + kForeignDomain;

struct World {
  World(std::uint64_t seed, bool verbose, Planted planted);
  // Until that time has passed, or an invariant is broken (false).
  bool run(Millis time);
  void crash_after(std::uint64_t steps, Millis down);

  Schedule schedule;
  Judge judge{schedule};
  Coverage coverage;
  std::shared_ptr<storage::Disk> disk = std::make_shared<storage::Disk>();
  Ledger ledger{disk, judge};
  Watch watch{schedule, judge, ledger};
  Changes changes{judge, ledger};
  Host a{schedule, watch, "a.example", {kRooms, kTeam}};
  Host b{schedule, watch, "b.example", {}};
  ForeignRooms foreign{schedule, watch, b};
  Node node;
  std::vector<std::unique_ptr<Person>> ours;    // of a.example: alice, alice again, ann, carol
  std::vector<std::unique_ptr<Person>> others;  // of b.example: bob, dave
  const std::string with_bob = conversation_of("support", kBob);
  const std::string with_lobby = conversation_of("support", kLobby);
  // In half of the histories affiliations of guests are changed as well; in the others what is
  // drawn is what it was before there were guests: kept seeds still show what they showed.
  const bool with_guests;
  std::uint64_t guests = 0;
  std::uint64_t words = 0;
  std::string next_word(std::string_view prefix) {
    return std::string(prefix) + std::to_string(++words) + " " + schedule.token(6);
  }

 private:
  std::uint64_t crash_at_ = 0;  // step
  Millis down_{0};
};

}  // namespace hansa::sim::hosts
