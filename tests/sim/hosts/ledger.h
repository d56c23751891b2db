#pragma once
// What stands on the disk of the node, read beside it: the rooms' logs as the disk has them at this
// moment. All that is said of «durable» is judged by this.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/entry.h"
#include "modules/rooms/rooms.h"
#include "storage/simulated_store.h"
#include "tests/sim/judge.h"

namespace hansa::sim::hosts {

struct Line {  // an entry
  engine::EntryKind kind = engine::EntryKind::message;
  std::string stanza_id;  // of a message or subject
  std::string id;
  std::string body;
  std::string who;  // member entry: bare JID
  rooms::Affiliation affiliation = rooms::Affiliation::none;
};

class Ledger {
 public:
  struct Room {
    std::string log_id;
    std::vector<Line> lines;  // position 1 is the first
    std::map<std::string, engine::Position> by_stanza_id;
    std::map<std::string, std::vector<engine::Position>> by_body;  // messages
    [[nodiscard]] engine::Position last() const { return lines.size(); }
    [[nodiscard]] const Line& at(engine::Position position) const { return lines[position - 1]; }
    // Affiliation of that person after the entry at `position`.
    [[nodiscard]] rooms::Affiliation affiliation(const std::string& bare,
                                                 engine::Position position) const;
    [[nodiscard]] bool was_banned(const std::string& bare) const;
    // The entry since which he is banned; past the end if he is not.
    [[nodiscard]] engine::Position banned_at(const std::string& bare) const;
  };
  Ledger(std::shared_ptr<storage::Disk> disk, Judge& judge)
      : disk_(std::move(disk)), judge_(judge) {}

  // The room as it is on disk now; null: there is none. Checks that what was there still is.
  const Room* room(const std::string& address);
  // A note of that room; nothing if there is none.
  [[nodiscard]] std::optional<std::string> note(const std::string& address, const std::string& key);
  // The recorded confirmed position of the sessions.
  [[nodiscard]] engine::Position live(const std::string& address);
  // Every log is read from its beginning again and must be what was seen before.
  void audit();
  [[nodiscard]] const std::set<std::string>& addresses() const { return known_; }
  [[nodiscard]] const std::set<std::string>& stanza_ids() const { return stanza_ids_; }

 private:
  void read_on(const std::string& address, Room& room);
  [[nodiscard]] static Line line_of(const engine::Entry& entry);
  std::shared_ptr<storage::Disk> disk_;
  Judge& judge_;
  std::map<std::string, Room> rooms_;
  std::set<std::string> known_;
  std::set<std::string> stanza_ids_;
};

}  // namespace hansa::sim::hosts
