#include "xep-spec/xep_0092_version.h"

namespace hansa::xep_0092 {
namespace {

std::string text_of(const xmpp::Element& query, std::string_view name) {
  const xmpp::Element* child = query.child(name, kNs);
  return child == nullptr ? std::string() : child->text();
}

}  // namespace

std::optional<Version> parse(const xmpp::Element& element) {
  if (!element.is("query", kNs)) return std::nullopt;
  return Version{text_of(element, "name"), text_of(element, "version")};
}

void write(xmpp::Writer& writer, const Version& version) {
  writer.open("query", kNs);
  if (!version.name.empty()) writer.leaf("name", version.name);
  if (!version.version.empty()) writer.leaf("version", version.version);
  writer.close();
}

}  // namespace hansa::xep_0092
