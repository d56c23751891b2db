#pragma once
// Private messages between members and an occupant of a room that theirs is in (protocol §4, «The
// peer inside»): they open a conversation of their own, with that occupant alone; whoever may act
// can write there, and all members read. Without one, what an occupant says in private is refused.

#include <optional>

#include "modules/act-as/parts.h"
#include "modules/rooms/rooms.h"

namespace hansa::act_as {

// A private message of an occupant, in the conversation with him.
inline constexpr std::string_view kPrivateTopic = "act-as:private";

// He has left his room, or has another nick there.
inline constexpr std::string_view kLeftTopic = "act-as:left";

class Privately {
 public:
  explicit Privately(const Parts& parts) : parts_(parts) {}
  void add_to(rooms::Hooks& hooks);
  // In the conversation with his room. Nothing: a read was asked. False: there is no such
  // conversation.
  [[nodiscard]] std::optional<bool> heard(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const;
  // In the conversation with him: who comes under his nick next may be another.
  void left(engine::RoomTurn& turn) const;

 private:
  // A member writes to him.
  [[nodiscard]] bool said(engine::RoomTurn& turn, const xmpp::Stanza& stanza,
                          const rooms::VirtualOccupant& to) const;
  const Parts& parts_;
};

}  // namespace hansa::act_as
