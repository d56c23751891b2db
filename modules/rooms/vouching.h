#pragma once
// Whether one who asks to become a member as a room is one: the service of his address says so by
// discovery (act-as.xml, «Joining a room as a room»); an account has no such service. Requests wait
// for the answer in memory, half a minute at most: a process that ends, or a room that leaves
// memory, leaves them to their askers, who ask again.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/turn.h"

namespace hansa::rooms {

// Topic of a request whose sender's service has answered; param «vouched», if it is as he says.
inline constexpr std::string_view kVouchedTopic = "rooms:vouched";
inline constexpr std::string_view kVouchedParam = "vouched";
inline constexpr std::string_view kVouchingWake = "rooms-vouching";

class Vouching {
 public:
  // Refuses it, if too many wait.
  void ask(engine::RoomTurn& turn, const xmpp::Stanza& request);
  // False: it is no answer to a question of ours.
  bool on_answer(engine::RoomTurn& turn, const xmpp::Stanza& iq);
  // The time of some is over: they are told.
  void on_wake(engine::RoomTurn& turn);

 private:
  struct Waiting {
    std::string id;  // of the question
    xmpp::Stanza request;
    MonoTime since{};
  };
  [[nodiscard]] bool has_place(const std::vector<Waiting>& waiting, const xmpp::Stanza& request,
                               MonoTime now);
  std::map<std::string, std::vector<Waiting>, std::less<>> waiting_;  // by log id
};

}  // namespace hansa::rooms
