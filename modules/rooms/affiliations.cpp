#include "modules/rooms/affiliations.h"

#include <algorithm>
#include <set>

#include "base/limits.h"
#include "modules/rooms/entries.h"
#include "modules/rooms/list_versions.h"
#include "modules/rooms/member_rooms.h"
#include "modules/rooms/notes.h"
#include "modules/rooms/rights.h"
#include "modules/rooms/views.h"

namespace hansa::rooms {
namespace {

std::optional<Error> may_not_change_one(const Room& room, const xmpp::Jid& actor,
                                        const MemberChange& change) {
  const Affiliation from = room.affiliation(change.who);
  const Affiliation to = change.member.affiliation;
  const Affiliation rank = actor.empty() ? Affiliation::owner : room.affiliation(actor);
  if (to == Affiliation::outcast && change.who == actor.bare()) {
    return Error(Condition::conflict, "You cannot ban yourself.");
  }
  if (!may_set(rank, from, to)) {
    // §9.1: whom he may not ban; §10.3–§10.8: lists that are not his to change.
    return Error(to == Affiliation::outcast ? Condition::not_allowed : Condition::forbidden,
                 "Only an owner may change who owns or administers the room.");
  }
  const bool ban = to == Affiliation::outcast || to == Affiliation::none;
  if (change.who.local().empty() && !ban) {
    return Error(Condition::jid_malformed, "A member is one person: user@domain.");
  }
  if (change.member.kind == MemberKind::room && to > Affiliation::member) {
    return Error(Condition::not_allowed, "A room can be a member of another, and no more.");
  }
  const std::string_view reserved = room.reserved_by(change.member.nick);
  if (reserved.empty() || reserved == change.who.text()) return std::nullopt;
  return Error(Condition::conflict, "Another member has reserved that nickname.");
}

// The role of somebody who is in, after his affiliation changed (§5.1.3).
Role role_after(const Config& config, Role role, Affiliation before, Affiliation after) {
  if (after >= Affiliation::admin) return Role::moderator;
  if (before >= Affiliation::admin) return default_role(config, after);
  if (role == Role::moderator) return role;
  if (after == Affiliation::member) return std::max(role, Role::participant);
  return std::min(role, default_role(config, after));
}

// Full JIDs of those who keep the list by versions and see somebody with one of these nicks.
void add_viewers(const Room& room, const std::set<std::string>& nicks,
                 std::set<std::string>& viewers) {
  for (const std::string& nick : nicks) {
    const Session* const shown = shown_session(room.occupant(nick));
    if (shown == nullptr) continue;
    for (const auto& [full, session] : room.sessions()) {
      const bool sees_him = session.nick == nick || sees(room.config(), session, *shown);
      if (session.versions && sees_him) viewers.insert(full);
    }
  }
}

// Presence says whose change it is only to those who see real addresses. The others learn of it by
// a message, or the versions that they have would not follow each other (list_versions.h).
void keep_who_knows(const Room& room, std::set<std::string>& viewers) {
  std::erase_if(viewers, [&](const std::string& full) {
    const auto session = room.sessions().find(full);
    return session == room.sessions().end() ||
           !sees_real_addresses(room.config(), session->second.role);
  });
}

void show_change(const Context& context, engine::RoomTurn& turn, const MemberChange& change,
                 const std::string& actor_nick) {
  const Affiliation to = change.member.affiliation;
  const Config config = room_of(turn).config();
  std::set<std::string> nicks;
  for (const Session* const session : sessions_of(room_of(turn), change.who)) {
    nicks.insert(session->nick);
  }
  if (change.who.local().empty() && to == Affiliation::outcast) {
    for (const auto& [full, session] : room_of(turn).sessions()) {
      const bool of_it = session.jid.domain() == change.who.domain();
      if (of_it && room_of(turn).affiliation(session.jid) == to) nicks.insert(session.nick);
    }
  }
  std::set<std::string> saw;  // as it was, or as it is then
  const bool one = !change.who.local().empty();
  if (one) add_viewers(room_of(turn), nicks, saw);
  const bool of_room = change.member.kind == MemberKind::room;
  Change shown{.actor = actor_nick, .reason = change.reason};
  shown.versions = change_versions(turn.room(), change);
  if (to == Affiliation::outcast) {
    shown.status = {xep_0045::status::kBanned};
  } else if ((config.members_only || of_room) && to == Affiliation::none) {
    shown.status = {xep_0045::status::kNoLongerMember};
  }
  for (const std::string& nick : nicks) {
    const std::vector<Session> sessions = copies(room_of(turn).occupant(nick));
    if (!shown.status.empty()) {
      end_sessions(context, turn, sessions, shown);
      continue;
    }
    const Role role = role_after(config, sessions.front().role, change.before, to);
    change_role(context, turn, sessions, role,
                {.actor = actor_nick, .reason = change.reason, .versions = shown.versions});
  }
  if (one) add_viewers(room_of(turn), nicks, saw);
  keep_who_knows(room_of(turn), saw);
  tell_change(turn, change, saw);
}

}  // namespace

void append_member(engine::RoomTurn& turn, const xmpp::Jid& who, const Member& member) {
  const engine::Position before = room_of(turn).extras().list_version();
  turn.append(engine::EntryKind::member, {write_member(who.text(), member)});
  note_change(turn, who, member.affiliation, before);
  const bool belongs = member.affiliation >= Affiliation::member;
  std::optional<std::string> value;
  if (belongs) value = name_of(member.affiliation);
  turn.index(member_key(who, turn.room().address()), std::move(value));
  if (!belongs && room_of(turn).cursor(who)) {
    turn.note(note_key(kCursorNote, who.text()), std::nullopt);
  }
}

std::optional<Error> may_not_change(const Context& context, const Room& room,
                                    const xmpp::Jid& actor,
                                    const std::vector<MemberChange>& changes) {
  std::map<std::string, Affiliation, std::less<>> after;
  std::map<std::string_view, std::string_view> nicks;  // reserved by this request: for whom
  std::size_t count = room.members().size();
  for (const MemberChange& change : changes) {
    if (const auto why = may_not_change_one(room, actor, change)) return why;
    const std::string_view whose = change.who.text();
    const std::string& nick = change.member.nick;
    if (!nick.empty() && nicks.try_emplace(nick, whose).first->second != whose) {
      return Error(Condition::conflict, "Two members cannot have the same nickname.");
    }
    after[change.who.text()] = change.member.affiliation;
    if (!room.members().contains(change.who.text())) ++count;
  }
  const std::size_t most =
      context.settings.members == 0 ? limits::kMembers : context.settings.members;
  if (count > most) {
    return Error(Condition::not_allowed,
                 "A room has at most " + std::to_string(most) + " members here.");
  }
  const auto was_owner = [](const auto& place) {
    return place.second.affiliation == Affiliation::owner;
  };
  const auto stays_owner = [&](const auto& place) {
    return was_owner(place) && !after.contains(place.first);
  };
  const auto is_owner = [](const auto& place) { return place.second == Affiliation::owner; };
  const auto& members = room.members();
  const bool owned = std::any_of(members.begin(), members.end(), stays_owner) ||
                     std::any_of(after.begin(), after.end(), is_owner);
  if (!owned && std::any_of(members.begin(), members.end(), was_owner)) {
    return Error(Condition::conflict, "A room needs an owner.");
  }
  return std::nullopt;
}

void append_changes(engine::RoomTurn& turn, std::vector<MemberChange>& changes) {
  for (MemberChange& change : changes) {
    change.before = room_of(turn).affiliation(change.who);
    change.since = room_of(turn).extras().list_version();
    append_member(turn, change.who, change.member);
    change.until = room_of(turn).extras().list_version();
  }
}

void show_changes(const Context& context, engine::RoomTurn& turn,
                  const std::vector<MemberChange>& changes, const std::string& actor_nick) {
  for (const MemberChange& change : changes) {
    show_change(context, turn, change, actor_nick);
    context.member_rooms->changed(turn, change);
    for (const auto& hook : context.hooks.member_changed) hook(turn, change.who);
  }
}

}  // namespace hansa::rooms
