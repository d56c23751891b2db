#pragma once
// XEP-0308 Last Message Correction: <replace id/> names the message that this one stands for.
// Supported: 1.2.1, passes through; crosses to peers

#include <string_view>

namespace hansa::xep_0308 {

inline constexpr std::string_view kNs = "urn:xmpp:message-correct:0";

}  // namespace hansa::xep_0308
