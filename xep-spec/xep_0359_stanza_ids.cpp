#include "xep-spec/xep_0359_stanza_ids.h"

namespace hansa::xep_0359 {

std::optional<StanzaId> parse(const xmpp::Element& element) {
  if (!element.is("stanza-id", kNs)) return std::nullopt;
  return StanzaId{std::string(element.attr("id")), std::string(element.attr("by"))};
}

void write(xmpp::Writer& writer, const StanzaId& stanza_id) {
  writer.open("stanza-id", kNs).attr("id", stanza_id.id).attr("by", stanza_id.by).close();
}

std::string_view origin_id(const xmpp::Element& stanza) {
  const xmpp::Element* const found = stanza.child("origin-id", kNs);
  return found == nullptr ? std::string_view() : found->attr("id");
}

}  // namespace hansa::xep_0359
