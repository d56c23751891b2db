#pragma once
// Who may read what was said in a room without being in it (XEP-0313 §5.1.2): whoever could enter
// it now.

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

[[nodiscard]] Reading may_read(const Context& context, engine::RoomTurn& turn,
                               const xmpp::Jid& who);

}  // namespace hansa::rooms
