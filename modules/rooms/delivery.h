#pragma once
// How a room's entries reach the sessions that are in it (engine/follower.h): messages and subjects
// of type groupchat, with the room's stanza-id and the speaker's occupant-id; a <delay/> when they
// are late (XEP-0045 §7.2.13, XEP-0203). Stateless.

#include <string>

#include "engine/follower.h"
#include "engine/turn.h"
#include "modules/rooms/rooms.h"

namespace hansa::rooms {

class SessionDelivery final : public engine::Delivery {
 public:
  // Nothing for other entries, and none for a late subject: history has no subjects (§7.2.13), the
  // present one comes after it (caught_up) or with the link (sessions.h).
  [[nodiscard]] std::optional<engine::Encoded> encode(const engine::RoomState& room,
                                                      const engine::Entry& entry,
                                                      bool late) const override;
  // The subject, empty if there is none (§7.2.15).
  void caught_up(const engine::RoomState& room, std::string_view address,
                 std::string& out) const override;
  // A line from the room itself.
  void left_behind(const engine::RoomState& room, std::string_view address, engine::Position from,
                   engine::Position first, std::string& out) const override;
};

// An entry is part of a room's history.
[[nodiscard]] bool is_history(const engine::Entry& entry);
// The stanza of a message or subject entry, without an address.
[[nodiscard]] engine::Encoded encode_message(const engine::RoomState& room,
                                             const engine::Entry& entry, bool late);
// The room's subject as a whole stanza, to that (escaped) address. Appends.
void write_room_subject(const engine::RoomState& room, std::string_view address, std::string& out);
// A message that is in no log: `from` is a nick, or empty for the room itself.
[[nodiscard]] engine::Encoded encode_live(const engine::RoomState& room, std::string_view nick,
                                          std::string_view id, std::string_view lang,
                                          std::string_view content);

}  // namespace hansa::rooms
