#include "modules/rooms/self_ping.h"

namespace hansa::rooms {

void on_occupant_ping(engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  const Session* const session = room_of(turn).session(iq.from);
  if (session == nullptr) {
    const bool known = turn.room().exists() && !room_of(turn).config().conversation &&
                       !is_locked_for(room_of(turn), iq.from);
    return turn.refuse(known ? Error(Condition::not_acceptable, "You are not in the room.")
                             : Error(Condition::item_not_found));
  }
  if (session->nick == iq.to.resource()) return turn.reply();
  // Somebody else: clients are not reached through a room. If there is nobody he may have missed
  // that his own nick changed (XEP-0410 §3.2).
  const bool other = !room_of(turn).occupant(iq.to.resource()).empty();
  turn.refuse(Error(other ? Condition::service_unavailable : Condition::item_not_found));
}

}  // namespace hansa::rooms
