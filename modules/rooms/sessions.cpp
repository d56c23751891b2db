#include "modules/rooms/sessions.h"

#include <algorithm>
#include <utility>

#include "engine/links.h"
#include "modules/rooms/delivery.h"
#include "modules/rooms/destroy.h"
#include "modules/rooms/member_rooms.h"
#include "modules/rooms/notes.h"
#include "modules/rooms/recent.h"
#include "modules/rooms/relay.h"
#include "modules/rooms/views.h"
#include "modules/rooms/vouching.h"

namespace hansa::rooms {
namespace {

// Soon: what a session is noted to lack is sent to it again after a crash.
constexpr Millis kLaggingLook{100};

std::string link_of(const engine::RoomTurn& turn, const xmpp::Jid& who) {
  return turn.link_of(turn.room().address().domain(), who.domain());
}

// The engine loads the rooms that have such a key when it starts.
std::string index_key(const engine::RoomState& room) { return "sessions/" + room.log_id(); }

engine::Position make_group(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& who) {
  std::string link = link_of(turn, who);
  const std::size_t window = engine::window_on(link);
  return turn.group({.name = std::string(session_group(turn, who)),
                     .domain = std::move(link),
                     .delivery = &context.sessions,
                     .window = window});
}

void on_loaded(const Context& context, engine::RoomTurn& turn) {
  const Room& room = room_of(turn);
  turn.state<Room>().recent().fill(turn.room().tail(), turn.now());
  keep_listing(turn);
  if (!room.rooms().empty()) context.member_rooms->loaded(turn);
  if (room.sessions().empty()) return;
  std::vector<std::string> leftovers;  // presence without a session: a late note came too late
  bool lagging = false;
  for (const auto& [full, session] : room.sessions()) {
    if (session.jid.empty()) {
      leftovers.push_back(full);
      continue;
    }
    // Those who were still getting their history begin it again when the link is there.
    if (is_room(room, session.jid)) continue;
    const engine::Position confirmed = make_group(context, turn, session.jid);
    if (!session.lagging) {
      // What he declined when he came in may not be confirmed to the others yet.
      const engine::Position next = std::max(confirmed + 1, session.first);
      turn.follow(session_group(turn, session.jid), full, next, false);
    }
    lagging = lagging || session.lagging;
  }
  if (lagging) turn.wake(std::string(kLaggingWake), kLaggingLook);
  for (const std::string& full : leftovers) {
    turn.note(note_key(kPresenceNote, full), std::nullopt);
    turn.note(note_key(kSessionNote, full), std::nullopt);
  }
}

// What was sent into a link that broke is sent again, late; history leaves out subjects.
void on_links_up(const Context& context, engine::RoomTurn& turn) {
  const Room& room = room_of(turn);
  if (!room.rooms().empty()) context.member_rooms->links_up(turn);
  const engine::EntryPtr& subject = room.subject();
  for (const auto& [full, session] : room.sessions()) {
    if (is_room(room, session.jid)) continue;
    const std::string_view group = session_group(turn, session.jid);
    const engine::Position confirmed = turn.confirmed(group, full);
    if (session.lagging) {
      turn.follow_on(group, full, std::max(session.first, confirmed + 1));
    } else if (subject != nullptr && subject->position > confirmed) {
      std::string stanza;
      std::string address;
      xmpp::append_escaped(address, full);
      write_room_subject(turn.room(), address, stanza);
      turn.send(std::move(stanza));
    }
  }
}

void on_stopping(const Context& context, engine::RoomTurn& turn) {
  std::vector<Session> all;
  for (const auto& [full, session] : room_of(turn).sessions()) all.push_back(session);
  if (all.empty()) return;
  remove_sessions(turn, all);
  for (const Session& session : all) {
    Appearance who = appearance_of(context, turn.room(), session);
    who.payload.clear();
    Showing(turn.room(), std::move(who), {.gone = true, .status = {xep_0045::status::kShutdown}})
        .send(turn, session, true);
  }
  destroy_if_empty(context, turn);
}

}  // namespace

std::string_view session_group(const engine::RoomTurn& turn, const xmpp::Jid& who) {
  return link_of(turn, who) == engine::kOwnLink ? kOwnSessions : kSessions;
}

void note_session(engine::RoomTurn& turn, const Session& session) {
  if (room_of(turn).sessions().empty()) {
    turn.index(index_key(turn.room()), turn.room().address().text());
  }
  turn.note(note_key(kSessionNote, session.jid.text()), write_session(session));
  keep_listing(turn);
}

void follow_session(const Context& context, engine::RoomTurn& turn, const Session& session) {
  if (is_room(room_of(turn), session.jid)) return context.member_rooms->entered(turn, session);
  make_group(context, turn, session.jid);
  turn.follow(session_group(turn, session.jid), session.jid.text(), session.first);
  // One look serves all: while another session lags, it is on its way.
  const std::size_t others = room_of(turn).lagging() - (session.lagging ? 1 : 0);
  if (others == 0) turn.wake(std::string(kLaggingWake), kLaggingLook);
}

void remove_sessions(engine::RoomTurn& turn, const std::vector<Session>& gone,
                     std::optional<engine::Position> reached) {
  const Room& room = room_of(turn);
  for (const Session& session : gone) {
    const std::string& full = session.jid.text();
    const std::string_view group = session_group(turn, session.jid);
    const engine::Position position = reached.value_or(turn.confirmed(group, full));
    turn.unfollow(group, full);
    turn.note(note_key(kPresenceNote, full), std::nullopt);
    turn.note(note_key(kSessionNote, full), std::nullopt);
    if (is_room(room, session.jid)) {
      turn.pause(member_room_group(session.jid.bare_text()), true);
      turn.unfollow(member_room_group(session.jid.bare_text()), full);
      continue;
    }
    if (room.affiliation(session) >= Affiliation::member && !room.present(session.jid)) {
      turn.note(note_key(kCursorNote, session.jid.bare_text()), write_cursor(position));
    }
  }
  if (room.sessions().empty()) turn.index(index_key(turn.room()), std::nullopt);
  keep_listing(turn);
}

Ended begin_ending(const Context& context, engine::RoomTurn& turn, const std::vector<Session>& gone,
                   Change change, std::optional<engine::Position> reached) {
  remove_sessions(turn, gone, reached);
  change.gone = true;
  for (const Session& session : gone) {
    Showing(turn.room(), appearance_of(context, turn.room(), session), change)
        .send(turn, session, true);
    const bool out = is_room(room_of(turn), session.jid) && !room_of(turn).present(session.jid);
    if (out) context.member_rooms->left(turn, std::string(session.jid.bare_text()));
  }
  return {gone.front(), std::move(change)};
}

void finish_ending(const Context& context, engine::RoomTurn& turn, const Ended& ended) {
  if (room_of(turn).occupant(ended.shown.nick).empty()) {
    Showing(turn.room(), appearance_of(context, turn.room(), ended.shown), ended.change)
        .send_all(turn);
  } else {
    show_occupant(context, turn, ended.shown.nick);
  }
  destroy_if_empty(context, turn);
  wake_together(context, turn);
}

void end_sessions(const Context& context, engine::RoomTurn& turn, const std::vector<Session>& gone,
                  Change change, std::optional<engine::Position> reached) {
  if (gone.empty()) return;
  finish_ending(context, turn, begin_ending(context, turn, gone, std::move(change), reached));
}

std::vector<Session> copies(const std::vector<const Session*>& sessions) {
  std::vector<Session> copied;
  copied.reserve(sessions.size());
  for (const Session* const session : sessions) copied.push_back(*session);
  return copied;
}

void sessions_on_life(const Context& context, engine::RoomTurn& turn, engine::Life life) {
  if (life == engine::Life::woken) {  // perhaps by a wake of what it was before it left memory
    context.relays->on_wake(turn);
    context.vouching->on_wake(turn);
  }
  if (!turn.room().exists()) return;
  switch (life) {
    case engine::Life::loaded: return on_loaded(context, turn);
    case engine::Life::links_up: return on_links_up(context, turn);
    case engine::Life::stopping: return on_stopping(context, turn);
    case engine::Life::woken: return context.member_rooms->woken(turn);
  }
}

void check_lagging(engine::RoomTurn& turn) {
  bool more = false;
  std::vector<Session> done;
  for (const auto& [full, session] : room_of(turn).sessions()) {
    if (!session.lagging) continue;
    if (turn.confirmed(session_group(turn, session.jid), full) >= session.until) {
      done.push_back(session);
    } else {
      more = true;
    }
  }
  for (Session& session : done) {
    session.lagging = false;
    turn.late_note(note_key(kSessionNote, session.jid.text()), write_session(session));
  }
  if (more) turn.wake(std::string(kLaggingWake), kLaggingLook);
}

}  // namespace hansa::rooms
