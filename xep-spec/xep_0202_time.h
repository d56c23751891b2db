#pragma once
// XEP-0202 Entity Time: what time it is at an entity, in UTC. Where it stands is told to nobody.
// Supported: 2.0, complete

#include <array>
#include <string_view>

#include "base/clock.h"
#include "xmpp/writer.h"

namespace hansa::xep_0202 {

inline constexpr std::string_view kNs = "urn:xmpp:time";
inline constexpr std::array<std::string_view, 1> kFeatures = {kNs};

struct Time {
  WallTime utc;
};
void write(xmpp::Writer& writer, const Time& time);

}  // namespace hansa::xep_0202
