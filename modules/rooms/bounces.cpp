#include "modules/rooms/bounces.h"

#include <algorithm>

#include "modules/rooms/history.h"
#include "modules/rooms/invitations.h"
#include "modules/rooms/notes.h"
#include "modules/rooms/recent.h"
#include "modules/rooms/sessions.h"

namespace hansa::rooms {
namespace {

// The last entry that this client has, as far as the error says.
std::optional<engine::Position> last_received(const engine::RoomTurn& turn,
                                              const xmpp::Stanza& error) {
  if (error.kind != xmpp::StanzaKind::message) return std::nullopt;
  const auto position = room_of(turn).recent().bounced(error.id, turn.now());
  if (!position) return std::nullopt;
  return *position - 1;
}

}  // namespace

bool is_delivery_error(const xmpp::Stanza& error) {
  switch (xmpp::read_error(error).condition) {
    case Condition::gone:
    case Condition::recipient_unavailable:
    case Condition::redirect:
    case Condition::remote_server_not_found:
    case Condition::remote_server_timeout: return true;
    // What hosts answer for a client that is not connected (RFC 6121 §8.5.3.2.1); of an iq it is
    // the client that says so, of what it was asked.
    case Condition::item_not_found:
    case Condition::service_unavailable: return error.kind != xmpp::StanzaKind::iq;
    default: return false;
  }
}

void on_bounce(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& error) {
  if (!turn.room().exists() || !is_delivery_error(error)) return;
  if (error.kind == xmpp::StanzaKind::message) return_invitation(turn, error);
  const Room& room = room_of(turn);
  const auto received = last_received(turn, error);
  if (const Session* const found = room.session(error.from)) {
    Session session = *found;
    session.presence.clear();
    end_sessions(context, turn, {session}, {.status = {xep_0045::status::kTechnical}}, received);
    return;
  }
  // He left before the error came: what was on its way to him is lost all the same.
  const auto cursor = room.cursor(error.from);
  if (!received || !cursor || *cursor <= *received || room.present(error.from)) return;
  turn.note(note_key(kCursorNote, error.from.bare_text()), write_cursor(*received));
}

}  // namespace hansa::rooms
