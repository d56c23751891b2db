#pragma once
// The rooms that an acting room is in, for its members: listed, left, asked for voice; by the
// extension's queries to the identity and by an ad-hoc command at the identities domain. (A room is
// joined, and joined again, by opening the conversation with it.)

#include <optional>

#include "engine/router.h"
#include "modules/act-as/parts.h"
#include "modules/act-as/peer_room.h"
#include "xep-spec/act_as_rooms.h"
#include "xep-spec/xep_0050_commands.h"

namespace hansa::act_as {

class JoinedRooms {
 public:
  JoinedRooms(const Parts& parts, PeerRoom& room) : parts_(parts), room_(room) {}
  Status add_to(engine::Router& router);
  void on_command(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                  const xep_0050::Request& request);

 private:
  void on_list(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const;
  void on_act(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const;
  void on_passed(engine::RoomTurn& turn, const engine::Passed& passed);
  void offer_form(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                  const xep_0050::Request& request) const;
  // Nothing: a read was asked.
  [[nodiscard]] std::optional<xep_act_as::JoinedRooms> list(engine::Turn& turn,
                                                            const xmpp::Jid& acting) const;
  const Parts& parts_;
  PeerRoom& room_;
};

}  // namespace hansa::act_as
