#include "xep-spec/xep_0463_affiliation_versions.h"

#include "xep-spec/xep_0045_muc.h"

namespace hansa::xep_0463 {

std::optional<std::string> asked(const xmpp::Element& presence) {
  const xmpp::Element* const x = presence.child("x", xep_0045::kNs);
  const xmpp::Element* const mav = x == nullptr ? nullptr : x->child("mav", kNs);
  if (mav == nullptr) return std::nullopt;
  return std::string(mav->attr("since"));
}

void write(xmpp::Writer& writer, const Versions& versions) {
  writer.open("mav", kNs).attr_if("since", versions.since).attr("until", versions.until).close();
}

}  // namespace hansa::xep_0463
