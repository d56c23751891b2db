#include "modules/act-as/identities.h"

#include "base/limits.h"

namespace hansa::act_as {

std::optional<Result<xep_act_as::Identities>> Identities::of(engine::ServiceTurn& turn,
                                                             const xmpp::Jid& user) const {
  const auto [from, to] = rooms::member_range(user.bare());
  const auto* keys = turn.ask_index(from, to, limits::kIdentities);
  if (keys == nullptr) return std::nullopt;
  if (!*keys) return keys->error();
  xep_act_as::Identities out;
  out.identities.push_back({user.bare().text(), {}, {}});
  out.more = (*keys)->size() >= limits::kIdentities;
  for (const auto& [key, value] : **keys) {
    const auto room = xmpp::Jid::parse(std::string_view(key).substr(from.size()));
    if (!room) continue;
    const auto right = parts_.rights.ask(turn, *room, user);
    // A room that cannot be read now is left out; it is judged again at every act.
    if (!right || !*right || !(*right)->may_act) continue;
    const std::string& name = (*right)->info.name;
    out.identities.push_back({identity_of(parts_.domains, *room).text(), room->text(),
                              name.empty() ? std::string(room->local()) : name});
  }
  if (turn.waiting()) return std::nullopt;
  return out;
}

void Identities::on_query(engine::ServiceTurn& turn, const xmpp::Stanza& stanza) const {
  const auto identities = of(turn, stanza.from);
  if (!identities) return;
  if (!*identities) return turn.refuse(identities->error());
  turn.reply(xmpp::written(**identities));
}

void Identities::on_command(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                            const xep_0050::Request& request) const {
  const auto identities = of(turn, stanza.from);
  if (!identities) return;
  if (!*identities) return turn.refuse(identities->error());
  xep_0050::Response response;
  response.node = request.node;
  response.session_id = request.session_id;
  response.form.emplace();
  response.form->type = "result";
  response.form->title = "Identities open to you";
  xep_0004::Field field;
  field.var = "identities";
  field.type = "jid-multi";
  field.label = "You may speak as";
  std::string lines;
  for (const xep_act_as::Identity& one : (*identities)->identities) {
    field.values.push_back(one.jid);
    lines += one.room.empty() ? "" : one.name + ": " + one.jid + "\n";
  }
  response.form->fields.push_back(std::move(field));
  if ((*identities)->more) {
    lines += "You are a member of more rooms than are looked at here.";
  }
  const bool none = (*identities)->identities.size() == 1;
  response.notes.push_back(
      {xep_0050::NoteType::info, none ? "There is no room that you may act as." : lines});
  turn.reply(xmpp::written(response));
}

}  // namespace hansa::act_as
