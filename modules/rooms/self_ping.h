#pragma once
// Pings to an occupant's address (XEP-0410, XEP-0199): «am I still in under this nick?»

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

void on_occupant_ping(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);

}  // namespace hansa::rooms
