#pragma once
// Versions of the member list (XEP-0463): who comes in with an old one is told what changed since,
// all if that is not known any more; every change is told with the versions before and after it.

#include <set>
#include <string>

#include "engine/turn.h"
#include "modules/rooms/affiliations.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

// A change was appended, to a list of the version `before`: keeps who was removed.
void note_change(engine::RoomTurn& turn, const xmpp::Jid& who, Affiliation after,
                 engine::Position before);
// <mav/> of the present list, for one's own presence at a join.
[[nodiscard]] std::string present_version(const engine::RoomState& room);
// <mav/> of a change that was appended.
[[nodiscard]] std::string change_versions(const engine::RoomState& room,
                                          const MemberChange& change);
// What `to`, who comes in with the version `since`, lacks. Before any presence (§4.2).
void send_list(engine::RoomTurn& turn, const Session& to, const std::string& since);
// A change, to those who keep the list and may see it, but for those (`saw`, full JIDs) whom a
// presence tells of it.
void tell_change(engine::RoomTurn& turn, const MemberChange& change,
                 const std::set<std::string>& saw = {});

}  // namespace hansa::rooms
