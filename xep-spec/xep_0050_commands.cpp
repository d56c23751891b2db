#include "xep-spec/xep_0050_commands.h"

#include <algorithm>
#include <cstddef>

namespace hansa::xep_0050 {
namespace {

constexpr std::array<std::string_view, 5> kActions{"execute", "cancel", "prev", "next", "complete"};
constexpr std::array<std::string_view, 3> kStatus{"executing", "completed", "canceled"};
constexpr std::array<std::string_view, 3> kNotes{"info", "warn", "error"};

template <typename Enum, std::size_t N>
std::optional<Enum> named(const std::array<std::string_view, N>& names, std::string_view text) {
  const auto place = std::find(names.begin(), names.end(), text);
  if (place == names.end()) return std::nullopt;
  return static_cast<Enum>(place - names.begin());
}

template <typename Enum, std::size_t N>
std::string_view name_of(const std::array<std::string_view, N>& names, Enum value) {
  return names[static_cast<std::size_t>(value)];
}

std::optional<xep_0004::Form> form_of(const xmpp::Element& element) {
  const xmpp::Element* const x = element.child("x", xep_0004::kNs);
  return x == nullptr ? std::nullopt : xep_0004::parse(*x);
}

}  // namespace

Response ask(std::string_view node, std::string_view session_id, xep_0004::Form form) {
  Response response;
  response.node = node;
  response.session_id = session_id;
  response.status = Status::executing;
  response.actions = {Action::complete};
  response.execute = Action::complete;
  response.form = std::move(form);
  return response;
}

Response done(const Request& request, std::string note) {
  Response response;
  response.node = request.node;
  response.session_id = request.session_id;
  response.notes.push_back({NoteType::info, std::move(note)});
  return response;
}

Response canceled(const Request& request) {
  Response response;
  response.node = request.node;
  response.session_id = request.session_id;
  response.status = Status::canceled;
  return response;
}

std::optional<ParsedRequest> parse_request(const xmpp::Element& element) {
  if (!element.is("command", kNs) || element.attr("node").empty()) return std::nullopt;
  ParsedRequest out;
  out.request.node = element.attr("node");
  out.request.session_id = element.attr("sessionid");
  out.request.form = form_of(element);
  const std::string_view action = element.attr("action");
  if (action.empty()) return out;
  if (const auto known = named<Action>(kActions, action)) {
    out.request.action = *known;
  } else {
    out.error = Error(Condition::bad_request, "There is no such action of a command.");
  }
  return out;
}

std::optional<Response> parse_response(const xmpp::Element& element) {
  if (!element.is("command", kNs)) return std::nullopt;
  const auto status = named<Status>(kStatus, element.attr("status"));
  if (!status) return std::nullopt;
  Response out;
  out.node = element.attr("node");
  out.session_id = element.attr("sessionid");
  out.status = *status;
  out.form = form_of(element);
  for (const xmpp::Element& child : element.children()) {
    if (child.is("note", kNs)) {
      out.notes.push_back(
          {named<NoteType>(kNotes, child.attr("type")).value_or(NoteType::info), child.text()});
    }
    if (!child.is("actions", kNs)) continue;
    for (const xmpp::Element& each : child.children()) {
      if (const auto action = named<Action>(kActions, each.name())) out.actions.push_back(*action);
    }
    if (const auto usual = named<Action>(kActions, child.attr("execute"))) out.execute = *usual;
  }
  return out;
}

void write(xmpp::Writer& writer, const Request& request) {
  writer.open("command", kNs)
      .attr("node", request.node)
      .attr_if("sessionid", request.session_id)
      .attr("action", name_of(kActions, request.action));
  if (request.form) xep_0004::write(writer, *request.form);
  writer.close();
}

void write(xmpp::Writer& writer, const Response& response) {
  writer.open("command", kNs)
      .attr("node", response.node)
      .attr_if("sessionid", response.session_id)
      .attr("status", name_of(kStatus, response.status));
  if (!response.actions.empty()) {
    writer.open("actions").attr("execute", name_of(kActions, response.execute));
    for (const Action action : response.actions) {
      writer.open(name_of(kActions, action)).close();
    }
    writer.close();
  }
  if (response.form) xep_0004::write(writer, *response.form);
  for (const Note& note : response.notes) {
    writer.open("note").attr("type", name_of(kNotes, note.type)).text(note.text).close();
  }
  writer.close();
}

std::optional<xep_0030::Info> info_of(const Names& commands, std::string_view node) {
  xep_0030::Info info;
  info.node = node;
  if (node == kNs && !commands.empty()) {
    info.identities.push_back({"automation", "command-list", "Commands"});
    return info;
  }
  for (const auto& [known, name] : commands) {
    if (known != node) continue;
    info.identities.push_back({"automation", "command-node", name});
    info.features = {std::string(kNs), std::string(xep_0004::kNs)};
    return info;
  }
  return std::nullopt;
}

xep_0030::Items items_of(const Names& commands, std::string_view address) {
  xep_0030::Items items;
  items.node = kNs;
  for (const auto& [node, name] : commands) {
    items.items.push_back({std::string(address), node, name});
  }
  return items;
}

std::string condition(std::string_view name) {
  std::string out;
  xmpp::Writer(out).empty(name, kNs);
  return out;
}

}  // namespace hansa::xep_0050
