#pragma once
// What follows when an acting room is destroyed: its conversations end with it, so that whoever
// makes a room of the same name later finds nothing of them, and speaks on in none. They are told
// at once; one that was not (a crash came between) sees it when it is loaded, or asked for
// anything, for each knows the log of the room that it belongs to.

#include <optional>

#include "engine/turn.h"
#include "modules/act-as/parts.h"
#include "modules/act-as/peer_room.h"
#include "modules/rooms/rooms.h"

namespace hansa::act_as {

class Ending {
 public:
  Ending(const Parts& parts, PeerRoom& peer_room) : parts_(parts), peer_room_(peer_room) {}
  void add_to(rooms::Hooks& hooks);
  // In a conversation, before anything else is changed: true, its acting room is gone, and it ends
  // (first it leaves the room that it is in). Nothing: a read was asked.
  [[nodiscard]] std::optional<bool> look(engine::RoomTurn& turn) const;

 private:
  void destroyed(engine::RoomTurn& turn) const;
  void end(engine::RoomTurn& turn) const;
  const Parts& parts_;
  PeerRoom& peer_room_;
};

}  // namespace hansa::act_as
