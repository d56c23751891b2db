#pragma once
// Changing the roles of those who are in (XEP-0045 §8.2–§8.5, §9.6–§9.7): kick, voice, moderators.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "modules/rooms/sessions.h"

namespace hansa::rooms {

struct RoleChange {
  std::string nick;
  Role role = Role::none;  // none: a kick
  std::string reason = {};
};

// With any of his clients.
[[nodiscard]] bool is_moderator(const Room& room, const xmpp::Jid& who);
[[nodiscard]] std::optional<Error> may_not_change(const Room& room, const xmpp::Jid& actor,
                                                  const std::vector<RoleChange>& changes);
// Makes them; answers the request of this turn between those who were kicked and what the others
// are shown (§8.2–§8.4).
void change_roles(const Context& context, engine::RoomTurn& turn,
                  const std::vector<RoleChange>& changes, const std::string& actor_nick,
                  std::string_view answer = {});

// Gives that person's clients a role and an affiliation that the list does not hold; a role of none
// puts them out (321).
void grant_right(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& who, Role role,
                 Affiliation affiliation);

}  // namespace hansa::rooms
