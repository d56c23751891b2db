#include "xep-spec/xep_0199_ping.h"

namespace hansa::xep_0199 {

std::optional<Ping> parse(const xmpp::Element& element) {
  if (!element.is("ping", kNs)) return std::nullopt;
  return Ping{};
}

void write(xmpp::Writer& writer, const Ping&) { writer.empty("ping", kNs); }

}  // namespace hansa::xep_0199
