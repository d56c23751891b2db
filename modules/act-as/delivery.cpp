#include "modules/act-as/delivery.h"

#include "modules/act-as/peer_room_tie.h"
#include "modules/act-as/references.h"
#include "xep-spec/xep_0184_receipts.h"
#include "xep-spec/xep_0203_delay.h"
#include "xep-spec/xep_0359_stanza_ids.h"
#include "xmpp/parser.h"
#include "xmpp/writer.h"

namespace hansa::act_as {
namespace {

// The content of a message as an element again; it was written by rooms.
xmpp::DocumentPtr parsed(const std::string& content) {
  auto document = xmpp::parse_element("<message>" + content + "</message>", xmpp::ns::kClient);
  return document ? std::move(document).value() : nullptr;
}

void put(std::string& out, std::string_view name, std::string_view value) {
  out.append(" ").append(name).append("='");
  xmpp::append_escaped(out, value);
  out.append("'");
}

}  // namespace

std::optional<engine::Encoded> PeerDelivery::encode_shared(const engine::RoomState& room,
                                                           const engine::SharedEntry& entry,
                                                           bool late) const {
  const Conversation& talk = room.get<Conversation>();
  if (entry.kind != engine::EntryKind::message || entry.erased || !talk.opened()) return {};
  const bool to_room = talk.peer_kind() == PeerKind::room;
  // To a person that is what he refused: it was said that it did not come.
  if (talk.has_crossed(entry.position)) return {};
  const rooms::Message message = rooms::read_message(entry);
  if (message.from_peer || message.from_room || message.internal) return {};
  const xmpp::DocumentPtr document = parsed(message.content);
  if (!document) return {};
  Carried carried = carry(document->root(), outward(domains_, room, message));
  if (!carried.says) return {};

  const std::string id = talk.outgoing_id(message.stanza_id);
  xmpp::Writer writer(carried.content);
  // In a room everybody would answer (XEP-0184 §5.3).
  if (!to_room && xep_0184::requested(document->root())) writer.empty("request", xep_0184::kNs);
  if (to_room) writer.open("origin-id", xep_0359::kNs).attr("id", id).close();
  if (to_room && room.get<Tie>().wish().hansa) {
    const Opened& about = talk.about();
    xep_act_as::write(writer,
                      xep_act_as::Origin{
                          id, {xep_act_as::mark_of(secret_, about.acting, about.peer.text(), id)}});
  }
  if (late) {
    xep_0203::write(writer, {identity_of(domains_, talk.about().acting).text(), entry.stamp});
  }
  engine::Encoded out;
  out.before = "<message";
  put(out.before, "type", to_room ? "groupchat" : "chat");
  put(out.before, "id", id);
  put(out.before, "from", full_identity_of(domains_, talk.about().acting).text());
  out.before += " to='";
  out.after = "'>" + carried.content + "</message>";
  return out;
}

}  // namespace hansa::act_as
