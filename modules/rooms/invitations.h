#pragma once
// Mediated invitations and their decline (XEP-0045 §7.8.2): messages of type normal to the room,
// which passes them on in its own name. Direct invitations (XEP-0249) go past the room. Who was
// invited is remembered for a while: he may decline, and nobody else has a word for the inviter.

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

// A message to the room's address that is neither groupchat nor error.
void on_room_message(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& message);

// He has come in: there is nothing to decline any more.
void forget_invited(engine::RoomTurn& turn, const xmpp::Jid& who);
// What could not be delivered may have been an invitation: the inviter is told if he is in.
void return_invitation(engine::RoomTurn& turn, const xmpp::Stanza& error);

}  // namespace hansa::rooms
