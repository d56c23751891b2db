#include "modules/rooms/delivery.h"

#include "modules/rooms/occupants.h"
#include "xep-spec/xep_0203_delay.h"
#include "xep-spec/xep_0359_stanza_ids.h"
#include "xep-spec/xep_0421_occupant_id.h"
#include "xmpp/writer.h"

namespace hansa::rooms {

bool is_history(const engine::Entry& entry) {
  return entry.kind == engine::EntryKind::message && !entry.erased;
}

engine::Encoded encode_live(const engine::RoomState& room, std::string_view nick,
                            std::string_view id, std::string_view lang, std::string_view content) {
  const auto attribute = [](std::string& out, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out.append(name).append("='");
    xmpp::append_escaped(out, value);
    out += "' ";
  };
  engine::Encoded encoded;
  encoded.before = "<message type='groupchat' ";
  attribute(encoded.before, "from",
            nick.empty() ? room.address().text() : occupant_address(room, nick));
  attribute(encoded.before, "id", id);
  attribute(encoded.before, "xml:lang", lang);
  encoded.before += "to='";
  encoded.after = "'>";
  encoded.after += content;
  encoded.after += "</message>";
  return encoded;
}

engine::Encoded encode_message(const engine::RoomState& room, const engine::Entry& entry,
                               bool late) {
  const Message message = read_message(entry);
  const std::string& address = room.address().text();
  std::string content = message.content;
  xmpp::Writer writer(content);
  if (!message.stanza_id.empty()) xep_0359::write(writer, {message.stanza_id, address});
  if (!message.occupant_id.empty()) xep_0421::write(writer, {message.occupant_id});
  const bool was_held = message.said.ms > 0;
  if (late || was_held) {
    xep_0203::write(writer, {address, was_held ? message.said : entry.stamp});
  }
  return encode_live(room, message.from_room ? std::string_view() : message.nick, message.id,
                     message.lang, content);
}

void write_room_subject(const engine::RoomState& room, std::string_view address, std::string& out) {
  const engine::EntryPtr& subject = room.get<Room>().subject();
  const engine::Encoded encoded = subject != nullptr && !subject->erased
                                      ? encode_message(room, *subject, true)
                                      : encode_live(room, {}, {}, {}, "<subject/>");
  out.append(encoded.before).append(address).append(encoded.after);
}

std::optional<engine::Encoded> SessionDelivery::encode(const engine::RoomState& room,
                                                       const engine::Entry& entry,
                                                       bool late) const {
  const bool is_subject = entry.kind == engine::EntryKind::subject && !entry.erased && !late;
  if (!is_subject && !is_history(entry)) return std::nullopt;
  return encode_message(room, entry, late);
}

void SessionDelivery::left_behind(const engine::RoomState& room, std::string_view address,
                                  engine::Position, engine::Position, std::string& out) const {
  const engine::Encoded encoded =
      encode_live(room, {}, {}, {},
                  "<body>What was said before this, since you were last here, is no longer kept in "
                  "this room.</body>");
  out.append(encoded.before).append(address).append(encoded.after);
}

void SessionDelivery::caught_up(const engine::RoomState& room, std::string_view address,
                                std::string& out) const {
  write_room_subject(room, address, out);
}

}  // namespace hansa::rooms
