#include "modules/rooms/join.h"

#include <algorithm>
#include <array>

#include "base/crypto.h"
#include "base/limits.h"
#include "modules/rooms/clean.h"
#include "modules/rooms/create.h"
#include "modules/rooms/founding.h"
#include "modules/rooms/history.h"
#include "modules/rooms/invitations.h"
#include "modules/rooms/list_versions.h"
#include "modules/rooms/member_kinds.h"
#include "modules/rooms/member_rooms.h"
#include "modules/rooms/nick.h"
#include "modules/rooms/notes.h"
#include "modules/rooms/profile.h"
#include "modules/rooms/rights.h"
#include "modules/rooms/room_letters.h"
#include "modules/rooms/sessions.h"
#include "modules/rooms/views.h"
#include "modules/rooms/virtuals.h"
#include "xep-spec/xep_0463_affiliation_versions.h"

namespace hansa::rooms {
namespace {

struct Case {
  const Context& context;
  engine::RoomTurn& turn;
  JoinRequest request;
  Verdict granted;                                     // what a hook allowed; `pass` if none did
  std::optional<xep_group_rooms::Create> create = {};  // he asks for a new room with all of that
  std::optional<Founding> founding = {};
  [[nodiscard]] const Room& room() const { return room_of(turn); }
  [[nodiscard]] bool is_granted() const { return granted.kind == Verdict::Kind::allow; }
  [[nodiscard]] Affiliation affiliation() const {
    const Affiliation listed = room().affiliation(request.who);
    return listed == Affiliation::none ? granted.affiliation : listed;
  }
};

Verdict deny(Condition condition, std::string text) {
  return Verdict::deny(Error(condition, std::move(text)));
}

// --- the rules, in the order in which they are asked ---------------------------------------------

Verdict ask_hooks(Case& c) {
  for (const auto& hook : c.context.hooks.join) {
    Verdict verdict = hook(c.turn, c.request);
    if (verdict.kind == Verdict::Kind::allow) {
      c.granted = std::move(verdict);
      return Verdict::pass();
    }
    if (verdict.kind != Verdict::Kind::pass) return verdict;
  }
  return Verdict::pass();
}

// A conversation answers as a name that nobody may create (protocol §3).
Verdict hide_conversation(Case& c) {
  const bool hidden = c.room().config().conversation && !c.is_granted();
  return hidden ? Verdict::deny(reserved_name()) : Verdict::pass();
}

Verdict may_create(Case& c) {
  if (c.turn.room().exists()) {
    if (!c.create || c.room().session(c.request.who) != nullptr) return Verdict::pass();
    return deny(Condition::conflict, "There is a room of that name already.");
  }
  auto why = may_not_create(c.context, c.request.who, c.turn.room().address().local());
  if (why) return Verdict::deny(std::move(*why));
  if (!c.create) return Verdict::pass();
  FoundingRead read = read_founding(c.context, c.request.who, *c.create);
  c.founding = std::move(read.founding);
  if (c.founding) return Verdict::pass();
  return Verdict::deny(std::move(read.why.error), std::move(read.why.detail));
}

Verdict is_unlocked(Case& c) {
  if (!is_locked_for(c.room(), c.request.who)) return Verdict::pass();
  return deny(Condition::item_not_found, "This room is not ready yet.");
}

Verdict not_banned(Case& c) {
  if (c.room().affiliation(c.request.who) != Affiliation::outcast) return Verdict::pass();
  return deny(Condition::forbidden, "You are banned from this room.");
}

Verdict is_member(Case& c) {
  const bool open = !c.turn.room().exists() || !c.room().config().members_only || c.is_granted();
  if (open || c.affiliation() >= Affiliation::member) return Verdict::pass();
  return deny(Condition::registration_required, "Only members may enter this room.");
}

Verdict knows_password(Case& c) {
  const std::string& password = c.room().config().password;
  // A room was let in by those who know it.
  const bool let_in = c.is_granted() || is_room(c.room(), c.request.who);
  if (password.empty() || let_in) return Verdict::pass();
  if (equal_constant_time(password, c.request.password)) return Verdict::pass();
  return deny(Condition::not_authorized, "This room has a password.");
}

Verdict has_good_nick(Case& c) {
  auto why = nick_refused(c.room(), c.request.who, c.request.nick);
  return why ? Verdict::deny(std::move(*why)) : Verdict::pass();
}

Verdict has_space(Case& c) {
  const Room& room = c.room();
  if (room.session(c.request.who) != nullptr) return Verdict::pass();
  if (sessions_of(room, c.request.who).size() >= limits::kSessionsPerUser) {
    return deny(Condition::service_unavailable, "Too many of your clients are in this room.");
  }
  const std::uint64_t own = room.config().max_occupants;
  const std::uint64_t most = own == 0 ? limits::kOccupants : own;
  // The room's own limit is one of people: another client of one who is in takes nobody's place.
  const bool fits = room.sessions().size() < limits::kOccupants &&
                    (room.sessions().size() < most || !room.occupant(c.request.nick).empty() ||
                     shown_sessions(room).size() < most);
  if (c.affiliation() >= Affiliation::admin || fits) return Verdict::pass();
  return deny(Condition::service_unavailable,
              "The room is full: at most " + std::to_string(most) + " may be in.");
}

Verdict is_reachable(Case& c) {
  if (reach_of(kind_of(c.room(), c.request.who)) != Reach::nothing) return Verdict::pass();
  return deny(Condition::feature_not_implemented,
              "What kind of member you are here only a newer version of the service knows.");
}

constexpr std::array kRules = {
    &ask_hooks,          // other modules first: a conversation's right is asked of its acting room
    &hide_conversation,  // before anything that a refusal would tell
    &may_create,         // §10.1, and names that are the node's own
    &is_unlocked,        // §7.2.10: whoever is first configures it
    &not_banned,         // §7.2.7
    &is_member,          // §7.2.6
    &is_reachable,       // members of a kind that is not known: requirement A8
    &knows_password,     // §7.2.5
    &has_good_nick,      // §7.2.8, §17.1
    &has_space,          // §7.2.9: admins and owners still enter
};

// --- entering ------------------------------------------------------------------------------------

Session make_session(const Case& c, const xmpp::Stanza& presence) {
  Session session;
  session.jid = c.request.who;
  session.nick = c.request.nick;
  session.granted = c.granted.affiliation;
  session.role = c.granted.role;
  const bool room = is_room(c.room(), session.jid);
  if (room && c.room().config().rooms_may == RoomsMay::listen) session.role = Role::visitor;
  if (session.role == Role::none) {
    session.role = default_role(c.room().config(), c.affiliation());
  }
  // One person has one role under one nick, also if a moderator changed it (§7.2.8), and keeps it
  // when he asks in again.
  const Session* other = c.room().session(session.jid);
  if (other == nullptr) other = shown_session(c.room().occupant(session.nick));
  if (other != nullptr) session.role = other->role;
  session.apart = other != nullptr ? other->apart : is_reduced(c.context, c.room());
  session.presence = presence_payload(presence, c.turn.room().address());
  session.seen = c.turn.now();
  session.lagging = !room;  // it has a follower of its own
  return session;
}

// A room is in by one session, the newest: it is sent everything once (member_rooms.h).
void end_older(const Context& context, engine::RoomTurn& turn, const Session& session) {
  if (!is_room(room_of(turn), session.jid)) return;
  std::vector<Session> older = copies(sessions_of(room_of(turn), session.jid));
  std::erase_if(older, [&](const Session& one) { return one.jid == session.jid; });
  end_sessions(context, turn, older, {});
}

// A member's cursor begins with his first client (protocol §3).
void note_cursor(const Case& c, const Session& session) {
  if (is_room(c.room(), session.jid)) return;
  const bool first = !c.room().present(session.jid) && !c.room().cursor(session.jid);
  if (!first || c.room().affiliation(session) < Affiliation::member) return;
  c.turn.note(note_key(kCursorNote, session.jid.bare_text()), write_cursor(session.first - 1));
}

// The nick that he asked for is another one when it is prepared (§7.2.2, §17.1): he has to know.
bool was_prepared(const xmpp::Stanza& presence) {
  const std::string_view asked = presence.element().attr("to");
  const std::size_t slash = asked.find('/');
  return slash != std::string_view::npos && asked.substr(slash + 1) != presence.to.resource();
}

// Before the history, which does not reach back to where he was (protocol §3).
void tell_left_out(engine::RoomTurn& turn, const xmpp::Jid& who, std::uint64_t left_out) {
  if (left_out == 0) return;
  send_notice(turn, who,
              "More was said since you were here last than is sent when you come in. What is "
              "missing before this (up to " +
                  std::to_string(left_out) + " messages) is in the archive of this room.");
}

void enter(const Case& c, const xmpp::Stanza& presence, const HistoryStart& history) {
  engine::RoomTurn& turn = c.turn;
  engine::Position first = history.first;
  const bool creates = !turn.room().exists();
  if (creates) {
    if (c.founding) {
      found_room(c.context, turn, c.request.who, *c.founding);
    } else {
      Config config;
      config.locked = c.context.settings.lock_new_rooms;
      create_room(c.context, turn, c.request.who.bare(), config, {});
    }
    first = turn.room().last_position() + 1;
  }
  Session session = make_session(c, presence);
  session.first = first;
  session.until = turn.room().last_position();
  const auto version = xep_0463::asked(presence.element());
  session.versions = version.has_value();
  std::optional<Session> before;
  if (const Session* const found = c.room().session(session.jid)) before = *found;
  const bool renamed = before && before->nick != session.nick;
  const bool news = !before || renamed || before->presence != session.presence;

  if (!before || renamed) free_nick(c.context, turn, session.nick);
  note_cursor(c, session);
  forget_invited(turn, session.jid);
  note_session(turn, session);
  turn.late_note(note_key(kPresenceNote, session.jid.text()), write_presence(session));
  end_older(c.context, turn, session);

  if (renamed) show_renamed(c.context, turn, *before, session.nick, false);
  if (version) send_list(turn, session, *version);
  // §7.1: the others' presence, his own, history, the subject, then what is live.
  show_others_to(c.context, turn, session);
  Showing showing(turn.room(), appearance_of(c.context, turn.room(), session), {});
  if (news) showing.send_others(turn, session.jid);
  std::vector<int> codes;
  if (c.room().config().nonanonymous) codes.push_back(xep_0045::status::kNonanonymous);
  if (c.room().config().logging) codes.push_back(xep_0045::status::kLogged);
  if (creates) codes.push_back(xep_0045::status::kCreated);
  if (was_prepared(presence)) codes.push_back(xep_0045::status::kNickAssigned);
  Showing(turn.room(), appearance_of(c.context, turn.room(), session),
          {.list = version ? present_version(turn.room()) : std::string(),
           .id = std::string(presence.id)})
      .send(turn, session, true, codes);
  show_avatar(turn, session.jid);
  tell_left_out(turn, session.jid, history.left_out);
  follow_session(c.context, turn, session);
}

}  // namespace

std::optional<Error> nick_refused(const Room& room, const xmpp::Jid& who, std::string_view nick) {
  const bool blank = std::all_of(nick.begin(), nick.end(), [](char c) { return c == ' '; });
  if (blank || nick.size() > limits::kNickBytes) {
    return Error(
        Condition::not_acceptable,
        "A nickname has 1 to " + std::to_string(limits::kNickBytes) + " bytes that can be seen.");
  }
  for (const Session* const session : room.occupant(nick)) {
    if (session->jid.bare_text() != who.bare_text()) {
      return Error(Condition::conflict, "Somebody else has that nickname.");
    }
  }
  const std::string_view reserved = room.reserved_by(nick);
  if (!reserved.empty() && reserved != who.bare_text()) {
    return Error(Condition::conflict, "Another member has reserved that nickname.");
  }
  return std::nullopt;
}

std::string presence_payload(const xmpp::Stanza& presence, const xmpp::Jid& room) {
  std::string payload = clean_content(presence.element(), room);
  if (payload.size() <= limits::kPresencePayloadBytes) return payload;
  payload.clear();
  if (const xmpp::Element* const show = presence.child("show", xmpp::ns::kClient)) {
    payload = xmpp::to_xml(*show);
  }
  return payload.size() <= limits::kPresencePayloadBytes ? payload : std::string();
}

void join(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& presence,
          const xep_0045::Join& request) {
  Case c{context, turn, {presence.from, std::string(presence.to.resource()), request.password}, {}};
  c.create = xep_group_rooms::parse(presence.element());
  for (const auto rule : kRules) {
    const Verdict verdict = rule(c);
    if (verdict.kind == Verdict::Kind::wait) return;
    if (verdict.kind == Verdict::Kind::deny) {
      return turn.refuse(verdict.error, xep_0045::join_echo(), verdict.detail);
    }
  }
  HistoryStart history;
  if (turn.room().exists()) {
    const bool member = c.affiliation() >= Affiliation::member;
    const auto start = history_start(turn, request.history, c.request.who, member);
    if (!start) return;
    history = *start;
  }
  enter(c, presence, history);
}

}  // namespace hansa::rooms
