#include "modules/rooms/views.h"

#include <algorithm>

#include "base/limits.h"

namespace hansa::rooms {
namespace {

constexpr Millis kTogetherLook{200};
constexpr std::size_t kTogetherAtOnce = 8;  // occupants; each is shown to all, and all to him

std::size_t reduced_from(const Context& context) {
  const std::size_t set = context.settings.reduced_presence;
  return set == 0 ? limits::kReducedPresence : set;
}

// What `viewer` learns of that occupant, who was seen and is seen.
void show_difference(engine::RoomTurn& turn, Showing& shown, Showing& hidden, const Session& viewer,
                     bool before, bool after) {
  if (after) {
    shown.send(turn, viewer, false);
  } else if (before) {
    hidden.send(turn, viewer, false);
  }
}

Appearance without_payload(Appearance who) {
  who.payload.clear();
  return who;
}

// One occupant's clients, all alike, as they were and as they are from now on.
void change_occupant(const Context& context, engine::RoomTurn& turn,
                     const std::vector<Session>& before, const std::vector<Session>& after,
                     const Change& change) {
  for (const Session& session : after) note_session(turn, session);
  const Room& room = room_of(turn);
  const Config& config = room.config();
  const Session& was = before.front();
  const Session* const is = shown_session(room.occupant(was.nick));
  if (is == nullptr) return;
  const Appearance who = appearance_of(context, turn.room(), *is);
  Change gone = change;
  gone.gone = true;
  Showing shown(turn.room(), who, change);
  Showing hidden(turn.room(), without_payload(who), gone);
  for (const auto& [full, viewer] : room.sessions()) {
    if (viewer.jid.empty()) continue;
    if (viewer.nick == was.nick) {
      shown.send(turn, viewer, true);
    } else {
      show_difference(turn, shown, hidden, viewer, sees(config, viewer, was),
                      sees(config, viewer, *is));
    }
  }
  const bool same_eyes =
      was.apart == is->apart && (was.role == Role::moderator) == (is->role == Role::moderator);
  if (same_eyes) return;
  for (const Session* const other : shown_sessions(room)) {
    if (other->nick == was.nick) continue;
    const bool saw = sees(config, was, *other);
    const bool sees_now = sees(config, *is, *other);
    if (saw == sees_now) continue;
    Appearance them = appearance_of(context, turn.room(), *other);
    Showing showing(turn.room(), sees_now ? them : without_payload(them), {.gone = !sees_now});
    for (const Session& own : after) showing.send(turn, own, false);
  }
}

}  // namespace

bool sees(const Config& config, const Session& viewer, std::string_view nick, Role role,
          bool apart) {
  if (viewer.nick == nick || viewer.role == Role::moderator) return true;
  if (!config.broadcast.has(role)) return false;
  return role == Role::moderator || (!viewer.apart && !apart);
}

bool is_reduced(const Context& context, const Room& room) {
  return room.sessions().size() >= reduced_from(context);
}

void change_role(const Context& context, engine::RoomTurn& turn, std::vector<Session> sessions,
                 Role role, const Change& change) {
  const std::vector<Session> before = sessions;
  for (Session& session : sessions) session.role = role;
  change_occupant(context, turn, before, sessions, change);
}

void adapt_views(const Context& context, engine::RoomTurn& turn, const Config& before) {
  const Room& room = room_of(turn);
  const Config& after = room.config();
  if (before.broadcast == after.broadcast) return;
  for (const Session* const each : shown_sessions(room)) {
    if (before.broadcast.has(each->role) == after.broadcast.has(each->role)) continue;
    const Appearance who = appearance_of(context, turn.room(), *each);
    Showing shown(turn.room(), who, {});
    Showing hidden(turn.room(), without_payload(who), {.gone = true});
    for (const auto& [full, viewer] : room.sessions()) {
      const bool saw = sees(before, viewer, *each);
      const bool sees_now = sees(after, viewer, *each);
      if (saw != sees_now) show_difference(turn, shown, hidden, viewer, saw, sees_now);
    }
  }
}

void wake_together(const Context& context, engine::RoomTurn& turn) {
  const Room& room = room_of(turn);
  if (room.apart() == 0 || room.sessions().size() > reduced_from(context) / 2) return;
  turn.wake(std::string(kTogetherWake), kTogetherLook);
}

void bring_together(const Context& context, engine::RoomTurn& turn) {
  const Room& room = room_of(turn);
  if (room.sessions().size() > reduced_from(context) / 2) return;
  std::vector<std::string> nicks;
  for (const auto& [full, session] : room.sessions()) {
    if (!session.apart || nicks.size() == kTogetherAtOnce) continue;
    if (nicks.empty() || nicks.back() != session.nick) nicks.push_back(session.nick);
  }
  for (const std::string& nick : nicks) {
    std::vector<Session> sessions = copies(room.occupant(nick));
    const std::vector<Session> before = sessions;
    for (Session& session : sessions) session.apart = false;
    change_occupant(context, turn, before, sessions, {});
  }
  wake_together(context, turn);
}

}  // namespace hansa::rooms
