#pragma once
// Cursors never pass what was not delivered: whenever a party has written one (the notes live/…),
// all that lies up to it must be where it says it is. Looked at on the disks, as they are then.

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "storage/storage.h"
#include "tests/sim/judge.h"
#include "tests/sim/links/ledger.h"
#include "tests/sim/links/watch.h"

namespace hansa::sim::links {

class Cursors {
 public:
  // `links`, `people`: of party i (0 is the hub: empty).
  Cursors(Judge& judge, Ledger& ledger, const Watch& watch)
      : judge_(judge), ledger_(ledger), watch_(watch) {}
  void add_party(std::string link, std::vector<std::string> people) {
    links_.push_back(std::move(link));
    people_.push_back(std::move(people));
  }
  // That batch is durable.
  void written(std::size_t party, const storage::LogKey& log, const storage::Batch& batch);
  // What its disk holds, or what is asked of the others', is older now.
  void restored() { looked_.clear(); }

 private:
  using Position = engine::Position;
  void to_hub(std::size_t party, const std::string& address, Position from, Position to);
  void to_link(const std::string& link, const std::string& address, Position from, Position to);
  void to_people(std::size_t party, const std::string& address, Position from, Position to);

  Judge& judge_;
  Ledger& ledger_;
  const Watch& watch_;
  std::vector<std::string> links_;
  std::vector<std::vector<std::string>> people_;
  // (party, room, note) → up to where it was looked at.
  std::map<std::pair<std::size_t, std::string>, std::map<std::string, Position>> looked_;
};

}  // namespace hansa::sim::links
