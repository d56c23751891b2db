#pragma once
// The end of a room (XEP-0045 §10.9): its owner destroys it, or the last one leaves a room that is
// not persistent (§7.14).

#include <string_view>

#include "engine/turn.h"
#include "modules/rooms/context.h"
#include "xep-spec/xep_0045_muc.h"

namespace hansa::rooms {

// Ends all sessions, each told once, and the room with its member list. Does not answer.
// `leaving` is the id of the presence by which the last one left, if that is why (§10.1.3).
void destroy_room(const Context& context, engine::RoomTurn& turn, const xep_0045::Destroy& destroy,
                  std::string_view leaving = {});
void destroy_if_empty(const Context& context, engine::RoomTurn& turn);

}  // namespace hansa::rooms
