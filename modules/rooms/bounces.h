#pragma once
// Errors that come back from a client (protocol §2; XEP-0045 §11.1, §18.1.2): one that says that
// the client is gone ends its session, with 333 to the others, and puts its cursor before the
// earliest entry that bounced, confirmed or not.

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

void on_bounce(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& error);
// That error says that whoever sent it is not there any more.
[[nodiscard]] bool is_delivery_error(const xmpp::Stanza& error);

}  // namespace hansa::rooms
