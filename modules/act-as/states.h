#pragma once
// Chat states (XEP-0085) and displayed markers (XEP-0333) across the border of a conversation with
// a person. Inward: shown to the members who are in. Outward: only if the room's settings say so,
// as of one source that has no name, each state held for limits::kStateHeld_ms, and a marker sent
// that long after it was set: how many members there are, and who they are, cannot be seen in them.

#include "engine/turn.h"
#include "modules/act-as/conversation.h"
#include "modules/act-as/parts.h"

namespace hansa::act_as {

class States {
 public:
  explicit States(const Parts& parts) : parts_(parts) {}
  // From the peer, without anything to read.
  void heard(engine::RoomTurn& turn, const xmpp::Stanza& stanza,
             const rooms::VirtualOccupant& who) const;
  // A member's, not kept.
  void passing(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const;
  // A member's message was appended: it may be a marker.
  void accepted(engine::RoomTurn& turn, const rooms::Message& message) const;
  void on_wake(engine::RoomTurn& turn, std::string_view name) const;

 private:
  void send(engine::RoomTurn& turn, std::string_view content) const;
  void settle(engine::RoomTurn& turn) const;
  void hold_marker(engine::RoomTurn& turn, engine::Position position, const std::string& id) const;
  void send_markers(engine::RoomTurn& turn) const;
  const Parts& parts_;
};

}  // namespace hansa::act_as
