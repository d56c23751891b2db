#include "modules/rooms/moderation.h"

#include "base/limits.h"
#include "modules/rooms/occupants.h"
#include "modules/rooms/retraction.h"
#include "xep-spec/xep_0425_moderation.h"

namespace hansa::rooms {
namespace {

std::optional<Error> refused(const engine::RoomTurn& turn, const xmpp::Stanza& iq,
                             const std::optional<xep_0425::Request>& request) {
  const Room& room = room_of(turn);
  const Session* const actor = room.session(iq.from);
  if (!turn.room().exists() || (room.config().conversation && actor == nullptr)) {
    return Error(Condition::item_not_found);
  }
  if (!request) return Error(Condition::bad_request, "Messages are moderated by retraction only.");
  if (actor == nullptr || actor->role != Role::moderator) {
    return Error(Condition::forbidden, "Only moderators may moderate what others said.");
  }
  if (request->reason.size() <= limits::kReasonBytes) return std::nullopt;
  return Error(Condition::not_acceptable, "That reason is too long.");
}

}  // namespace

void on_moderate(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  const auto request = xep_0425::parse(*iq.payload());
  if (const auto why = refused(turn, iq, request)) return turn.refuse(*why);
  const auto target = find_said(turn, request->id);
  if (!target) return;
  if (*target == nullptr) {
    return turn.refuse(Error(Condition::item_not_found, "There is no such message (any more)."));
  }
  if ((*target)->kind != engine::EntryKind::message) {
    return turn.refuse(Error(Condition::not_allowed, "A subject is changed, not retracted."));
  }
  const Session& actor = *room_of(turn).session(iq.from);
  RetractedBy who{occupant_address(turn.room(), actor.nick),
                  occupant_id(context, turn.room(), actor.jid), request->reason};
  announce_moderation(turn, **target, std::move(who));
  turn.reply();
}

void announce_moderation(engine::RoomTurn& turn, const engine::Entry& target, RetractedBy who) {
  Message announcement;
  announcement.from_room = true;
  xmpp::Writer writer(announcement.content);
  xep_0425::write_announcement(writer, read_message(target).stanza_id,
                               {who.by, who.by_id, who.reason});
  retract(turn, target, std::move(announcement), std::move(who));
}

}  // namespace hansa::rooms
