#include "tests/sim/xml.h"

#include <cstdio>
#include <cstdlib>

#include "xmpp/parser.h"

namespace hansa::sim {

Packet packet(std::string xml) {
  auto document = xmpp::parse_element(xml, xmpp::ns::kClient);
  auto stanza = document ? xmpp::Stanza::parse(*document) : Result<xmpp::Stanza>(document.error());
  if (!stanza) {
    std::fprintf(stderr, "the simulator wrote bad XML: %s\n", xml.c_str());
    std::abort();
  }
  return {std::move(*stanza), std::move(xml)};
}

Packet packet(const xmpp::Stanza& stanza) { return {stanza, xmpp::to_xml(stanza.element())}; }

std::string escape(std::string_view text) {
  std::string out;
  xmpp::append_escaped(out, text);
  return out;
}

std::string build(std::string_view kind, std::string_view from, std::string_view to,
                  std::string_view type, std::string_view id, std::string_view content) {
  std::string out = "<" + std::string(kind);
  const auto attribute = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) out += " " + std::string(name) + "='" + escape(value) + "'";
  };
  attribute("from", from);
  attribute("to", to);
  attribute("type", type);
  attribute("id", id);
  return out + ">" + std::string(content) + "</" + std::string(kind) + ">";
}

std::optional<std::string> bounce(const xmpp::Stanza& stanza, std::string_view condition,
                                  std::string_view type) {
  if (stanza.is_error() || stanza.type == "result") return std::nullopt;
  if (stanza.kind == xmpp::StanzaKind::presence && !stanza.type.empty()) return std::nullopt;
  if (stanza.kind == xmpp::StanzaKind::message && stanza.type == "headline") return std::nullopt;
  const std::string error = "<error type='" + std::string(type) + "'><" + std::string(condition) +
                            " xmlns='" + std::string(xmpp::ns::kStanzaErrors) + "'/></error>";
  return build(xmpp::name_of(stanza.kind), stanza.to.text(), stanza.from.text(), "error", stanza.id,
               error);
}

std::string body_of(const xmpp::Element& message) {
  const xmpp::Element* body = message.child("body", xmpp::ns::kClient);
  return body == nullptr ? std::string() : body->text();
}

std::string stanza_id_by(const xmpp::Element& message, std::string_view by) {
  for (const xmpp::Element& child : message.children()) {
    if (child.is("stanza-id", kStanzaIdNs) && child.attr("by") == by) {
      return std::string(child.attr("id"));
    }
  }
  return {};
}

bool is_delayed(const xmpp::Element& message) {
  return message.child("delay", kDelayNs) != nullptr;
}

bool has_status(const xmpp::Element& presence, std::string_view code) {
  const xmpp::Element* x = presence.child("x", kMucUserNs);
  if (x == nullptr) return false;
  for (const xmpp::Element& child : x->children()) {
    if (child.is("status", kMucUserNs) && child.attr("code") == code) return true;
  }
  return false;
}

std::string item_of(const xmpp::Element& presence, std::string_view attribute) {
  const xmpp::Element* x = presence.child("x", kMucUserNs);
  const xmpp::Element* item = x == nullptr ? nullptr : x->child("item", kMucUserNs);
  return item == nullptr ? std::string() : std::string(item->attr(attribute));
}

std::string condition_of(const xmpp::Stanza& error) {
  const xmpp::Element* element = error.child("error", xmpp::ns::kClient);
  const xmpp::Element* condition =
      element == nullptr ? nullptr : element->child_in(xmpp::ns::kStanzaErrors);
  return condition == nullptr ? std::string("none") : std::string(condition->name());
}

}  // namespace hansa::sim
