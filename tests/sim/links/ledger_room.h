#pragma once
// A room's log as it stands on one party's disk.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "modules/shared-log/intervals.h"
#include "tests/sim/links/fold.h"
#include "tests/sim/links/ledger.h"

namespace hansa::sim::links {

struct Ledger::Room {
  storage::LogKey key;
  engine::Position first = 1;
  std::vector<Line> lines;  // the first one is at `first`
  std::map<std::string, engine::Position> by_id;
  std::map<xep_shared_rooms::Origin, engine::Position> by_origin;
  // Origins without their numbers → numbers that are there; numbers that are said to be lost.
  using Maker = std::pair<std::string, std::uint64_t>;
  std::map<Maker, shared_log::Intervals> numbers;
  std::map<Maker, shared_log::Intervals> gaps;
  std::set<xep_shared_rooms::Origin> refused;
  std::multiset<Asked> operations;
  std::set<std::string> erasures;  // ids of the messages that they are to erase
  shared_log::SharedLog fold;
  WallTime last_stamp;
  engine::Position welcomed = 0;  // where it was last
  bool forged = false;  // since its last welcome something came that was not so at the hub

  [[nodiscard]] engine::Position last() const { return first + lines.size() - 1; }
  [[nodiscard]] const Line& at(engine::Position position) const { return lines[position - first]; }
  [[nodiscard]] engine::Position position_of(const std::string& id) const {
    const auto found = by_id.find(id);
    return found == by_id.end() ? 0 : found->second;
  }
  [[nodiscard]] bool has_operation(const Asked& asked) const { return operations.contains(asked); }
};

}  // namespace hansa::sim::links
