#pragma once
// Requests from one occupant to another's client, through the room (XEP-0045 §17.4): under a new
// id, with occupant addresses on both sides, and the answer back the same way. Neither side learns
// the other's real address: of errors only the condition passes, their texts are hosts' own.

#include <map>
#include <string>
#include <string_view>

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

// What is on its way, of all rooms: a room may leave memory, or end, before the answer comes. In
// memory only: a process that ends leaves its askers to their timeouts.
class Relays {
 public:
  // `from` is the asker's session, `to` whom the request is for.
  void ask(engine::RoomTurn& turn, const xmpp::Stanza& iq, const Session& from, const Session& to);
  // A result or error. False: it answers no request that was relayed.
  bool on_answer(engine::RoomTurn& turn, const xmpp::Stanza& iq);
  // The time of some is over: their askers are told.
  void on_wake(engine::RoomTurn& turn);

 private:
  struct Relay {
    xmpp::Jid asker;       // full
    std::string asked_id;  // of his request
    xmpp::Jid answerer;    // whom it went to: full, or bare for what his server answers
    std::string nick;      // his
    MonoTime due;
  };
  using OfRoom = std::map<std::string, Relay>;  // by the id that it went out under
  static void answer(engine::RoomTurn& turn, const Relay& relay, std::string_view type,
                     std::string_view content);
  static void fail(engine::RoomTurn& turn, const Relay& relay, Condition condition);
  std::map<std::string, OfRoom, std::less<>> relays_;  // by room; none is empty
};

inline constexpr std::string_view kRelayWake = "rooms-relay";
void on_occupant_request(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);

}  // namespace hansa::rooms
