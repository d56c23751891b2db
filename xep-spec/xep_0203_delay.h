#pragma once
// XEP-0203 Delayed Delivery: when, and at whom, a stanza was held. The older form of XEP-0091 is
// only named, so that it can be removed.
// Supported: 2.0, complete

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0203 {

inline constexpr std::string_view kNs = "urn:xmpp:delay";
inline constexpr std::string_view kNsLegacy = "jabber:x:delay";

struct Delay {
  std::string from;
  WallTime stamp;
};

// Nothing without a stamp that can be read.
[[nodiscard]] std::optional<Delay> parse(const xmpp::Element& element);
void write(xmpp::Writer& writer, const Delay& delay);

}  // namespace hansa::xep_0203
