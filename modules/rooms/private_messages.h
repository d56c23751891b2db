#pragma once
// Private messages between occupants (XEP-0045 §7.5): to all clients of the nick, never logged.

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

void on_private_message(const Context& context, engine::RoomTurn& turn,
                        const xmpp::Stanza& message);

}  // namespace hansa::rooms
