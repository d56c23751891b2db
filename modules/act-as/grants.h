#pragma once
// The right to act, given to chosen members and taken from them (requirement A+): by an owner of
// the acting room, with the extension's query to the identity or an ad-hoc command at the
// identities domain; by the operator. A right may hold towards one peer only, and until a time. It
// counts while the room's setting is «chosen» and he is a member.

#include "engine/turn.h"
#include "modules/act-as/parts.h"
#include "xep-spec/xep_0050_commands.h"

namespace hansa::act_as {

inline constexpr std::string_view kGrantTopic = "act-as:grant";

// In the acting room: nothing if he is an owner. To one who may not know of it it does not exist.
[[nodiscard]] std::optional<Error> owners_only(const engine::RoomTurn& turn, const xmpp::Jid& who);

class Grants {
 public:
  explicit Grants(const Parts& parts) : parts_(parts) {}
  Status add_to(engine::Router& router);
  void on_command(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                  const xep_0050::Request& request) const;

 private:
  void on_list(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const;
  void on_set(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const;
  void on_passed(engine::RoomTurn& turn, const engine::Passed& passed) const;
  void offer_form(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                  const xep_0050::Request& request) const;
  const Parts& parts_;
};

}  // namespace hansa::act_as
