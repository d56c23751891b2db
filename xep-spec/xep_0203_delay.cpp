#include "xep-spec/xep_0203_delay.h"

namespace hansa::xep_0203 {

std::optional<Delay> parse(const xmpp::Element& element) {
  if (!element.is("delay", kNs)) return std::nullopt;
  const Result<WallTime> stamp = parse_datetime(element.attr("stamp"));
  if (!stamp) return std::nullopt;
  return Delay{std::string(element.attr("from")), *stamp};
}

void write(xmpp::Writer& writer, const Delay& delay) {
  writer.open("delay", kNs)
      .attr_if("from", delay.from)
      .attr("stamp", to_datetime(delay.stamp))
      .close();
}

}  // namespace hansa::xep_0203
