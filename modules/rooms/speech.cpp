#include "modules/rooms/speech.h"

#include "engine/letters.h"
#include "modules/rooms/delivery.h"
#include "modules/rooms/entries.h"
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
    std::string stanza = encoded.before;
    xmpp::append_escaped(stanza, full);
    turn.send(stanza + encoded.after);
  }
  turn.state<Room>().recent().add_unlogged(message.id, turn.room().last_position() + 1, turn.now());
}

void show_virtual(const Context& context, engine::RoomTurn& turn, const VirtualOccupant& who) {
  const auto& virtuals = room_of(turn).virtuals();
  const auto known = virtuals.find(who.key);
  if (known != virtuals.end() && known->second.nick == who.nick) return;
  if (known != virtuals.end()) remove_virtual_occupant(context, turn, who.key);
  turn.note(note_key(kVirtualNote, who.key), write_virtual(who));
  Showing(turn.room(), appearance_of(context, turn.room(), who), {}).send_all(turn);
}

void remove_virtual_occupant(const Context& context, engine::RoomTurn& turn, std::string_view key) {
  const auto known = room_of(turn).virtuals().find(std::string(key));
  if (known == room_of(turn).virtuals().end()) return;
  const VirtualOccupant who = known->second;
  turn.note(note_key(kVirtualNote, key), std::nullopt);
  Showing(turn.room(), appearance_of(context, turn.room(), who), {.gone = true}).send_all(turn);
}

}  // namespace hansa::rooms
