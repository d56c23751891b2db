#include "modules/rooms/owner.h"

#include <set>

#include "base/limits.h"
#include "modules/rooms/config_form.h"
#include "modules/rooms/destroy.h"
#include "modules/rooms/entries.h"
#include "modules/rooms/rights.h"
#include "modules/rooms/sessions.h"
#include "modules/rooms/speech.h"

namespace hansa::rooms {
namespace {

std::optional<Error> closed(const Context& context, const engine::RoomTurn& turn,
                            const xmpp::Stanza& iq) {
  const Room& room = room_of(turn);
  if (!turn.room().exists() || room.config().conversation) {
    return Error(Condition::item_not_found);
  }
  if (room.affiliation(iq.from) == Affiliation::owner || context.is_admin(iq.from)) {
    return std::nullopt;
  }
  return Error(Condition::forbidden, "Only owners may change the room.");
}

// What occupants have to know of a change (§10.2.1).
std::vector<int> codes_of(const Config& before, const Config& after) {
  using namespace xep_0045::status;
  if (before.nonanonymous != after.nonanonymous) {
    return {after.nonanonymous ? kNowNonanonymous : kNowSemianonymous};
  }
  return {kConfigChanged};
}

void tell_codes(engine::RoomTurn& turn, std::vector<int> codes) {
  Message message;
  message.from_room = true;
  xep_0045::User user;
  user.status = std::move(codes);
  xmpp::Writer writer(message.content);
  xep_0045::write(writer, user);
  say_live(turn, std::move(message));
}

// Those without an affiliation who may be in no longer (322), or whose role changes (§5.1.2).
void adapt_occupants(const Context& context, engine::RoomTurn& turn, const Config& before) {
  const Config after = room_of(turn).config();
  std::set<std::string> nicks;
  for (const auto& [full, session] : room_of(turn).sessions()) {
    if (room_of(turn).affiliation(session) == Affiliation::none) nicks.insert(session.nick);
  }
  for (const std::string& nick : nicks) {
    std::vector<Session> sessions = copies(room_of(turn).occupant(nick));
    if (after.members_only && !before.members_only) {
      end_sessions(context, turn, sessions, {.status = {xep_0045::status::kNowMembersOnly}});
      continue;
    }
    const bool moderator = sessions.front().role == Role::moderator;
    if (after.moderated == before.moderated || moderator) continue;
    for (Session& session : sessions) {
      session.role = default_role(after, Affiliation::none);
      note_session(turn, session);
    }
    show_occupant(context, turn, nick);
  }
}

void submit(const Context& context, engine::RoomTurn& turn, const xep_0004::Form& form) {
  const Config before = room_of(turn).config();
  const Result<Config> after = read_form(form, before);
  if (!after) return turn.refuse(after.error());
  const engine::SharedPart settings = write_settings(*after);
  if (settings.bytes == write_settings(before).bytes) return turn.reply();
  turn.append(engine::EntryKind::settings, settings);
  turn.reply();
  tell_codes(turn, codes_of(before, *after));
  adapt_occupants(context, turn, before);
}

}  // namespace

void on_owner_get(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  if (const auto why = closed(context, turn, iq)) return turn.refuse(*why);
  std::string content;
  xmpp::Writer writer(content);
  writer.open("query", xep_0045::kNsOwner);
  xep_0004::write(writer, write_form(turn.room().address(), room_of(turn).config()));
  writer.close();
  turn.reply(content);
}

void on_owner_set(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
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
  if (form->type == "cancel") return turn.reply();
  if (form->type != "submit") {
    return turn.refuse(Error(Condition::bad_request, "A form is submitted or cancelled."));
  }
  submit(context, turn, *form);
}

}  // namespace hansa::rooms
