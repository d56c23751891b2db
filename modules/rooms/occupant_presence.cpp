#include "modules/rooms/occupant_presence.h"

#include "modules/rooms/bounces.h"
#include "modules/rooms/destroy.h"
#include "modules/rooms/join.h"
#include "modules/rooms/nick.h"
#include "modules/rooms/notes.h"
#include "modules/rooms/sessions.h"

namespace hansa::rooms {
namespace {

// Presence of one who is not in and does not ask in: he believes he is (§7.2.18).
void tell_stray(engine::RoomTurn& turn, const xmpp::Stanza& presence) {
  using namespace xep_0045;
  User user;
  user.item = Item{.affiliation = std::string(name_of(Affiliation::none)),
                   .role = std::string(name_of(Role::none)),
                   .jid = {},
                   .nick = {},
                   .actor = {},
                   .reason = "You are not in the room."};
  user.status = {status::kSelf, status::kKicked, status::kTechnical};
  std::string content;
  xmpp::Writer writer(content);
  write(writer, user);
  std::string stanza;
  xmpp::write_stanza(stanza,
                     {.kind = xmpp::StanzaKind::presence,
                      .type = "unavailable",
                      .from = presence.to.text(),
                      .to = presence.from.text(),
                      .id = presence.id,
                      .lang = {}},
                     content);
  turn.send(std::move(stanza));
}

void update(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& presence,
            const Session& old) {
  Session session = old;
  session.presence = presence_payload(presence, turn.room().address());
  session.seen = turn.now();
  turn.late_note(note_key(kPresenceNote, session.jid.text()), write_presence(session));
  show_occupant(context, turn, session.nick, {.id = std::string(presence.id)});
}

void leave(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& presence) {
  const Session* const found = room_of(turn).session(presence.from);
  if (found == nullptr) return;  // §17.3: silently
  // §10.1.3: whoever goes before he has configured the room takes it with him.
  if (room_of(turn).config().locked && room_of(turn).sessions().size() == 1) {
    return destroy_room(context, turn, {}, presence.id);
  }
  Session session = *found;
  session.presence = presence_payload(presence, turn.room().address());  // a last <status/>
  end_sessions(context, turn, {session}, {.id = std::string(presence.id)});
}

void available(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& presence) {
  // Also one who is in may ask in: he has lost what he knew of the room.
  if (const auto request = xep_0045::parse_join(presence.element())) {
    return join(context, turn, presence, *request);
  }
  const Session* const session = room_of(turn).session(presence.from);
  if (session == nullptr) return tell_stray(turn, presence);
  if (session->nick == presence.to.resource()) return update(context, turn, presence, *session);
  change_nick(context, turn, presence, *session);
}

}  // namespace

void on_occupant_presence(const Context& context, engine::RoomTurn& turn,
                          const xmpp::Stanza& presence) {
  if (presence.type.empty()) return available(context, turn, presence);
  if (presence.type == "unavailable") return leave(context, turn, presence);
  if (presence.is_error()) return on_bounce(context, turn, presence);
  // Subscriptions and probes: a room has none (§17.3).
}

void on_room_presence(const Context& context, engine::RoomTurn& turn,
                      const xmpp::Stanza& presence) {
  if (presence.type == "unavailable") return leave(context, turn, presence);
  if (presence.is_error()) return on_bounce(context, turn, presence);
  if (presence.type.empty() && xep_0045::parse_join(presence.element())) {
    turn.refuse(Error(Condition::jid_malformed, "Enter a room as room@service/nickname."),
                xep_0045::join_echo());
  }
}

}  // namespace hansa::rooms
