#pragma once
// Requests from one occupant to another's client, through the room (XEP-0045 §17.4): under a new
// id, with occupant addresses on both sides, and the answer back the same way. Neither side learns
// the other's real address: of errors only the condition passes, their texts are hosts' own.

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

// What is on its way. In memory only: a process that ends leaves its askers to their timeouts.
class Relays {
 public:
  struct Relay {
    xmpp::Jid asker;       // full
    std::string asked_id;  // of his request
    xmpp::Jid answerer;    // whom it went to: full, or bare for what his server answers
    std::string nick;      // his
    MonoTime due;
  };
  // False: too many are on their way.
  bool add(const std::string& id, Relay relay);
  [[nodiscard]] std::optional<Relay> take(const std::string& id, const xmpp::Jid& from);
  [[nodiscard]] std::vector<Relay> take_due(MonoTime now);
  [[nodiscard]] std::optional<MonoTime> next_due() const;
  [[nodiscard]] bool empty() const { return relays_.empty(); }

 private:
  std::map<std::string, Relay> relays_;
};

inline constexpr std::string_view kRelayWake = "rooms-relay";
void on_occupant_request(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);
// A result or error. False: it answers no request that was relayed.
bool on_occupant_answer(engine::RoomTurn& turn, const xmpp::Stanza& iq);
void end_relays(engine::RoomTurn& turn);

}  // namespace hansa::rooms
