#include "modules/rooms/occupants.h"

#include <map>

#include "base/crypto.h"
#include "base/encoding.h"
#include "modules/rooms/hats.h"

namespace hansa::rooms {
namespace {

std::string keyed_id(const Context& context, const engine::RoomState& room, char kind,
                     std::string_view who) {
  std::string text = room.log_id();
  text += kind;
  text += who;
  return base32(hmac_sha256(context.settings.secret, text));
}

}  // namespace

bool Context::is_enterprise(const xmpp::Jid& who) const {
  for (const std::string& domain : settings.enterprise) {
    if (who.domain() == domain) return true;
  }
  return false;
}

bool Context::is_admin(const xmpp::Jid& who) const { return rooms::is_admin(settings, who); }

std::string occupant_address(const engine::RoomState& room, std::string_view nick) {
  std::string address = room.address().text();
  address += '/';
  address += nick;
  return address;
}

std::string occupant_id(const Context& context, const engine::RoomState& room,
                        const xmpp::Jid& who) {
  return keyed_id(context, room, '/', who.bare_text());
}

std::string virtual_id(const Context& context, const engine::RoomState& room,
                       std::string_view key) {
  return keyed_id(context, room, '%', key);
}

Appearance appearance_of(const Context& context, const engine::RoomState& room,
                         const Session& session) {
  return {session.nick,
          session.role,
          room.get<Room>().affiliation(session),
          occupant_id(context, room, session.jid),
          session.presence + hats_of(room.get<Room>(), session.jid),
          session.jid,
          session.apart};
}

Appearance appearance_of(const Context& context, const engine::RoomState& room,
                         const VirtualOccupant& who) {
  return {
      who.nick, Role::participant, Affiliation::none, virtual_id(context, room, who.key), {}, {},
      false};
}

const Session* shown_session(const std::vector<const Session*>& sessions) {
  const Session* shown = nullptr;
  for (const Session* const each : sessions) {
    if (shown == nullptr || each->seen > shown->seen) shown = each;
  }
  return shown;
}

namespace {

using Shown = std::map<std::string_view, const Session*>;

void take_newer(Shown& by_nick, const Session& session) {
  if (session.jid.empty()) return;  // a left-over of a crash
  const Session*& shown = by_nick[session.nick];
  if (shown == nullptr || session.seen > shown->seen) shown = &session;
}

std::vector<const Session*> values_of(const Shown& by_nick) {
  std::vector<const Session*> all;
  all.reserve(by_nick.size());
  for (const auto& [nick, session] : by_nick) all.push_back(session);
  return all;
}

}  // namespace

std::vector<const Session*> shown_sessions(const Room& room) {
  Shown by_nick;
  for (const auto& [full, session] : room.sessions()) take_newer(by_nick, session);
  return values_of(by_nick);
}

std::vector<const Session*> shown_moderators(const Room& room) {
  Shown by_nick;
  for (const Session* const session : room.moderators()) take_newer(by_nick, *session);
  return values_of(by_nick);
}

std::vector<const Session*> sessions_of(const Room& room, const xmpp::Jid& who) {
  const std::string prefix = std::string(who.bare_text()) + "/";
  std::vector<const Session*> found;
  for (auto place = room.sessions().lower_bound(prefix);
       place != room.sessions().end() && place->first.starts_with(prefix); ++place) {
    found.push_back(&place->second);
  }
  return found;
}

const VirtualOccupant* virtual_named(const Room& room, std::string_view nick) {
  for (const auto& [key, who] : room.virtuals()) {
    if (who.nick == nick) return &who;
  }
  return nullptr;
}

}  // namespace hansa::rooms
