#include "modules/rooms/operator.h"

#include "base/limits.h"
#include "modules/rooms/affiliations.h"
#include "modules/rooms/config_form.h"
#include "modules/rooms/create.h"
#include "modules/rooms/destroy.h"

namespace hansa::rooms {
namespace {

using engine::Passed;
using engine::RoomTurn;

Result<xmpp::Jid> person(std::string_view text) {
  const Result<xmpp::Jid> jid = xmpp::Jid::parse(text);
  if (jid && !jid->local().empty()) return jid->bare();
  return Error(Condition::jid_malformed,
               "«" + std::string(text) + "» is not a person's address, as in alice@a.example");
}

Error no_room() { return Error(Condition::item_not_found, "There is no such room."); }

// Params named as fields of the settings form are that form.
Result<Config> config_of(const Passed& passed) {
  xep_0004::Form form;
  form.type = "submit";
  for (const auto& [name, value] : passed.params) {
    if (name.starts_with("muc#")) form.fields.push_back(xep_0004::hidden(name, value));
  }
  Result<Submitted> submitted = read_form(form, Config());
  if (!submitted) return submitted.error();
  return std::move(submitted->config);
}

void create(const Context& context, RoomTurn& turn, const Passed& passed) {
  if (turn.room().exists()) {
    return turn.refuse(Error(Condition::conflict, "There is a room of that address already."));
  }
  const xmpp::Jid& room = turn.room().address();
  if (room.domain() != context.settings.rooms || room.local().empty()) {
    return turn.refuse(Error(Condition::not_acceptable,
                             "Rooms of this node are at " + context.settings.rooms + "."));
  }
  if (is_reserved_name(room.local())) return turn.refuse(reserved_name());
  const Result<xmpp::Jid> owner = person(passed.param("owner"));
  if (!owner) return turn.refuse(owner.error());
  const Result<Config> config = config_of(passed);
  if (!config) return turn.refuse(config.error());
  create_room(context, turn, *owner, *config, {});
  turn.reply(passed.param("reply"));
}

void destroy(const Context& context, RoomTurn& turn, const Passed& passed) {
  if (!turn.room().exists()) return turn.refuse(no_room());
  xep_0045::Destroy destroy;
  destroy.reason = passed.param("reason");
  if (destroy.reason.size() > limits::kReasonBytes) {
    return turn.refuse(Error(Condition::not_acceptable, "That reason is too long."));
  }
  if (const std::string_view venue = passed.param("venue"); !venue.empty()) {
    const Result<xmpp::Jid> jid = person(venue);
    if (!jid) return turn.refuse(jid.error());
    destroy.jid = jid->text();
  }
  destroy_room(context, turn, destroy);
  turn.reply(passed.param("reply"));
}

Result<MemberChange> change_of(const Room& room, const Passed& passed) {
  const Result<xmpp::Jid> who = person(passed.param("who"));
  if (!who) return who.error();
  const auto affiliation = affiliation_named(passed.param("affiliation"));
  if (!affiliation) {
    return Error(Condition::bad_request, "«affiliation» is owner, admin, member, none or outcast.");
  }
  MemberChange change{*who, {}, std::string(passed.param("reason"))};
  const auto known = room.members().find(who->text());
  if (known != room.members().end()) change.member = known->second;
  change.member.affiliation = *affiliation;
  change.member.changed = change.member.since = 0;
  if (const std::string_view said = passed.param("nick"); !said.empty()) {
    const Result<std::string> nick = xmpp::prepare_nick(said);
    if (!nick) return nick.error();
    change.member.nick = *nick;
  }
  if (*affiliation < Affiliation::member) change.member.nick.clear();
  return change;
}

void change_member(const Context& context, RoomTurn& turn, const Passed& passed) {
  const Room& room = room_of(turn);
  if (!turn.room().exists()) return turn.refuse(no_room());
  if (room.config().conversation) {
    return turn.refuse(Error(Condition::not_allowed,
                             "The members of a conversation are those of the room that speaks."));
  }
  const Result<MemberChange> change = change_of(room, passed);
  if (!change) return turn.refuse(change.error());
  std::vector<MemberChange> changes{*change};
  if (const auto why = may_not_change(context, room, xmpp::Jid(), changes)) {
    return turn.refuse(*why);
  }
  append_changes(turn, changes);
  turn.reply(passed.param("reply"));
  show_changes(context, turn, changes, {});
}

}  // namespace

Status add_operator(const Context& context, engine::Router& router) {
  using Does = void (*)(const Context&, RoomTurn&, const Passed&);
  const std::pair<std::string_view, Does> kTopics[] = {
      {kOperatorCreate, &create}, {kOperatorDestroy, &destroy}, {kOperatorMember, &change_member}};
  for (const auto& [topic, does] : kTopics) {
    const auto handler = [&context, does = does](RoomTurn& turn, const Passed& passed) {
      does(context, turn, passed);
    };
    if (const Status added = router.add_passed(std::string(topic), handler); !added) return added;
  }
  return Done{};
}

}  // namespace hansa::rooms
