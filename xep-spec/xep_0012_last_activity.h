#pragma once
// XEP-0012 Last Activity: of a service, for how long it runs (§4.2). Rooms and occupants have none.
// Supported: 2.0, complete for services

#include <array>
#include <cstdint>
#include <string_view>

#include "xmpp/writer.h"

namespace hansa::xep_0012 {

inline constexpr std::string_view kNs = "jabber:iq:last";
inline constexpr std::array<std::string_view, 1> kFeatures = {kNs};

struct Last {
  std::uint64_t seconds = 0;
};
void write(xmpp::Writer& writer, const Last& last);

}  // namespace hansa::xep_0012
