#include "xep-spec/xep_0424_retraction.h"

#include "xep-spec/xep_0422_fastening.h"

namespace hansa::xep_0424 {

std::optional<std::string> retracted_id(const xmpp::Element& message) {
  if (const xmpp::Element* const retract = message.child("retract", kNs)) {
    return std::string(retract->attr("id"));
  }
  const xmpp::Element* const fastened = message.child("apply-to", xep_0422::kNs);
  if (fastened == nullptr || fastened->child("retract", kNsOld) == nullptr) return std::nullopt;
  return std::string(fastened->attr("id"));
}

void open_tombstone(xmpp::Writer& writer, const Tombstone& tombstone) {
  writer.open("retracted", kNs)
      .attr("id", tombstone.id)
      .attr("stamp", to_datetime(tombstone.stamp));
}

}  // namespace hansa::xep_0424
