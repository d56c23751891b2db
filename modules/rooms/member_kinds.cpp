#include "modules/rooms/member_kinds.h"

namespace hansa::rooms {

Reach reach_of(MemberKind kind) {
  switch (kind) {
    case MemberKind::person: return Reach::directly;
    case MemberKind::room:
    case MemberKind::enterprise: return Reach::by_node;
  }
  return Reach::nothing;  // a later version's
}

MemberKind kind_of(const Room& room, const xmpp::Jid& who) {
  const auto found = room.members().find(who.bare_text());
  return found == room.members().end() ? MemberKind::person : found->second.kind;
}

void report_unknown_kinds(engine::RoomTurn& turn) {
  for (const auto& [bare, member] : room_of(turn).members()) {
    if (reach_of(member.kind) != Reach::nothing) continue;
    turn.log(LogLevel::warning, turn.room().address().text() + ": its member " + std::string(bare) +
                                    " is of kind " + std::to_string(static_cast<int>(member.kind)) +
                                    ", which this version does not know, and is sent nothing");
  }
}

}  // namespace hansa::rooms
