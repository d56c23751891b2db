#pragma once
// Hats (XEP-0317): titles beside role and affiliation. Admins and owners make them and give them to
// people by ad-hoc commands at the room; all see them in presence.

#include <span>
#include <string>

#include "engine/turn.h"
#include "modules/rooms/context.h"
#include "modules/rooms/room_commands.h"

namespace hansa::rooms {

// The commands of §4 and §5.
[[nodiscard]] std::span<const RoomCommand> hat_commands();
// What his presence says of the hats that he wears; empty: none.
[[nodiscard]] std::string hats_of(const Room& room, const xmpp::Jid& who);

}  // namespace hansa::rooms
