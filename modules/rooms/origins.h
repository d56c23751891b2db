#pragma once
// What goes from room to room, and comes to each once (protocol §4, «Rings»). Part of rooms.h.

#include <optional>
#include <string_view>

#include "engine/turn.h"
#include "xmpp/jid.h"

namespace hansa::rooms {

struct Message;

// For its member rooms alone: something said in the conversation that this turn is about, whose
// acting room `acting` is (protocol §4, «Rings»). Its origin has to be given.
void pass_on(engine::RoomTurn& turn, const xmpp::Jid& acting, const Message& message);
// Topic of a question to a room: the members that are rooms, a bare JID in each line.
inline constexpr std::string_view kAskMemberRooms = "rooms:member-rooms";
// Whether this log has a message of that origin; nothing: a read was asked. Then it is to be noted.
[[nodiscard]] std::optional<bool> has_origin(engine::RoomTurn& turn, std::string_view origin);
void note_origin(engine::RoomTurn& turn, std::string_view origin);

}  // namespace hansa::rooms
