#include "modules/rooms/destroy.h"

#include "modules/rooms/applications.h"
#include "modules/rooms/presence.h"
#include "modules/rooms/sessions.h"

namespace hansa::rooms {
namespace {

void append_destroyed(const Context& context, engine::RoomTurn& turn) {
  for (const auto& hook : context.hooks.destroyed) hook(turn);
  for (const auto& [bare, member] : room_of(turn).members()) {
    const Result<xmpp::Jid> jid = xmpp::Jid::parse(bare);
    if (jid) turn.index(member_key(*jid, turn.room().address()), std::nullopt);
  }
  forget_applications(turn);
  turn.append(engine::EntryKind::destroyed, {});
  keep_listing(turn);
}

}  // namespace

void destroy_room(const Context& context, engine::RoomTurn& turn, const xep_0045::Destroy& destroy,
                  std::string_view leaving) {
  std::vector<Session> all;
  for (const auto& [full, session] : room_of(turn).sessions()) all.push_back(session);
  remove_sessions(turn, all);
  append_destroyed(context, turn);
  for (const Session& session : all) {
    Appearance who = appearance_of(context, turn.room(), session);
    who.payload.clear();
    who.affiliation = Affiliation::none;
    Showing(turn.room(), std::move(who),
            {.gone = true, .destroy = destroy, .id = std::string(leaving)})
        .send(turn, session, true);
  }
}

void destroy_if_empty(const Context& context, engine::RoomTurn& turn) {
  const Room& room = room_of(turn);
  const bool stays = room.config().persistent && !room.config().locked;
  if (turn.room().exists() && room.sessions().empty() && !stays) {
    append_destroyed(context, turn);
  }
}

}  // namespace hansa::rooms
