#include "modules/rooms/room_commands.h"

#include <array>

#include "base/limits.h"
#include "modules/rooms/admin.h"
#include "modules/rooms/config_form.h"
#include "modules/rooms/configure.h"
#include "modules/rooms/destroy.h"
#include "modules/rooms/hats.h"
#include "modules/rooms/roles.h"
#include "xep-spec/group_rooms.h"

namespace hansa::rooms {
namespace {

using xep_0004::Field;
using xep_0045::Item;

xep_0004::Form form_of(const CommandCase& c, std::string title, std::vector<Field> fields) {
  xep_0004::Form form;
  form.type = "form";
  form.title = std::move(title);
  form.fields.push_back(xep_0004::hidden("FORM_TYPE", c.request.node));
  for (Field& field : fields) form.fields.push_back(std::move(field));
  return form;
}

Field needed(Field field) {
  field.required = true;
  return field;
}

std::vector<xep_0004::Option> affiliations() {
  return {{"Owner", "owner"},
          {"Admin", "admin"},
          {"Member", "member"},
          {"None", "none"},
          {"Banned", "outcast"}};
}

// --- the commands --------------------------------------------------------------------------------

void settings(const CommandCase& c) {
  const Room& room = room_of(c.turn);
  if (!c.request.form) {
    return ask_form(c, write_form(c.turn.room().address(), room.config(), room.members()));
  }
  const Result<Submitted> submitted = read_form(*c.request.form, room.config());
  if (!submitted) return c.turn.refuse(submitted.error());
  if (const auto why = may_not_configure(c.context, c.turn, c.iq.from, *submitted)) {
    return c.turn.refuse(*why);
  }
  configure(c.context, c.turn, c.iq.from, *submitted, finished(c));
}

void affiliation(const CommandCase& c) {
  using namespace xep_0004;
  if (!c.request.form) {
    return ask_form(
        c, form_of(c, "Members, admins, owners, the banned",
                   {needed(text_field("jid", "Whose affiliation", {}, "jid-single")),
                    list_field("affiliation", "To be", "member", affiliations()),
                    text_field("nick", "Reserved nickname", {}), text_field("reason", "Why", {})}));
  }
  Item item;
  item.jid = c.value("jid");
  item.affiliation = c.value("affiliation");
  item.nick = c.value("nick");
  item.reason = c.value("reason");
  change_people(c.context, c.turn, c.iq.from, {item}, finished(c));
}

void role(const CommandCase& c) {
  using namespace xep_0004;
  if (!c.request.form) {
    return ask_form(c, form_of(c, "Voice, moderators, kick",
                               {needed(text_field("nick", "Whose role, by nickname", {})),
                                list_field("role", "To be", "participant",
                                           {{"Moderator", "moderator"},
                                            {"Participant", "participant"},
                                            {"Visitor (may only read)", "visitor"},
                                            {"Out (kicked)", "none"}}),
                                text_field("reason", "Why", {})}));
  }
  Item item;
  item.nick = c.value("nick");
  item.role = c.value("role");
  item.reason = c.value("reason");
  change_people(c.context, c.turn, c.iq.from, {item}, finished(c));
}

void people(const CommandCase& c) {
  xep_0004::Form table;
  table.type = "result";
  table.title = "Who has an affiliation";
  table.reported = {xep_0004::text_field("jid", "Address", {}, "jid-single"),
                    xep_0004::text_field("affiliation", "Affiliation", {}),
                    xep_0004::text_field("nick", "Reserved nickname", {})};
  for (const auto& [bare, member] : room_of(c.turn).members()) {
    if (table.items.size() == limits::kMembersShown) break;
    table.items.push_back({xep_0004::text_field("jid", {}, bare, {}),
                           xep_0004::text_field("affiliation", {}, name_of(member.affiliation), {}),
                           xep_0004::text_field("nick", {}, member.nick, {})});
  }
  finish(c, std::move(table));
}

void destroy(const CommandCase& c) {
  if (!c.request.form) {
    return ask_form(
        c, form_of(c, "The end of this room, its log and its member list",
                   {xep_0004::text_field("reason", "Why", {}),
                    xep_0004::text_field("venue", "Where to go instead", {}, "jid-single")}));
  }
  xep_0045::Destroy end;
  end.jid = c.value("venue");
  end.reason = c.value("reason");
  if (end.reason.size() > limits::kReasonBytes) {
    return c.turn.refuse(Error(Condition::not_acceptable, "That reason is too long."));
  }
  if (!end.jid.empty() && !xmpp::Jid::parse(end.jid)) {
    return c.turn.refuse(Error(Condition::jid_malformed, "Where to go is a room's address."));
  }
  destroy_room(c.context, c.turn, end);
  finish(c);
}

constexpr std::array<RoomCommand, 5> kCommands{{
    {xep_group_rooms::kNodeSettings, "Change the settings", &settings, For::owners},
    {xep_group_rooms::kNodeAffiliation, "Change somebody's affiliation", &affiliation,
     For::list_admins},
    {xep_group_rooms::kNodeRole, "Voice, moderators, kick", &role, For::moderators},
    {xep_group_rooms::kNodePeople, "List members, admins, owners, the banned", &people,
     For::admins},
    {xep_group_rooms::kNodeDestroy, "Destroy the room", &destroy, For::owners},
}};

std::vector<RoomCommand> all_commands() {
  std::vector<RoomCommand> all(kCommands.begin(), kCommands.end());
  const auto hats = hat_commands();
  all.insert(all.end(), hats.begin(), hats.end());
  return all;
}

bool may_use(const Context& context, const Room& room, const xmpp::Jid& who, For whom) {
  const Affiliation affiliation = room.affiliation(who);
  const bool of_room = whom == For::moderators || whom == For::list_admins;
  if (context.is_admin(who) && !of_room) return true;
  switch (whom) {
    case For::owners: return affiliation == Affiliation::owner;
    case For::list_admins:
    case For::admins: return affiliation >= Affiliation::admin;
    case For::moderators: return affiliation >= Affiliation::admin || is_moderator(room, who);
    case For::members: return room.present(who) || affiliation >= Affiliation::member;
  }
  return false;
}

xep_0050::Response response_to(const CommandCase& c, xep_0050::Status status) {
  xep_0050::Response response;
  response.node = c.request.node;
  response.session_id = c.request.session_id.empty() ? "1" : c.request.session_id;
  response.status = status;
  return response;
}

}  // namespace

void ask_form(const CommandCase& c, xep_0004::Form form) {
  xep_0050::Response response = response_to(c, xep_0050::Status::executing);
  response.actions = {xep_0050::Action::complete};
  response.execute = xep_0050::Action::complete;
  response.form = std::move(form);
  c.turn.reply(xmpp::written(response));
}

void finish(const CommandCase& c, std::optional<xep_0004::Form> form) {
  xep_0050::Response response = response_to(c, xep_0050::Status::completed);
  response.form = std::move(form);
  c.turn.reply(xmpp::written(response));
}

std::string finished(const CommandCase& c) {
  return xmpp::written(response_to(c, xep_0050::Status::completed));
}

xep_0050::Names room_commands(const Context& context, const Room& room, const xmpp::Jid& who) {
  xep_0050::Names out;
  if (room.config().conversation) return out;
  for (const RoomCommand& command : all_commands()) {
    if (may_use(context, room, who, command.whom)) out.emplace_back(command.node, command.name);
  }
  return out;
}

void on_room_command(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  if (!turn.room().exists() || room_of(turn).config().conversation ||
      is_locked_for(room_of(turn), iq.from)) {
    return turn.refuse(Error(Condition::item_not_found));
  }
  const auto parsed = xep_0050::parse_request(*iq.payload());
  if (!parsed) return turn.refuse(Error(Condition::bad_request, "A command has a node."));
  if (parsed->error) {
    return turn.refuse(*parsed->error, {}, xep_0050::condition("malformed-action"));
  }
  const CommandCase c{context, turn, iq, parsed->request};
  for (const RoomCommand& command : all_commands()) {
    if (command.node != c.request.node) continue;
    if (!may_use(context, room_of(turn), iq.from, command.whom)) {
      return turn.refuse(Error(Condition::forbidden, "That command is not for you."));
    }
    if (c.request.action == xep_0050::Action::prev) {
      return turn.refuse(Error(Condition::bad_request, "There is no stage before this one."), {},
                         xep_0050::condition("bad-action"));
    }
    const bool off = c.request.action == xep_0050::Action::cancel ||
                     (c.request.form && c.request.form->type == "cancel");
    if (off) return turn.reply(xmpp::written(xep_0050::canceled(c.request)));
    return command.run(c);
  }
  turn.refuse(Error(Condition::item_not_found, "There is no such command."));
}

}  // namespace hansa::rooms
