#include "modules/rooms/roles.h"

#include <algorithm>

#include "modules/rooms/rights.h"
#include "modules/rooms/views.h"

namespace hansa::rooms {

bool is_moderator(const Room& room, const xmpp::Jid& who) {
  const std::vector<const Session*> sessions = sessions_of(room, who);
  return std::any_of(sessions.begin(), sessions.end(),
                     [](const Session* session) { return session->role == Role::moderator; });
}

std::optional<Error> may_not_change(const Room& room, const xmpp::Jid& actor,
                                    const std::vector<RoleChange>& changes) {
  const Affiliation rank = room.affiliation(actor);
  if (rank < Affiliation::admin && !is_moderator(room, actor)) {
    return Error(Condition::forbidden, "Only moderators may change roles.");
  }
  for (const RoleChange& change : changes) {
    const Session* const other = shown_session(room.occupant(change.nick));
    if (other == nullptr) {
      return Error(Condition::item_not_found, "Nobody in the room has that nickname.");
    }
    // §9.6, §9.7: who is a moderator is for admins to say; of owners and admins nobody takes it.
    const bool of_moderators =
        change.role == Role::moderator ||
        (other->role == Role::moderator && room.affiliation(*other) < Affiliation::admin &&
         change.role != Role::none);
    if (rank < Affiliation::admin && of_moderators) {
      return Error(Condition::forbidden, "Only admins and owners may say who is a moderator.");
    }
    if (!may_set(rank, room.affiliation(*other), other->role, change.role)) {
      return Error(Condition::not_allowed, "Your affiliation does not allow that.");
    }
  }
  return std::nullopt;
}

void change_roles(const Context& context, engine::RoomTurn& turn,
                  const std::vector<RoleChange>& changes, const std::string& actor_nick,
                  std::string_view answer) {
  std::vector<Ended> kicked;
  for (const RoleChange& change : changes) {
    if (change.role != Role::none) continue;
    const std::vector<Session> sessions = copies(room_of(turn).occupant(change.nick));
    kicked.push_back(begin_ending(
        context, turn, sessions,
        {.status = {xep_0045::status::kKicked}, .actor = actor_nick, .reason = change.reason}));
  }
  turn.reply(answer);
  for (const Ended& each : kicked) finish_ending(context, turn, each);
  for (const RoleChange& change : changes) {
    if (change.role == Role::none) continue;
    change_role(context, turn, copies(room_of(turn).occupant(change.nick)), change.role,
                {.actor = actor_nick, .reason = change.reason});
  }
}

void grant_right(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& who, Role role,
                 Affiliation affiliation) {
  std::map<std::string, std::vector<Session>> by_nick;
  for (const Session* const session : sessions_of(room_of(turn), who)) {
    const bool same = session->role == role && session->granted == affiliation;
    if (!same) by_nick[session->nick].push_back(*session);
  }
  for (auto& [nick, sessions] : by_nick) {
    for (Session& session : sessions) session.granted = affiliation;
    if (role == Role::none) {
      end_sessions(context, turn, sessions, {.status = {xep_0045::status::kNoLongerMember}});
      continue;
    }
    change_role(context, turn, sessions, role, {});
  }
}

}  // namespace hansa::rooms
