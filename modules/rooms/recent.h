#pragma once
// The messages of the last minutes, by id and by sender, for two questions: was this said before
// (repeats), and which entry does this bounced id belong to (protocol §2). A cache beside the fold:
// fed by it, made again from the room's tail when the room is loaded. Bounded by base/limits.h.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/line.h"
#include "engine/entry.h"
#include "modules/rooms/rooms.h"

namespace hansa::rooms {

class Recent {
 public:
  // A message or subject.
  void add(const engine::Entry& entry);
  // A message that is in no log: had it bounced, `position` is the first entry not received.
  void add_unlogged(std::string_view id, engine::Position position, WallTime now);
  // Puts what it lacks of the room's tail before what it has.
  void fill(const std::vector<engine::EntryPtr>& tail, WallTime now);

  // Forgets what is too old to be asked for.
  void drop_old(WallTime now);
  [[nodiscard]] bool empty() const { return records_.empty() && unlogged_.empty(); }

  // Position of the entry that says the same, of the same sender.
  [[nodiscard]] std::optional<engine::Position> repeat_of(const Message& message,
                                                          WallTime now) const;
  // First entry that a client which bounced `id` lacks. An id that is not known: the oldest kept.
  [[nodiscard]] std::optional<engine::Position> bounced(std::string_view id, WallTime now) const;

 private:
  // Not one that nobody could forge: who makes two of his own messages the same harms himself.
  using Key = std::uint64_t;
  struct Record {
    engine::Position position;
    WallTime stamp;
    std::uint64_t id;
    std::uint64_t sender;  // 0: nobody's
    Key key;
  };
  [[nodiscard]] static Key key_of(const Message& message);
  [[nodiscard]] static Record record_of(const engine::Entry& entry);
  Line<Record> records_;  // in order
  // Apart, so that chat states cannot push out what was said.
  Line<Record> unlogged_;
};

}  // namespace hansa::rooms
