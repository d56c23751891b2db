#pragma once
// Slow mode (XEP-0500): owners set how long everybody but they and the admins has to wait between
// two messages. What was said before a restart of the node does not count.

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

// By bare JID, over all of his clients and nicknames; messages with a body only.
[[nodiscard]] Verdict judge_slow_mode(engine::RoomTurn& turn, const xmpp::Stanza& message);
// He said something.
void note_spoke(engine::RoomTurn& turn, const xmpp::Stanza& message);

}  // namespace hansa::rooms
