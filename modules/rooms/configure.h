#pragma once
// A change of a room's settings takes effect (XEP-0045 §10.1.3, §10.2): the entries, and what those
// who are in are told of it. The form is config_form.h's, the request owner.h's.

#include <optional>
#include <string_view>

#include "engine/turn.h"
#include "modules/rooms/config_form.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

// Why `actor` may not make this change; nothing if he may.
[[nodiscard]] std::optional<Error> may_not_configure(const Context& context,
                                                     const engine::RoomTurn& turn,
                                                     const xmpp::Jid& actor,
                                                     const Submitted& submitted);
// Makes it, answers the request of this turn, tells the occupants. Unlocks a locked room.
void configure(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& actor,
               const Submitted& submitted, std::string_view answer = {});

}  // namespace hansa::rooms
