#pragma once
// Members who are mentioned while they are away get the message forwarded (XEP-0452), if the owners
// want that.

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

// The message was appended at that position.
void forward_mentions(engine::RoomTurn& turn, const xmpp::Stanza& message,
                      engine::Position position);

}  // namespace hansa::rooms
