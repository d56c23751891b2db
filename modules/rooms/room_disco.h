#pragma once
// What a room says of itself by service discovery (XEP-0045 §6.4–§6.6, §7.12, §18.1.1). A hidden
// room answers those only who may enter it; a conversation those who are in it, or whom a join hook
// lets in; to all others both are as if they were not there.

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

void on_room_info(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);
void on_room_items(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);
// disco#info or disco#items to an occupant's address.
void on_occupant_disco(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);

}  // namespace hansa::rooms
