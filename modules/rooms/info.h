#pragma once
// What others may know of a room (rooms.h: kAsk): answered to other rooms and to services.

#include "engine/turn.h"
#include "modules/rooms/rooms.h"

namespace hansa::rooms {

[[nodiscard]] std::string answer_info(const engine::RoomState& room, const xmpp::Jid& actor);

}  // namespace hansa::rooms
