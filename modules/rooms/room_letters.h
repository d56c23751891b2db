#pragma once
// What a room writes to people who need not be in it: messages to their bare addresses, with a text
// that any client shows, so that their hosts keep them for those who are away.

#include <string>
#include <string_view>

#include "engine/turn.h"
#include "modules/rooms/rooms.h"

namespace hansa::rooms {

// Name and address, for texts.
[[nodiscard]] std::string display_name(const engine::RoomState& room);
// From the room, of type normal; `content` follows the body.
void send_letter(engine::RoomTurn& turn, const std::string& to, std::string_view text,
                 std::string_view content);
// From the room to one client that is in: said by the room, and in no archive.
void send_notice(engine::RoomTurn& turn, const xmpp::Jid& to, std::string_view text);
void send_chat(engine::RoomTurn& turn, const std::string& from, const std::string& to,
               std::string_view text);
// That somebody may come in: mediated (XEP-0045 §7.8.2) if `inviter` (bare) is given, and direct
// (XEP-0249), for clients that know either.
[[nodiscard]] std::string invitation_content(const engine::RoomState& room,
                                             std::string_view inviter);

}  // namespace hansa::rooms
