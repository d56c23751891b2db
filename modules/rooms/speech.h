#pragma once
// How something that may be said gets into the log, or only to those who are in: for occupants, for
// other modules (rooms.h: say_as, subject_as, notice, say).

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

// Gives it a stanza-id, and an id if it has none, and appends it.
engine::Position append_message(engine::RoomTurn& turn, Message message, engine::EntryKind kind);
// To those who are in, without the log.
void say_live(engine::RoomTurn& turn, Message message);

}  // namespace hansa::rooms
