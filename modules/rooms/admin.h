#pragma once
// The muc#admin requests (XEP-0045 §8.2–§8.5, §9, §10.3–§10.8): lists by affiliation or role, and
// changes of them. A change with one illegal item changes nothing.

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

void on_admin_get(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);
void on_admin_set(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);

}  // namespace hansa::rooms
