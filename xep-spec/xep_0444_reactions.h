#pragma once
// XEP-0444 Message Reactions: <reactions id/> with a <reaction/> for each.
// Supported: 0.2.1, passes through; crosses to peers

#include <string_view>

namespace hansa::xep_0444 {

inline constexpr std::string_view kNs = "urn:xmpp:reactions:0";

}  // namespace hansa::xep_0444
