#include "modules/act-as/privately.h"

#include "modules/act-as/conversation.h"
#include "modules/act-as/opening.h"
#include "modules/act-as/talks.h"

namespace hansa::act_as {

void Privately::add_to(rooms::Hooks& hooks) {
  hooks.private_message.emplace_back(
      [this](engine::RoomTurn& turn, const xmpp::Stanza& stanza, const rooms::VirtualOccupant& to) {
        return said(turn, stanza, to);
      });
}

bool Privately::said(engine::RoomTurn& turn, const xmpp::Stanza& stanza,
                     const rooms::VirtualOccupant& to) const {
  const Conversation& talk = turn.state<Conversation>();
  if (!talk.opened() || talk.peer_kind() != PeerKind::room || stanza.body().empty()) return false;
  const Opened about = talk.about();
  const auto whom = about.peer.with_resource(to.outside());
  if (!whom) return false;
  const auto right = parts_.rights.ask(turn, about.acting, stanza.from,
                                       {std::string(about.peer.text()), PeerKind::room});
  if (!right) return true;
  if (!*right || !(*right)->may_act) return false;
  const xmpp::Jid alone = conversation_address(parts_.domains.rooms, about.acting.local(), *whom);
  if (alone.empty()) return false;
  const xmpp::Element* const body = stanza.child("body", xmpp::ns::kClient);
  turn.pass(alone, {std::string(kOpenTopic),
                    stanza,
                    {{"acting", about.acting.text()},
                     {"peer", whom->text()},
                     {"body", body->text()},
                     {"alone", "1"}},
                    {}});
  return true;
}

std::optional<bool> Privately::heard(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  const xmpp::Jid acting = room_of(parts_.domains, stanza.to);
  const xmpp::Jid alone = conversation_address(parts_.domains.rooms, acting.local(), stanza.from);
  if (alone.empty()) return false;
  const engine::Answer* const known = turn.ask({alone, std::string(rooms::kAsk), {}});
  if (known == nullptr) return std::nullopt;
  if (!known->exists) return false;
  turn.pass(alone, {std::string(kPrivateTopic), stanza, {}, {}});
  return true;
}

void Privately::left(engine::RoomTurn& turn) const {
  const Conversation& talk = turn.state<Conversation>();
  if (!talk.opened() || talk.about().peer.is_bare() || talk.closed()) return;
  const xmpp::Jid& peer = talk.about().peer;
  parts_.rooms.notice(turn,
                      one_line(peer.resource()) + " is not in " + std::string(peer.bare_text()) +
                          " under this name any more. Whoever comes under it next may be somebody "
                          "else.",
                      true);
  close(turn);
}

}  // namespace hansa::act_as
