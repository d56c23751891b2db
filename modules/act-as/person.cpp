#include "modules/act-as/person.h"

#include <algorithm>

#include "base/limits.h"
#include "modules/act-as/references.h"
#include "xep-spec/xep_0045_muc.h"
#include "xep-spec/xep_0085_chat_states.h"
#include "xep-spec/xep_0172_nick.h"
#include "xep-spec/xep_0184_receipts.h"
#include "xep-spec/xep_0359_stanza_ids.h"

namespace hansa::act_as {
namespace {

// As an account that does not exist would answer (RFC 6121 §8.5.1).
Error nobody() { return Error(Condition::service_unavailable); }

// `occupant`: the peer is somebody in a room, under his nick there. A person's resource is his own
// affair, whatever else he sends; his nick is the one that he said last (XEP-0172 §4.2: he does not
// say it each time).
std::string nick_of(const xmpp::Stanza& stanza, bool occupant, std::string_view known) {
  std::string nick(known);
  if (const xmpp::Element* said = stanza.child("nick", xep_0172::kNs)) nick = said->text();
  if (occupant) nick = stanza.from.resource();
  if (nick.empty() || nick.size() > limits::kNickBytes) {
    nick = stanza.from.local().empty() ? stanza.from.domain() : stanza.from.local();
    nick = xmpp::unescape_local(nick);
  }
  const auto prepared = xmpp::prepare_nick(nick);
  return prepared ? *prepared : std::string(stanza.from.domain());
}

bool takes_states(const xmpp::Stanza& stanza) {
  const auto children = stanza.element().children();
  return std::any_of(children.begin(), children.end(),
                     [](const xmpp::Element& child) { return child.ns() == xep_0085::kNs; });
}

// Sent again by a client that was not sure (protocol §2): the same id and the same words.
bool repeated(const engine::RoomState& room, const xmpp::Stanza& stanza, const Carried& carried,
              WallTime now) {
  const std::string_view origin = xep_0359::origin_id(stanza.element());
  const std::string_view id = origin.empty() ? stanza.id : origin;
  if (id.empty()) return false;
  const auto& tail = room.tail();
  return std::any_of(tail.rbegin(), tail.rend(), [&](const engine::EntryPtr& entry) {
    if (entry->kind != engine::EntryKind::message) return false;
    if (now.ms - entry->stamp.ms > limits::kRepeatWindow_ms) return false;
    const rooms::Message message = rooms::read_message(*entry);
    if (!message.from_peer || message.id != stanza.id) return false;
    return message.content == carried.content || !message.tombstone.empty();
  });
}

rooms::VirtualOccupant speaker(const engine::RoomState& room, const xmpp::Stanza& stanza) {
  const Conversation& talk = room.get<Conversation>();
  const bool occupant = talk.opened() && !talk.about().peer.is_bare();
  std::string key = occupant ? stanza.from.text() : std::string(stanza.from.bare_text());
  const auto& virtuals = room.get<rooms::Room>().virtuals();
  const auto known = virtuals.find(key);
  const std::string nick = nick_of(
      stanza, occupant, known == virtuals.end() ? std::string_view() : known->second.outside());
  return rooms::virtual_occupant(room.get<rooms::Room>(), std::move(key), nick);
}

}  // namespace

bool Person::within_rate(engine::RoomTurn& turn) const {
  Exchange& now = turn.state<Conversation>().now();
  if (now.allowance < 0) {
    now.allowance = limits::kPeerBurst;
  } else {
    const auto passed = static_cast<double>((turn.mono() - now.allowance_at).count());
    now.allowance = std::min<double>(limits::kPeerBurst,
                                     now.allowance + passed * limits::kPeerPerSecond / 1000.0);
  }
  now.allowance_at = turn.mono();
  if (now.allowance < 1) return false;
  now.allowance -= 1;
  return true;
}

void Person::receipt(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  if (stanza.id.empty() || !xep_0184::requested(stanza.element())) return;
  std::string content;
  xmpp::Writer writer(content);
  xep_0184::write_received(writer, stanza.id);
  turn.send(from_identity(parts_, room_of(parts_.domains, stanza.to),
                          {xmpp::StanzaKind::message, std::string(stanza.type), stanza.from.text(),
                           random_token(turn.random(), kStanzaIdCharacters)},
                          content));
}

void Person::on_message(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  Conversation& talk = turn.state<Conversation>();
  const xmpp::Jid acting = room_of(parts_.domains, stanza.to);
  if (rooms::Rooms::take_question(turn, stanza)) return;
  if (is_marked(acting)) return turn.refuse(nobody());
  const auto right =
      parts_.rights.ask(turn, acting, stanza.from, {{}, PeerKind::unknown, talk.about().log});
  const auto member_rooms = Passing::member_rooms(turn, acting);
  if (!right || !member_rooms) return;
  if (!*right) return turn.refuse(right->error());
  if (!(*right)->bare_known || !((*right)->known || talk.opened())) return turn.refuse(nobody());

  // Of whom we know that he is a person, it is forged; it is left behind (inward()).
  const bool of_a_room =
      talk.peer_kind() != PeerKind::person && stanza.child("x", xep_0045::kNsUser) != nullptr;
  if (of_a_room || talk.peer_kind() == PeerKind::room) {
    if (stanza.from.is_bare()) {
      if (!talk.opened()) return wordless_.invited(turn, stanza, **right);
      return room_.on_message(turn, stanza);
    }
    const auto taken = privately_.heard(turn, stanza);
    if (!taken || *taken) return;
    return turn.refuse(Error(Condition::feature_not_implemented,
                             "Private messages of occupants are not taken here."));
  }
  if (talk.blocked()) return turn.refuse(nobody());  // XEP-0191 §3.3
  if (is_encrypted(stanza.element())) {
    return turn.refuse(Error(Condition::not_acceptable,
                             "This address is read by several people and cannot take encrypted "
                             "messages; please send it without end-to-end encryption."));
  }
  const rooms::VirtualOccupant who = speaker(turn.room(), stanza);
  const Carried carried =
      carry(stanza.element(), inward(turn.room(), parts_.rooms.id_of(turn.room(), who.key)));
  if (!within_rate(turn)) {
    if (!carried.says) return;
    return turn.refuse(
        Error(Condition::policy_violation, "Too many messages at once; please wait a little."));
  }
  if (!carried.says) {
    if (wordless_.heard(turn, stanza, **right, who.nick)) return;
    return states_.heard(turn, stanza, who);  // chat states, markers, receipts
  }
  if (repeated(turn.room(), stanza, carried, turn.now())) return receipt(turn, stanza);

  const bool was_answered = !talk.unanswered();
  if (!talk.opened()) {
    if (!wordless_.may_begin(turn, acting, stanza.from)) return;
    Opened opened;
    opened.acting = acting;
    opened.peer = stanza.from.bare();
    opened.version = (*right)->version;
    opened.log = (*right)->log;
    opening_.create(turn, std::move(opened), (*right)->info, PeerKind::person);
  }
  peer_.is_person(turn);
  hear(turn, who, stanza, carried);
  passing_.pass(turn, !member_rooms->empty());
  receipt(turn, stanza);
  if (takes_states(stanza)) talk.now().peer_states = true;
  news_.tell(turn, was_answered);
}

void Person::hear(engine::RoomTurn& turn, const rooms::VirtualOccupant& who,
                  const xmpp::Stanza& stanza, const Carried& carried) const {
  const std::string id(stanza.id);
  const auto target = rooms::find_said(turn, carried.retracts);
  if (target && *target != nullptr) {
    return parts_.rooms.retract_as(turn, who, **target, id, carried.content);
  }
  parts_.rooms.say_as(turn, who, id, carried.content, turn.now());
}

// Matched by our id, shown once inside, never sent again.
void Person::on_error(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  const Conversation& talk = turn.state<Conversation>();
  if (!talk.opened() || stanza.id.empty()) return;
  engine::Position position = 0;
  for (const engine::EntryPtr& entry : turn.room().tail()) {
    if (entry->kind == engine::EntryKind::crossed) {
      const Crossed old = read_crossed(*entry);
      if (old.position == position && !old.refused.empty()) return;
    }
    if (entry->kind != engine::EntryKind::message) continue;
    const rooms::Message message = rooms::read_message(*entry);
    if (message.from_peer || message.from_room) continue;
    if (talk.outgoing_id(message.stanza_id) == stanza.id) position = entry->position;
  }
  if (position == 0) return;
  if (talk.peer_kind() == PeerKind::room && talk.has_crossed(position)) return;
  room_.on_refused(turn, position, xmpp::read_error(stanza));
}

}  // namespace hansa::act_as
