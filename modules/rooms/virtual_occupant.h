#pragma once
// Somebody outside who is heard in a room, as other modules show him there.

#include <string>
#include <string_view>

namespace hansa::rooms {

class Room;

// A speaker who is not in the room: the peer of a conversation, or one of its people.
struct VirtualOccupant {
  std::string key;  // who it is, stable: the peer's bare JID, or the occupant's id in its room
  std::string nick;
  std::string own = {};  // his nick outside, where ours have taken it; empty: the same
  [[nodiscard]] std::string_view outside() const { return own.empty() ? nick : own; }
};

// A nick that nobody in the room has, for a speaker from outside; the same as long as he is there.
[[nodiscard]] VirtualOccupant virtual_occupant(const Room& room, std::string key,
                                               std::string_view nick);

}  // namespace hansa::rooms
