#pragma once
// XEP-0410 MUC Self-Ping: a ping to one's own occupant address asks the room «am I still in?».
// The room answers itself, which it announces by this feature (§3.3).
// Supported: 1.1.0, complete

#include <array>
#include <string_view>

namespace hansa::xep_0410 {

inline constexpr std::string_view kFeature =
    "http://jabber.org/protocol/muc#self-ping-optimization";
inline constexpr std::array<std::string_view, 1> kFeatures = {kFeature};

}  // namespace hansa::xep_0410
