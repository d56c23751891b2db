#include "modules/rooms/relay.h"

#include <algorithm>

#include "base/limits.h"
#include "modules/rooms/bounces.h"
#include "modules/rooms/occupants.h"
#include "xep-spec/xep_0054_vcard.h"
#include "xep-spec/xep_0060_pubsub.h"

namespace hansa::rooms {
namespace {

constexpr std::size_t kIdLength = 26;

// Answered by a person's server for all his clients.
bool is_for_account(const xmpp::Element& payload) {
  return payload.ns() == xep_0054::kNs || payload.ns() == xep_0060::kNs;
}

void send_iq(engine::RoomTurn& turn, std::string_view type, const std::string& from,
             const xmpp::Jid& to, std::string_view id, std::string_view content) {
  std::string stanza;
  xmpp::write_stanza(stanza,
                     {.kind = xmpp::StanzaKind::iq,
                      .type = type,
                      .from = from,
                      .to = to.text(),
                      .id = id,
                      .lang = {}},
                     content);
  turn.send(std::move(stanza));
}

void send_error(engine::RoomTurn& turn, const Relays::Relay& relay, Condition condition) {
  std::string content;
  xmpp::Writer writer(content);
  xmpp::write_error(writer, Error(condition));
  send_iq(turn, "error", occupant_address(turn.room(), relay.nick), relay.asker, relay.asked_id,
          content);
}

std::string payload_of(const xmpp::Stanza& iq) {
  std::string content;
  xmpp::Writer writer(content);
  if (iq.payload() != nullptr) writer.element(*iq.payload());
  return content;
}

}  // namespace

bool Relays::add(const std::string& id, Relay relay) {
  if (relays_.size() >= limits::kRelays) return false;
  relays_.emplace(id, std::move(relay));
  return true;
}

std::optional<Relays::Relay> Relays::take(const std::string& id, const xmpp::Jid& from) {
  const auto found = relays_.find(id);
  if (found == relays_.end() || !(found->second.answerer == from)) return std::nullopt;
  Relay relay = std::move(found->second);
  relays_.erase(found);
  return relay;
}

std::vector<Relays::Relay> Relays::take_due(MonoTime now) {
  std::vector<Relay> due;
  for (auto place = relays_.begin(); place != relays_.end();) {
    if (now < place->second.due) {
      ++place;
      continue;
    }
    due.push_back(std::move(place->second));
    place = relays_.erase(place);
  }
  return due;
}

std::optional<MonoTime> Relays::next_due() const {
  std::optional<MonoTime> next;
  for (const auto& [id, relay] : relays_) {
    if (!next || relay.due < *next) next = relay.due;
  }
  return next;
}

void on_occupant_request(const Context&, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  const Room& room = room_of(turn);
  const Session* const asker = room.session(iq.from);
  if (asker == nullptr) {
    const bool known =
        turn.room().exists() && !room.config().conversation && !is_locked_for(room, iq.from);
    return turn.refuse(known ? Error(Condition::not_acceptable, "You are not in the room.")
                             : Error(Condition::item_not_found));
  }
  const std::string_view nick = iq.to.resource();
  if (virtual_named(room, nick) != nullptr) {
    return turn.refuse(Error(Condition::service_unavailable));
  }
  const Session* const other = shown_session(room.occupant(nick));
  if (other == nullptr) {
    return turn.refuse(Error(Condition::item_not_found, "Nobody in the room has that nickname."));
  }
  Relays::Relay relay{asker->jid, std::string(iq.id),
                      is_for_account(*iq.payload()) ? other->jid.bare() : other->jid, other->nick,
                      turn.mono() + Millis(limits::kRelay_ms)};
  const std::string id = random_token(turn.random(), kIdLength);
  const xmpp::Jid to = relay.answerer;
  const std::string from = occupant_address(turn.room(), asker->nick);
  Relays& relays = turn.state<Room>().relays();
  const bool first = relays.empty();
  if (!relays.add(id, std::move(relay))) {
    return turn.refuse(
        Error(Condition::resource_constraint, "Too many requests are on their way."));
  }
  turn.answer_later();
  if (first) turn.wake(std::string(kRelayWake), Millis(limits::kRelay_ms));
  send_iq(turn, iq.type, from, to, id, payload_of(iq));
}

bool on_occupant_answer(engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  const auto relay = turn.state<Room>().relays().take(std::string(iq.id), iq.from);
  if (!relay) return false;
  if (iq.is_error()) {
    send_error(turn, *relay, xmpp::read_error(iq).condition);
  } else {
    send_iq(turn, "result", occupant_address(turn.room(), relay->nick), relay->asker,
            relay->asked_id, payload_of(iq));
  }
  return true;
}

void end_relays(engine::RoomTurn& turn) {
  Relays& relays = turn.state<Room>().relays();
  for (const Relays::Relay& relay : relays.take_due(turn.mono())) {
    send_error(turn, relay, Condition::remote_server_timeout);
  }
  if (const auto next = relays.next_due()) {
    turn.wake(std::string(kRelayWake), Millis(next->ms - turn.mono().ms));
  }
}

}  // namespace hansa::rooms
