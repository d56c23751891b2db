#pragma once
// Hats (XEP-0317): titles beside role and affiliation. Admins and owners make them and give them to
// people by ad-hoc commands at the room; all see them in presence.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

// The commands of §4 and §5, and disco of them.
void on_room_command(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);
// Those that he may use: node and name.
[[nodiscard]] std::vector<std::pair<std::string_view, std::string_view>> room_commands(
    const Context& context, const Room& room, const xmpp::Jid& who);
// What his presence says of the hats that he wears; empty: none.
[[nodiscard]] std::string hats_of(const Room& room, const xmpp::Jid& who);

}  // namespace hansa::rooms
