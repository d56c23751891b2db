#include "modules/act-as/forms.h"

#include "base/limits.h"

namespace hansa::act_as {

std::string text_of(const xep_0004::Form& form, std::string_view var) {
  const xep_0004::Field* field = form.field(var);
  std::string out;
  if (field == nullptr) return out;
  for (const std::string& line : field->values) out += (out.empty() ? "" : "\n") + line;
  return out;
}

xep_0050::Response table_of(Table table) {
  xep_0050::Response response;
  response.node = table.node;
  response.session_id = table.session;
  xep_0004::Form& form = response.form.emplace();
  form.type = "result";
  form.title = std::move(table.title);
  for (const Column& column : table.columns) {
    form.reported.push_back({column.var, {}, column.label, {}, {}});
  }
  for (std::vector<std::string>& values : table.rows) {
    std::vector<xep_0004::Field>& row = form.items.emplace_back();
    for (std::size_t i = 0; i < values.size(); ++i) {
      row.push_back({table.columns[i].var, {}, {}, {std::move(values[i])}, {}});
    }
  }
  if (!table.after.empty()) {
    table.lines += "There are more: ask again with «after» " + table.after + ".";
  }
  response.notes.push_back({xep_0050::NoteType::info,
                            table.lines.empty() ? std::move(table.none) : std::move(table.lines)});
  return response;
}

std::optional<xmpp::Jid> address_of(const xep_0004::Form& form, std::string_view var) {
  const std::string_view text = form.value(var).value_or("");
  if (text.empty()) return xmpp::Jid();
  auto jid = xmpp::Jid::parse(text);
  if (!jid || !jid->is_bare()) return std::nullopt;
  return std::move(jid).value();
}

xmpp::Jid room_in(const Parts& parts, const xep_0004::Form& form, std::string_view var) {
  const auto identity = address_of(form, var);
  const bool ours =
      identity && identity->domain() == parts.domains.identities && !identity->local().empty();
  return ours ? room_of(parts.domains, *identity) : xmpp::Jid();
}

std::optional<std::vector<xep_0004::Option>> rooms_of(const Parts& parts, engine::ServiceTurn& turn,
                                                      const xmpp::Jid& user, bool owned) {
  const auto [from, to] = rooms::member_range(user.bare());
  const auto* const keys = turn.ask_index(from, to, limits::kIdentities);
  if (keys == nullptr) return std::nullopt;
  std::vector<xep_0004::Option> out;
  if (!*keys) return out;
  for (const auto& [key, affiliation] : **keys) {
    const xmpp::Jid room = read_jid(std::string_view(key).substr(from.size()));
    if (room.empty() || is_marked(room) || (owned && affiliation != "owner")) continue;
    out.push_back({std::string(room.local()), identity_of(parts.domains, room).text()});
  }
  return out;
}

}  // namespace hansa::act_as
