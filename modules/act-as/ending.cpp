#include "modules/act-as/ending.h"

#include "modules/act-as/acting.h"
#include "modules/act-as/conversation.h"

namespace hansa::act_as {
namespace {

constexpr std::string_view kWhy = "The room that spoke here was destroyed.";

// Whoever had subscribed to the identity's presence has it no more (RFC 6121 §3.2).
void end_subscriptions(engine::RoomTurn& turn, const Domains& domains) {
  const xmpp::Jid room = turn.room().address();
  for (const std::string& bare : turn.state<Acting>().subscribers()) {
    for (const std::string_view type : {"unavailable", "unsubscribed"}) {
      const xmpp::Jid from =
          type == "unavailable" ? full_identity_of(domains, room) : identity_of(domains, room);
      xmpp::Head head;
      head.kind = xmpp::StanzaKind::presence;
      head.type = type;
      head.from = from.text();
      head.to = bare;
      std::string out;
      xmpp::write_stanza(out, head, {});
      turn.send(std::move(out));
    }
  }
}

}  // namespace

void Ending::add_to(rooms::Hooks& hooks) {
  hooks.destroyed.emplace_back([this](engine::RoomTurn& turn) { destroyed(turn); });
}

// Before the entry: what the room knows is still there.
void Ending::destroyed(engine::RoomTurn& turn) const {
  const Conversation& talk = turn.state<Conversation>();
  if (talk.opened()) {
    turn.index(conversation_key(talk.about().acting, turn.room().address()), std::nullopt);
    turn.index(closed_key(talk.about().acting, turn.room().address()), std::nullopt);
    return clear_lag(turn, kLagNote, talk.lag_noted());
  }
  if (parts_.domains.identities.empty()) return;
  end_subscriptions(turn, parts_.domains);
  turn.state<Acting>().each_conversation([&](const std::string& address) {
    const xmpp::Jid conversation = read_jid(address);
    // It asks this room, and is answered when that is durable.
    if (!conversation.empty()) turn.pass(conversation, {std::string(kEndingTopic), {}, {}, {}});
  });
}

std::optional<bool> Ending::look(engine::RoomTurn& turn) const {
  const Conversation& talk = turn.state<Conversation>();
  if (!talk.opened()) return false;
  const auto right = parts_.rights.ask(turn, talk.about().acting, {}, talk.towards());
  if (!right) return std::nullopt;
  if (!*right || (*right)->bare_known) return false;
  end(turn);
  return true;
}

void Ending::end(engine::RoomTurn& turn) const {
  if (!peer_room_.leave_to_end(turn)) return;  // it is called again when the other side knows
  parts_.rooms.destroy(turn, kWhy);
}

}  // namespace hansa::act_as
