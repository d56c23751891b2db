#include "xmpp/stanza.h"

#include <array>
#include <cassert>
#include <optional>

#include "xmpp/ns.h"

namespace hansa::xmpp {
namespace {

constexpr std::array<std::string_view, 3> kNames{"message", "presence", "iq"};

std::optional<StanzaKind> kind_of(const Element& element) {
  if (element.ns() != ns::kClient) return std::nullopt;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (element.name() == kNames[i]) return static_cast<StanzaKind>(i);
  }
  return std::nullopt;
}

bool is_iq_type(std::string_view type) {
  return type == "get" || type == "set" || type == "result" || type == "error";
}

// The address in attribute `name`; the empty one if there is no such attribute.
Result<Jid> address(const Element& element, std::string_view name) {
  const std::optional<std::string_view> text = element.find_attr(name);
  return text ? Jid::parse(*text) : Result<Jid>(Jid());
}

}  // namespace

std::string_view name_of(StanzaKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

Result<Stanza> Stanza::parse(DocumentPtr document) {
  const Element& element = document->root();
  const std::optional<StanzaKind> kind = kind_of(element);
  if (!kind) return Error(Condition::bad_request, "That is not a message, presence or iq.");

  Stanza stanza;
  stanza.kind = *kind;
  stanza.type = element.attr("type");
  stanza.id = element.attr("id");
  if (*kind == StanzaKind::iq && !is_iq_type(stanza.type)) {
    return Error(Condition::bad_request, "An iq has the type get, set, result or error.");
  }
  if (*kind == StanzaKind::iq && stanza.id.empty()) {
    return Error(Condition::bad_request, "An iq needs an id.");
  }
  Result<Jid> from = address(element, "from");
  if (!from) return from.error();
  Result<Jid> to = address(element, "to");
  if (!to) return to.error();
  stanza.from = std::move(from).value();
  stanza.to = std::move(to).value();
  stanza.document = std::move(document);
  return stanza;
}

std::string_view Stanza::body() const {
  const Element* const found = child("body", ns::kClient);
  if (found == nullptr) return {};
  const Node* node = found->nodes();
  while (node != nullptr && node->element != nullptr) node = node->next;
  return node == nullptr ? std::string_view() : node->text;
}

void write_stanza(std::string& out, const Head& head, std::string_view content) {
  Writer(out)
      .open(name_of(head.kind))
      .attr_if("from", head.from)
      .attr_if("to", head.to)
      .attr_if("type", head.type)
      .attr_if("id", head.id)
      .attr_if("xml:lang", head.lang)
      .raw(content)
      .close();
}

std::string iq_result(const Stanza& request, std::string_view content) {
  assert(request.is_request());
  std::string out;
  write_stanza(out,
               {.kind = StanzaKind::iq,
                .type = "result",
                .from = request.to.text(),
                .to = request.from.text(),
                .id = request.id,
                .lang = {}},
               content);
  return out;
}

std::string error_answer(const Stanza& stanza, const Error& error, std::string_view echo,
                         std::string_view detail) {
  assert(!stanza.is_error());
  std::string content(echo);
  Writer writer(content);
  write_error(writer, error, detail);
  std::string out;
  write_stanza(out,
               {.kind = stanza.kind,
                .type = "error",
                .from = stanza.to.text(),
                .to = stanza.from.text(),
                .id = stanza.id,
                .lang = {}},
               content);
  return out;
}

void write_error(Writer& writer, const Error& error, std::string_view detail) {
  const ConditionRow& row = row_of(error.condition);
  writer.open("error", ns::kClient)
      .attr("type", name_of(error.type.value_or(row.type)))
      .empty(row.element, ns::kStanzaErrors)
      .open("text", ns::kStanzaErrors)
      .attr("xml:lang", "en")
      .text(error.message())
      .close()
      .raw(detail)
      .close();
}

Error read_error(const Stanza& stanza) {
  const Element* const error = stanza.child("error", ns::kClient);
  Error read;
  if (error == nullptr) return read;
  for (const Element& each : error->children()) {
    if (each.ns() != ns::kStanzaErrors) continue;
    if (each.name() == "text") {
      if (read.text.empty()) read.text = each.text();
    } else if (read.condition == Condition::undefined_condition) {
      read.condition = condition_named(each.name());
    }
  }
  return read;
}

}  // namespace hansa::xmpp
