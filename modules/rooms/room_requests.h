#pragma once
// A room asks to become a member (requirement A6; act-as.xml, «Joining a room as a room»): judged
// here, stored and asked about as a person's request is (applications.h, questions.h). The asking
// node says its request again as often as it likes: the same id is the same request.

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

void on_room_join(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);
// The same, when the sender's service has said whether it speaks for rooms (vouching.h).
void on_vouched_join(const Context& context, engine::RoomTurn& turn, const engine::Passed& passed);
// Withdraws the request, or leaves for good.
void on_room_leave(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);
// Where the request stands.
void on_membership(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);
// To the node of that room: something changed, ask.
void tell_room(engine::RoomTurn& turn, const xmpp::Jid& identity);

}  // namespace hansa::rooms
