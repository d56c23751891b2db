#pragma once
// What is known for good of a message by its stanza-id: where it stands in the log, and what is
// left of it when it was retracted. Both are keys of the shard's index, written with the entries
// that they follow from. Part of the public header of rooms.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "engine/turn.h"

namespace hansa::rooms {

// Index: → the position of that message or subject, in decimal.
[[nodiscard]] std::string stanza_key(std::string_view log_id, std::string_view stanza_id);
// Index: → the Tombstone of the entry at that position. In the order of positions.
[[nodiscard]] std::string tombstone_key(std::string_view log_id, engine::Position position);

// The entry of the message or subject with that stanza-id; null: there is none, or it is gone from
// the log. Nothing: a read was asked.
[[nodiscard]] std::optional<engine::EntryPtr> find_said(engine::RoomTurn& turn,
                                                        std::string_view stanza_id);

// What stays of a message whose payload is erased, and who took it away (XEP-0424, XEP-0425).
struct Tombstone {
  engine::Position position = 0;
  std::string stanza_id;
  std::string id;
  std::string nick;
  std::string occupant_id;
  std::string retraction;  // id of the message that says so
  WallTime stamp;          // of that
  std::string by;          // the moderator's address in the room; empty: its author did it
  std::string by_id;       // his occupant-id
  std::string reason;
};
[[nodiscard]] std::string write_tombstone(const Tombstone& tombstone);
[[nodiscard]] Tombstone read_tombstone(std::string_view bytes);

}  // namespace hansa::rooms
