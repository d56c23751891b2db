#pragma once
// Which message a reference names: found among the newest entries of a conversation, under the
// names that its two sides have for it (protocol §4, Crossing ids).
//
//   inside   XEP-0308 uses the message's own id, all others our stanza id
//   person   the message's id: the peer's own, or the outgoing id that we gave
//   room     XEP-0308 uses the message's own id, all others the id that the peer's room gave

#include "engine/turn.h"
#include "modules/act-as/address.h"
#include "modules/act-as/conversation.h"
#include "modules/act-as/crossing.h"
#include "modules/rooms/rooms.h"

namespace hansa::act_as {

// For something that `said` refers to, on its way to the peer. Corrections and retractions: only of
// what the same person said.
[[nodiscard]] Translate outward(const Domains& domains, const engine::RoomState& room,
                                const rooms::Message& said);
// Whether the peer's side has a name for the message of that stanza id of ours, or has none for
// good (a note, a line of the room): for what says nothing but that.
[[nodiscard]] bool is_in_reach(const engine::RoomState& room, std::string_view stanza_id);
// For something that the peer says who has that occupant-id here, on its way in.
[[nodiscard]] Translate inward(const engine::RoomState& room, std::string occupant_id);

}  // namespace hansa::act_as
