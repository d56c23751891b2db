#include "modules/rooms/reading.h"

#include "modules/rooms/occupants.h"
#include "modules/rooms/rights.h"

namespace hansa::rooms {
namespace {

Verdict forbidden() {
  return Verdict::deny(
      Error(Condition::forbidden, "Only those who may enter the room may read what was said."));
}

// A conversation is judged by whoever knows its acting room; to all others it is not there.
Verdict judge_conversation(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& who) {
  for (const auto& hook : context.hooks.join) {
    Verdict verdict = hook(turn, {who, {}, {}});
    if (verdict.kind == Verdict::Kind::wait || verdict.kind == Verdict::Kind::allow) {
      return verdict;
    }
    if (verdict.kind == Verdict::Kind::deny) break;
  }
  return Verdict::deny(Error(Condition::item_not_found));
}

Verdict judge(const Room& room, const xmpp::Jid& who) {
  const Config& config = room.config();
  const Affiliation affiliation = room.affiliation(who);
  const bool shut_out = affiliation == Affiliation::outcast ||
                        (config.members_only && affiliation < Affiliation::member);
  const auto sessions = sessions_of(room, who);
  if (shut_out && sessions.empty()) {
    return config.listed ? forbidden() : Verdict::deny(Error(Condition::item_not_found));
  }
  Role role = default_role(config, affiliation);
  for (const Session* const session : sessions) role = std::max(role, session->role);
  if (!sessions.empty() || affiliation >= Affiliation::member || config.password.empty()) {
    return Verdict::allow(role);
  }
  return forbidden();  // the password is asked at the door
}

}  // namespace

Reading may_read(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& who) {
  const Room& room = room_of(turn);
  if (!turn.room().exists() || is_locked_for(room, who)) {
    return {Verdict::deny(Error(Condition::item_not_found)), false};
  }
  Reading reading;
  reading.verdict =
      room.config().conversation ? judge_conversation(context, turn, who) : judge(room, who);
  reading.real_addresses = reading.verdict.kind == Verdict::Kind::allow &&
                           sees_real_addresses(room.config(), reading.verdict.role);
  return reading;
}

}  // namespace hansa::rooms
