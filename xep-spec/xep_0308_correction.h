#pragma once
// XEP-0308 Last Message Correction: <replace id/> names the message that this one stands for.

#include <string_view>

namespace hansa::xep_0308 {

inline constexpr std::string_view kNs = "urn:xmpp:message-correct:0";

}  // namespace hansa::xep_0308
