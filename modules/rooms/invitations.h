#pragma once
// Mediated invitations and their decline (XEP-0045 §7.8.2): messages of type normal to the room,
// which passes them on in its own name. Direct invitations (XEP-0249) go past the room.

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

// A message to the room's address that is neither groupchat nor error.
void on_room_message(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& message);

}  // namespace hansa::rooms
