#pragma once
// Asking to become a member (XEP-0045 §7.10, requirement A4): the form of jabber:iq:register. A
// request waits for owners and admins (applications.h); a member changes his reserved nick by it,
// or leaves for good.

#include <optional>

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

// Why he (or a room) may not even ask; nothing also for a member.
[[nodiscard]] std::optional<Error> may_not_apply(const Context& context,
                                                 const engine::RoomTurn& turn,
                                                 const xmpp::Jid& who);
void on_register_get(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);
void on_register_set(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);

}  // namespace hansa::rooms
