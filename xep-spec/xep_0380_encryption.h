#pragma once
// XEP-0380 Explicit Message Encryption: a payload that only its recipients can read.
// Supported: 0.4.0, passes through rooms, not conversations

#include <string_view>

namespace hansa::xep_0380 {

inline constexpr std::string_view kNs = "urn:xmpp:eme:0";

}  // namespace hansa::xep_0380
