#pragma once
// What is said to all (XEP-0045 §7.4) and the room's subject (§7.2.15, §8.1): who may speak is one
// list of rules (messages.cpp). Logged is everything but what asks not to be, or is nothing but a
// chat state; that is shown to those who are in.

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

void on_groupchat(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& message);

}  // namespace hansa::rooms
