#pragma once
// What kinds of members are sent, as one table (requirement A8). A kind that this version does not
// know is sent nothing, and the operator is told.

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

enum class Reach : std::uint8_t {
  directly,  // his clients are in the room, or are told where it is
  by_node,   // once to its node, which passes it on to whoever belongs to it
  nothing,
};
[[nodiscard]] Reach reach_of(MemberKind kind);
// The kind of that member; a person's if he is no member.
[[nodiscard]] MemberKind kind_of(const Room& room, const xmpp::Jid& who);
// Says so in the log, if the room has members of unknown kinds.
void report_unknown_kinds(engine::RoomTurn& turn);

}  // namespace hansa::rooms
