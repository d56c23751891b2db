#pragma once
// The room's card and avatar (XEP-0054, XEP-0486): its owners set it, whoever may know of the room
// may see it. Its hash stands in disco and in presence of the room itself (XEP-0153).

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

void on_card_get(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);
void on_card_set(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);
// The hash of the avatar, if there is one, to one who comes in.
void show_avatar(engine::RoomTurn& turn, const xmpp::Jid& to);

}  // namespace hansa::rooms
