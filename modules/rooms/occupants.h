#pragma once
// How an occupant appears to others: address, id, nick, the presence to show when one person has
// several clients under one nick (XEP-0045 §7.2.8).

#include <string>
#include <string_view>
#include <vector>

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

// room@service/nick
[[nodiscard]] std::string occupant_address(const engine::RoomState& room, std::string_view nick);
// XEP-0421: stable for that person in that room, says nothing about him. At most 52 characters.
[[nodiscard]] std::string occupant_id(const Context& context, const engine::RoomState& room,
                                      const xmpp::Jid& who);
[[nodiscard]] std::string virtual_id(const Context& context, const engine::RoomState& room,
                                     std::string_view key);

// What a presence says about an occupant.
struct Appearance {
  std::string nick;
  Role role = Role::none;
  Affiliation affiliation = Affiliation::none;
  std::string occupant_id;
  std::string payload;
  xmpp::Jid real;  // empty for a virtual occupant
  bool apart = false;
};
[[nodiscard]] Appearance appearance_of(const Context& context, const engine::RoomState& room,
                                       const Session& session);
[[nodiscard]] Appearance appearance_of(const Context& context, const engine::RoomState& room,
                                       const VirtualOccupant& who);

// Of an occupant's sessions the one whose presence came last; null for none.
[[nodiscard]] const Session* shown_session(const std::vector<const Session*>& sessions);
// One session for each nick, the one to show.
[[nodiscard]] std::vector<const Session*> shown_sessions(const Room& room);
[[nodiscard]] std::vector<const Session*> shown_moderators(const Room& room);
// All clients of one person that are in.
[[nodiscard]] std::vector<const Session*> sessions_of(const Room& room, const xmpp::Jid& who);
[[nodiscard]] const VirtualOccupant* virtual_named(const Room& room, std::string_view nick);

}  // namespace hansa::rooms
