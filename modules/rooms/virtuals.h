#pragma once
// Speakers who are not in the room, shown as if they were (rooms.h: VirtualOccupant). Their nick is
// of somebody outside: it never keeps one of ours from his own.

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

// Shows the virtual occupant unless it is shown under that nick already.
void show_virtual(const Context& context, engine::RoomTurn& turn, const VirtualOccupant& who);
void remove_virtual_occupant(const Context& context, engine::RoomTurn& turn, std::string_view key);
// Somebody of ours is about to be shown under that nick: a virtual occupant gets another.
void free_nick(const Context& context, engine::RoomTurn& turn, std::string_view nick);

}  // namespace hansa::rooms
