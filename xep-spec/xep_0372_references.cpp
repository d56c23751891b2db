#include "xep-spec/xep_0372_references.h"

namespace hansa::xep_0372 {

std::vector<std::string> mentions(const xmpp::Element& message) {
  constexpr std::string_view kScheme = "xmpp:";
  std::vector<std::string> all;
  for (const xmpp::Element& child : message.children()) {
    if (!child.is("reference", kNs) || child.attr("type") != "mention") continue;
    std::string_view uri = child.attr("uri");
    if (!uri.starts_with(kScheme)) continue;
    uri.remove_prefix(kScheme.size());
    all.emplace_back(uri.substr(0, uri.find('?')));
  }
  return all;
}

}  // namespace hansa::xep_0372
