#pragma once
// What every feature of a room works with, besides its turn. Owned by Rooms; outlives all turns.

#include "engine/follower.h"
#include "engine/router.h"
#include "modules/rooms/rooms.h"

namespace hansa::rooms {

class MemberRooms;
class Relays;
class Vouching;

struct Context {
  const Settings& settings;
  const Hooks& hooks;
  const engine::Delivery& sessions;        // how entries reach them (delivery.h)
  MemberRooms* member_rooms = nullptr;     // never null (member_rooms.h)
  Relays* relays = nullptr;                // never null (relay.h)
  Vouching* vouching = nullptr;            // never null (vouching.h)
  const engine::Router* router = nullptr;  // for features; set when rows are added

  [[nodiscard]] bool is_enterprise(const xmpp::Jid& who) const;
  [[nodiscard]] bool is_admin(const xmpp::Jid& who) const;  // of the node
};

// A room that is not configured yet is there for its owner only (XEP-0045 §7.2.10, §10.1.1).
[[nodiscard]] inline bool is_locked_for(const Room& room, const xmpp::Jid& who) {
  return room.config().locked && room.affiliation(who) != Affiliation::owner;
}

// The state of the turn's room.
[[nodiscard]] inline const Room& room_of(const engine::RoomTurn& turn) {
  return turn.room().get<Room>();
}

}  // namespace hansa::rooms
