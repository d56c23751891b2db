#include "modules/rooms/private_messages.h"

#include "modules/rooms/bounces.h"
#include "modules/rooms/clean.h"
#include "modules/rooms/occupants.h"
#include "modules/rooms/recent.h"
#include "xep-spec/xep_0045_muc.h"
#include "xep-spec/xep_0421_occupant_id.h"

namespace hansa::rooms {
namespace {

bool may_write(MayWrite who, Role role) {
  switch (who) {
    case MayWrite::anyone: return true;
    case MayWrite::participants: return role >= Role::participant;
    case MayWrite::moderators: return role == Role::moderator;
    case MayWrite::none: return false;
  }
  return false;
}

std::optional<Error> refused(const engine::RoomTurn& turn, const xmpp::Stanza& message) {
  const Room& room = room_of(turn);
  const Session* const sender = room.session(message.from);
  const bool hidden = room.config().conversation && sender == nullptr;
  if (!turn.room().exists() || hidden || is_locked_for(room, message.from)) {
    return Error(Condition::item_not_found);
  }
  if (message.type == "groupchat") {
    return Error(Condition::bad_request, "Messages to all go to the room's own address.");
  }
  if (sender == nullptr) {
    return Error(Condition::not_acceptable, "Only those who are in the room may write to others.");
  }
  if (!may_write(room.config().allow_pm, sender->role)) {
    return Error(Condition::forbidden, "You may not send private messages in this room.");
  }
  if (virtual_named(room, message.to.resource()) == nullptr &&
      room.occupant(message.to.resource()).empty()) {
    return Error(Condition::item_not_found, "Nobody in the room has that nickname.");
  }
  return std::nullopt;
}

}  // namespace

void on_private_message(const Context& context, engine::RoomTurn& turn,
                        const xmpp::Stanza& message) {
  if (message.is_error()) return on_bounce(context, turn, message);
  if (const auto why = refused(turn, message)) return turn.refuse(*why);
  const Room& room = room_of(turn);
  if (const VirtualOccupant* const outside = virtual_named(room, message.to.resource())) {
    for (const auto& hook : context.hooks.private_message) {
      if (hook(turn, message, *outside)) return;
    }
    return turn.refuse(Error(Condition::feature_not_implemented,
                             "That speaker is not in this room and cannot be reached alone."));
  }
  const Session& sender = *room.session(message.from);

  std::string content = clean_content(message.element(), turn.room().address());
  xmpp::Writer writer(content);
  xep_0045::write(writer, xep_0045::User{});
  xep_0421::write(writer, {occupant_id(context, turn.room(), sender.jid)});
  const std::string from = occupant_address(turn.room(), sender.nick);
  const std::string id =
      message.id.empty() ? random_token(turn.random(), 26) : std::string(message.id);
  for (const Session* const to : room.occupant(message.to.resource())) {
    std::string stanza;
    xmpp::write_stanza(stanza,
                       {.kind = xmpp::StanzaKind::message,
                        .type = message.type,
                        .from = from,
                        .to = to->jid.text(),
                        .id = id,
                        .lang = message.element().attr("xml:lang")},
                       content);
    turn.send(std::move(stanza));
  }
  turn.state<Room>().recent().add_unlogged(id, turn.room().last_position() + 1, turn.now());
}

}  // namespace hansa::rooms
