#include "modules/rooms/owner.h"

#include "base/limits.h"
#include "modules/rooms/configure.h"
#include "modules/rooms/destroy.h"
#include "modules/rooms/founding.h"

namespace hansa::rooms {
namespace {

std::optional<Error> closed(const Context& context, const engine::RoomTurn& turn,
                            const xmpp::Stanza& iq) {
  const Room& room = room_of(turn);
  if (!turn.room().exists() || room.config().conversation) {
    return Error(Condition::item_not_found);
  }
  if (is_locked_for(room, iq.from)) return Error(Condition::item_not_found);
  if (room.affiliation(iq.from) == Affiliation::owner || context.is_admin(iq.from)) {
    return std::nullopt;
  }
  return Error(Condition::forbidden, "Only owners may change the room.");
}

// §10.1.3: a room that is never configured never was; later it stays as it is (§10.2).
void cancel(const Context& context, engine::RoomTurn& turn) {
  turn.reply();
  if (room_of(turn).config().locked) destroy_room(context, turn, {});
}

}  // namespace

void on_owner_get(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  if (const auto why = closed(context, turn, iq)) return turn.refuse(*why);
  std::string content;
  xmpp::Writer writer(content);
  writer.open("query", xep_0045::kNsOwner);
  xep_0004::write(
      writer, write_form(turn.room().address(), room_of(turn).config(), room_of(turn).members()));
  writer.close();
  turn.reply(content);
}

void on_owner_set(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  if (on_owner_create(context, turn, iq)) return;
  if (const auto why = closed(context, turn, iq)) return turn.refuse(*why);
  const xmpp::Element& query = *iq.payload();
  if (const auto destroy = xep_0045::parse_destroy(query)) {
    if (destroy->reason.size() > limits::kReasonBytes) {
      return turn.refuse(Error(Condition::not_acceptable, "That reason is too long."));
    }
    destroy_room(context, turn, *destroy);
    return turn.reply();
  }
  const xmpp::Element* const x = query.child("x", xep_0004::kNs);
  const auto form = x == nullptr ? std::nullopt : xep_0004::parse(*x);
  if (!form) return turn.refuse(Error(Condition::bad_request, "That is not a settings form."));
  if (form->type == "cancel") return cancel(context, turn);
  // An instant room is asked for by a form without fields; some clients leave its type out.
  if (form->type != "submit" && !(form->type.empty() && form->fields.empty())) {
    return turn.refuse(Error(Condition::bad_request, "A form is submitted or cancelled."));
  }
  const Result<Submitted> submitted = read_form(*form, room_of(turn).config());
  if (!submitted) return turn.refuse(submitted.error());
  if (const auto why = may_not_configure(context, turn, iq.from, *submitted)) {
    return turn.refuse(*why);
  }
  configure(context, turn, iq.from, *submitted);
}

}  // namespace hansa::rooms
