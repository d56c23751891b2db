#include "modules/rooms/nick.h"

#include "modules/rooms/join.h"
#include "modules/rooms/notes.h"
#include "modules/rooms/sessions.h"
#include "modules/rooms/virtuals.h"

namespace hansa::rooms {

void show_renamed(const Context& context, engine::RoomTurn& turn, const Session& before,
                  const std::string& nick, bool told) {
  Change change{.gone = true, .status = {xep_0045::status::kNickChanged}, .new_nick = nick};
  Appearance who = appearance_of(context, turn.room(), before);
  who.payload.clear();
  Showing gone(turn.room(), std::move(who), std::move(change));
  if (told) gone.send(turn, before, true);
  if (room_of(turn).occupant(before.nick).empty()) gone.send_others(turn, before.jid);
}

void change_nick(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& presence,
                 const Session& old) {
  const std::string nick(presence.to.resource());
  if (const auto why = nick_refused(room_of(turn), presence.from, nick)) {
    return turn.refuse(*why, xep_0045::join_echo());
  }
  const Session before = old;
  Session session = before;
  session.nick = nick;
  session.presence = presence_payload(presence, turn.room().address());
  session.seen = turn.now();
  free_nick(context, turn, nick);
  note_session(turn, session);
  turn.late_note(note_key(kPresenceNote, session.jid.text()), write_presence(session));
  show_renamed(context, turn, before, nick, true);
  show_occupant(context, turn, nick, {.id = std::string(presence.id)});
}

}  // namespace hansa::rooms
