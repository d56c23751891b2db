#include "modules/rooms/presence.h"

#include "modules/rooms/rights.h"
#include "modules/rooms/views.h"
#include "xep-spec/xep_0421_occupant_id.h"

namespace hansa::rooms {

Showing::Showing(const engine::RoomState& room, Appearance who, Change change)
    : config_(room.get<Room>().config()), who_(std::move(who)), change_(std::move(change)) {
  before_ = "<presence from='";
  xmpp::append_escaped(before_, occupant_address(room, who_.nick));
  if (change_.gone) before_ += "' type='unavailable";
  before_ += "' to='";
}

std::string Showing::after_address(bool real, bool self, const std::vector<int>& extra) const {
  xep_0045::User user;
  user.status = change_.status;
  if (self) user.status.insert(user.status.begin(), xep_0045::status::kSelf);
  user.status.insert(user.status.end(), extra.begin(), extra.end());
  xep_0045::Item& item = user.item.emplace();
  item.affiliation = name_of(who_.affiliation);
  item.role = name_of(change_.gone && change_.new_nick.empty() ? Role::none : who_.role);
  if (real) item.jid = who_.real.text();
  item.nick = change_.new_nick;
  item.actor = change_.actor;
  item.reason = change_.reason;
  user.destroy = change_.destroy;
  if (real) user.more = change_.versions;
  if (self) user.more += change_.list;

  std::string out = "'>";
  out += who_.payload;
  xmpp::Writer writer(out);
  xep_0045::write(writer, user);
  xep_0421::write(writer, {who_.occupant_id});
  out += "</presence>";
  return out;
}

void Showing::send(engine::RoomTurn& turn, const Session& to, bool self,
                   const std::vector<int>& extra) {
  const bool real = sees_real_addresses(config_, to.role);
  std::string stanza = before_;
  xmpp::append_escaped(stanza, to.jid.text());
  if (self && !change_.id.empty() && to.jid == who_.real) {
    stanza += "' id='";
    xmpp::append_escaped(stanza, change_.id);
  }
  if (!extra.empty()) {
    stanza += after_address(real, self, extra);
  } else {
    std::optional<std::string>& after = after_[real ? 1 : 0][self ? 1 : 0];
    if (!after) after = after_address(real, self, {});
    stanza += *after;
  }
  turn.send(std::move(stanza));
}

void Showing::send_all(engine::RoomTurn& turn) { send_others(turn, {}); }

void Showing::send_others(engine::RoomTurn& turn, const xmpp::Jid& except) {
  const Room& room = room_of(turn);
  const bool is_virtual = who_.real.empty();
  const auto send_to = [&](const Session& session) {
    if (session.jid.empty() || session.jid == except) return;
    if (!is_virtual && !sees(config_, session, who_.nick, who_.role, who_.apart)) return;
    send(turn, session, !is_virtual && session.nick == who_.nick);
  };
  if (!who_.apart || who_.role == Role::moderator) {
    for (const auto& [full, session] : room.sessions()) send_to(session);
    return;
  }
  // However many are in, only moderators see him, and he himself.
  for (const Session* const moderator : room.moderators()) {
    if (moderator->nick != who_.nick) send_to(*moderator);
  }
  for (const Session* const own : room.occupant(who_.nick)) send_to(*own);
}

namespace {

std::vector<const Session*> sessions_seen_by(const Room& room, const Session& viewer) {
  const auto is_hidden = [&](const Session* other) {
    return other->nick == viewer.nick || !sees(room.config(), viewer, *other);
  };
  const bool reduced = viewer.apart && viewer.role != Role::moderator;
  std::vector<const Session*> seen = reduced ? shown_moderators(room) : shown_sessions(room);
  std::erase_if(seen, is_hidden);
  return seen;
}

}  // namespace

void show_occupant(const Context& context, engine::RoomTurn& turn, std::string_view nick,
                   Change change) {
  const Session* const session = shown_session(room_of(turn).occupant(nick));
  if (session == nullptr) return;
  Showing(turn.room(), appearance_of(context, turn.room(), *session), std::move(change))
      .send_all(turn);
}

void show_others_to(const Context& context, engine::RoomTurn& turn, const Session& to) {
  const Room& room = room_of(turn);
  for (const Session* const other : sessions_seen_by(room, to)) {
    Showing(turn.room(), appearance_of(context, turn.room(), *other), {}).send(turn, to, false);
  }
  for (const auto& [key, who] : room.virtuals()) {
    Showing(turn.room(), appearance_of(context, turn.room(), who), {}).send(turn, to, false);
  }
}

}  // namespace hansa::rooms
