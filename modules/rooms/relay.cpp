#include "modules/rooms/relay.h"

#include <optional>
#include <utility>

#include "base/limits.h"
#include "modules/rooms/bounces.h"
#include "modules/rooms/occupants.h"
#include "xep-spec/xep_0054_vcard.h"
#include "xep-spec/xep_0060_pubsub.h"

namespace hansa::rooms {
namespace {

constexpr std::size_t kIdLength = 26;
constexpr Millis kWait{limits::kRelay_ms};

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

std::string payload_of(const xmpp::Stanza& iq) {
  std::string content;
  xmpp::Writer writer(content);
  if (iq.payload() != nullptr) writer.element(*iq.payload());
  return content;
}

}  // namespace

void Relays::answer(engine::RoomTurn& turn, const Relay& relay, std::string_view type,
                    std::string_view content) {
  send_iq(turn, type, occupant_address(turn.room(), relay.nick), relay.asker, relay.asked_id,
          content);
}

void Relays::fail(engine::RoomTurn& turn, const Relay& relay, Condition condition) {
  std::string content;
  xmpp::Writer writer(content);
  xmpp::write_error(writer, Error(condition));
  answer(turn, relay, "error", content);
}

void Relays::ask(engine::RoomTurn& turn, const xmpp::Stanza& iq, const Session& from,
                 const Session& to) {
  OfRoom& relays = relays_[turn.room().address().text()];
  if (relays.size() >= limits::kRelays) {
    return turn.refuse(
        Error(Condition::resource_constraint, "Too many requests are on their way."));
  }
  const xmpp::Jid answerer = is_for_account(*iq.payload()) ? to.jid.bare() : to.jid;
  const std::string id = random_token(turn.random(), kIdLength);
  if (relays.empty()) turn.wake(std::string(kRelayWake), kWait);
  relays.emplace(id, Relay{from.jid, std::string(iq.id), answerer, to.nick, turn.mono() + kWait});
  turn.answer_later();
  send_iq(turn, iq.type, occupant_address(turn.room(), from.nick), answerer, id, payload_of(iq));
}

bool Relays::on_answer(engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  const auto room = relays_.find(turn.room().address().text());
  if (room == relays_.end()) return false;
  const auto found = room->second.find(std::string(iq.id));
  if (found == room->second.end() || !(found->second.answerer == iq.from)) return false;
  const Relay relay = std::move(found->second);
  room->second.erase(found);
  if (room->second.empty()) relays_.erase(room);
  if (iq.is_error()) {
    fail(turn, relay, xmpp::read_error(iq).condition);
  } else {
    answer(turn, relay, "result", payload_of(iq));
  }
  return true;
}

void Relays::on_wake(engine::RoomTurn& turn) {
  const auto room = relays_.find(turn.room().address().text());
  if (room == relays_.end()) return;
  const MonoTime now = turn.mono();
  std::optional<MonoTime> next;
  for (auto place = room->second.begin(); place != room->second.end();) {
    const Relay& relay = place->second;
    if (now < relay.due) {
      if (!next || relay.due < *next) next = relay.due;
      ++place;
      continue;
    }
    fail(turn, relay, Condition::remote_server_timeout);
    place = room->second.erase(place);
  }
  if (!next) {
    relays_.erase(room);
    return;
  }
  turn.wake(std::string(kRelayWake), *next - now);
}

void on_occupant_request(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
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
  context.relays->ask(turn, iq, *asker, *other);
}

}  // namespace hansa::rooms
