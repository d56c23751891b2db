#include "modules/rooms/speech.h"

#include "engine/letters.h"
#include "modules/rooms/delivery.h"
#include "modules/rooms/entries.h"
#include "modules/rooms/member_rooms.h"
#include "modules/rooms/notes.h"
#include "modules/rooms/presence.h"
#include "modules/rooms/recent.h"
#include "xep-spec/xep_0421_occupant_id.h"

namespace hansa::rooms {
namespace {

constexpr std::size_t kIdLength = 26;

}  // namespace

engine::Position append_message(engine::RoomTurn& turn, Message message, engine::EntryKind kind) {
  if (message.id.empty()) message.id = random_token(turn.random(), kIdLength);
  message.stanza_id = random_token(turn.random(), kIdLength);
  const engine::Position position =
      turn.append(kind, write_message(message), write_speaker(message));
  turn.index(stanza_key(turn.room().log_id(), message.stanza_id), engine::number_text(position));
  return position;
}

void say_live(engine::RoomTurn& turn, Message message) {
  if (message.id.empty()) message.id = random_token(turn.random(), kIdLength);
  if (!message.occupant_id.empty()) {
    xmpp::Writer writer(message.content);
    xep_0421::write(writer, {message.occupant_id});
  }
  const engine::Encoded encoded =
      encode_live(turn.room(), message.from_room ? std::string_view() : message.nick, message.id,
                  message.lang, message.content);
  for (const auto& [full, session] : room_of(turn).sessions()) {
    if (is_room(room_of(turn), session.jid)) continue;  // its node keeps none of these
    std::string stanza = encoded.before;
    xmpp::append_escaped(stanza, full);
    turn.send(stanza + encoded.after);
  }
  turn.state<Room>().recent().add_unlogged(message.id, turn.room().last_position() + 1, turn.now());
}

}  // namespace hansa::rooms
