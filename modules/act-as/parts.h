#pragma once
// What the parts of the module share. Owned by ActAs; outlives them.

#include "modules/act-as/address.h"
#include "modules/act-as/delivery.h"
#include "modules/act-as/rights.h"
#include "modules/rooms/rooms.h"

namespace hansa::act_as {

struct Parts {
  Domains domains;
  const rooms::Rooms& rooms;
  Rights rights;
  PeerDelivery delivery;

  Parts(Domains d, const rooms::Rooms& r, const rooms::Settings& settings)
      : domains(std::move(d)),
        rooms(r),
        rights(domains, settings),
        delivery(domains, settings.secret) {}
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
};

// While a room has something that its followers' side did not confirm, the shard's index holds its
// address under lag/, so that the engine loads it at its start (design §3). `note` keeps that fact
// in the room.
inline void mark_lag(engine::RoomTurn& turn, std::string_view note, bool noted) {
  if (noted) return;
  turn.note(std::string(note), "1");
  turn.index("lag/" + turn.room().log_id(), turn.room().address().text());
}
inline void clear_lag(engine::RoomTurn& turn, std::string_view note, bool noted) {
  if (!noted) return;
  turn.note(std::string(note), std::nullopt);
  turn.index("lag/" + turn.room().log_id(), std::nullopt);
}

// The link on which a conversation's peer is spoken to: rooms of one node may be in conversation.
[[nodiscard]] inline std::string link_to(const engine::Turn& turn, const Domains& domains,
                                         const xmpp::Jid& peer) {
  return turn.link_of(domains.identities, peer.domain());
}

// The nick under which somebody speaks here who need not be in the room.
[[nodiscard]] std::string nick_of(const rooms::Room& room, const xmpp::Jid& speaker);

// What somebody outside wrote, as the service repeats it: one line, cut.
[[nodiscard]] std::string one_line(std::string_view text, std::size_t most = 200);

inline constexpr Millis kLagLook{2000};

// Of a random id attribute.
inline constexpr std::size_t kStanzaIdCharacters = 20;

// A stanza from the identity of the room `acting`.
struct Outgoing {
  xmpp::StanzaKind kind = xmpp::StanzaKind::message;
  std::string type;
  std::string to;
  std::string id;
};
[[nodiscard]] std::string from_identity(const Parts& parts, const xmpp::Jid& acting,
                                        const Outgoing& head, std::string_view content);

}  // namespace hansa::act_as
