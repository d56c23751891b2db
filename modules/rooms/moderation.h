#pragma once
// Moderators take back what others said (XEP-0425): the room says so, the payload is erased.

#include "engine/turn.h"
#include "modules/rooms/context.h"
#include "modules/rooms/retraction.h"

namespace hansa::rooms {

void on_moderate(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);
// Somebody has taken back what `target` said: erased, and the room says so.
void announce_moderation(engine::RoomTurn& turn, const engine::Entry& target, RetractedBy who);

}  // namespace hansa::rooms
