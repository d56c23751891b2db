#include "xep-spec/xep_0421_occupant_id.h"

namespace hansa::xep_0421 {

std::optional<OccupantId> parse(const xmpp::Element& element) {
  if (!element.is("occupant-id", kNs)) return std::nullopt;
  return OccupantId{std::string(element.attr("id"))};
}

void write(xmpp::Writer& writer, const OccupantId& occupant_id) {
  writer.open("occupant-id", kNs).attr("id", occupant_id.id).close();
}

}  // namespace hansa::xep_0421
