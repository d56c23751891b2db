#pragma once
// Moderators take back what others said (XEP-0425): the room says so, the payload is erased.

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

void on_moderate(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);

}  // namespace hansa::rooms
