#pragma once
// XEP-0380 Explicit Message Encryption: a payload that only its recipients can read.

#include <string_view>

namespace hansa::xep_0380 {

inline constexpr std::string_view kNs = "urn:xmpp:eme:0";

}  // namespace hansa::xep_0380
