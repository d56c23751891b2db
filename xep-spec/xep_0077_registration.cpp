#include "xep-spec/xep_0077_registration.h"

namespace hansa::xep_0077 {
namespace {

std::string text_of(const xmpp::Element& query, std::string_view name) {
  const xmpp::Element* const child = query.child(name, kNs);
  return child == nullptr ? std::string() : child->text();
}

}  // namespace

std::optional<Registration> parse(const xmpp::Element& element) {
  if (!element.is("query", kNs)) return std::nullopt;
  Registration out;
  out.registered = element.child("registered", kNs) != nullptr;
  out.remove = element.child("remove", kNs) != nullptr;
  out.username = text_of(element, "username");
  out.instructions = text_of(element, "instructions");
  if (const xmpp::Element* const x = element.child("x", xep_0004::kNs)) {
    out.form = xep_0004::parse(*x);
  }
  return out;
}

void write(xmpp::Writer& writer, const Registration& registration) {
  writer.open("query", kNs);
  if (registration.registered) writer.empty("registered", kNs);
  if (registration.remove) writer.empty("remove", kNs);
  if (!registration.instructions.empty()) writer.leaf("instructions", registration.instructions);
  if (!registration.username.empty()) writer.leaf("username", registration.username);
  if (registration.form) xep_0004::write(writer, *registration.form);
  writer.close();
}

}  // namespace hansa::xep_0077
