#pragma once
// The muc#owner requests (XEP-0045 §10.1, §10.2, §10.9): the settings form, the room's end.

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

void on_owner_get(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);
void on_owner_set(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);

}  // namespace hansa::rooms
