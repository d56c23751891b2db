#include "modules/rooms/operator_commands.h"

#include "xep-spec/xep_0004_forms.h"
#include "xep-spec/xep_0050_commands.h"

namespace hansa::rooms {
namespace {

using engine::ServiceTurn;
using xep_0004::Field;

struct Does {
  const char* node;
  const char* name;
  std::string_view topic;
  std::vector<Field> fields;  // besides the room's address
};

Field needed(Field field) {
  field.required = true;
  return field;
}

std::vector<Does> all() {
  using namespace xep_0004;
  return {
      {"room-create",
       "Create a room",
       kOperatorCreate,
       {needed(text_field("owner", "Its first owner", {}, "jid-single")),
        text_field("muc#roomconfig_roomname", "Name", {}),
        text_field("muc#roomconfig_roomdesc", "Description", {}),
        boolean_field("muc#roomconfig_membersonly", "Only members may enter", false),
        boolean_field("muc#roomconfig_publicroom", "Show the room in lists", true),
        boolean_field("muc#roomconfig_persistentroom", "Keep the room when nobody is in it",
                      true)}},
      {"room-destroy",
       "Destroy a room",
       kOperatorDestroy,
       {text_field("reason", "Why", {}),
        text_field("venue", "Where to go instead", {}, "jid-single")}},
      {"room-member",
       "Change somebody's affiliation to a room",
       kOperatorMember,
       {needed(text_field("who", "Whose", {}, "jid-single")),
        list_field("affiliation", "To be", "member",
                   {{"Owner", "owner"},
                    {"Admin", "admin"},
                    {"Member", "member"},
                    {"None", "none"},
                    {"Banned", "outcast"}}),
        text_field("nick", "Reserved nickname", {}), text_field("reason", "Why", {})}},
  };
}

void offer(ServiceTurn& turn, const Does& does) {
  xep_0004::Form form;
  form.title = does.name;
  form.fields.push_back(xep_0004::hidden("FORM_TYPE", does.node));
  form.fields.push_back(needed(xep_0004::text_field("room", "Room", {}, "jid-single")));
  form.fields.insert(form.fields.end(), does.fields.begin(), does.fields.end());
  rooms::offer(turn, does.node, std::move(form));
}

void submitted(const Context& context, ServiceTurn& turn, const xmpp::Stanza& stanza,
               const xep_0050::Request& request, const Does& does) {
  const auto room = xmpp::Jid::parse(request.form->value("room").value_or(""));
  if (!room || room->local().empty() || !room->is_bare() ||
      room->domain() != context.settings.rooms) {
    return refuse_form(
        turn, "A room's address is asked for, as in support@" + context.settings.rooms + ".");
  }
  engine::Passed passed{std::string(does.topic), stanza, {}, {}};
  for (const Field& field : does.fields) {
    const auto value = request.form->value(field.var);
    if (field.required && value.value_or("").empty())
      return refuse_form(turn, "«" + field.var + "» is missing.");
    if (value) passed.params[field.var] = *value;
  }
  passed.params["reply"] = xmpp::written(xep_0050::done(request, "Done: " + room->text()));
  turn.pass(*room, std::move(passed));
}

}  // namespace

std::vector<Command> operator_commands(const Context& context) {
  std::vector<Command> out;
  for (const Does& does : all()) {
    const auto run = [&context, does](ServiceTurn& turn, const xmpp::Stanza& stanza,
                                      const xep_0050::Request& request) {
      return is_filled(request) ? submitted(context, turn, stanza, request, does)
                                : offer(turn, does);
    };
    out.push_back({does.node, does.name, run,
                   [&context](const xmpp::Jid& who) { return context.is_admin(who); }});
  }
  return out;
}

}  // namespace hansa::rooms
