#pragma once
// Presence from clients, to an occupant's address or to the room: coming in, news, another nick,
// leaving (XEP-0045 §7.2, §7.6, §7.7, §7.14, §17.3).

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

void on_occupant_presence(const Context& context, engine::RoomTurn& turn,
                          const xmpp::Stanza& presence);
// To the room's own address: there is no nick, so nobody can come in.
void on_room_presence(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& presence);

}  // namespace hansa::rooms
