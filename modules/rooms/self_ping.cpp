#include "modules/rooms/self_ping.h"

#include "modules/rooms/relay.h"

namespace hansa::rooms {

void on_occupant_ping(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  const Session* const session = room_of(turn).session(iq.from);
  if (session == nullptr) {
    const bool known = turn.room().exists() && !room_of(turn).config().conversation &&
                       !is_locked_for(room_of(turn), iq.from);
    return turn.refuse(known ? Error(Condition::not_acceptable, "You are not in the room.")
                             : Error(Condition::item_not_found));
  }
  if (session->nick == iq.to.resource()) return turn.reply();
  // Somebody else's client (XEP-0045 §17.4). Nobody's nick: he may have missed that his own changed
  // (XEP-0410 §3.2).
  on_occupant_request(context, turn, iq);
}

}  // namespace hansa::rooms
