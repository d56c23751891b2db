#include "modules/rooms/presence.h"

#include "modules/rooms/rights.h"
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
  for (const auto& [full, session] : room_of(turn).sessions()) {
    if (session.jid == except) continue;
    const bool self = !who_.real.empty() && session.nick == who_.nick;
    send(turn, session, self);
  }
}

void show_occupant(const Context& context, engine::RoomTurn& turn, std::string_view nick,
                   Change change) {
  const Session* const session = shown_session(room_of(turn).occupant(nick));
  if (session == nullptr) return;
  Showing(turn.room(), appearance_of(context, turn.room(), *session), std::move(change))
      .send_all(turn);
}

void show_others_to(const Context& context, engine::RoomTurn& turn, const Session& to) {
  const Room& room = room_of(turn);
  for (const Session* const other : shown_sessions(room)) {
    if (other->nick == to.nick) continue;
    Showing(turn.room(), appearance_of(context, turn.room(), *other), {}).send(turn, to, false);
  }
  for (const auto& [key, who] : room.virtuals()) {
    Showing(turn.room(), appearance_of(context, turn.room(), who), {}).send(turn, to, false);
  }
}

}  // namespace hansa::rooms
