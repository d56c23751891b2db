#pragma once
// XEP-0394 Message Markup: spans over the body.
// Supported: 0.3.0, passes through

#include <string_view>

namespace hansa::xep_0394 {

inline constexpr std::string_view kNs = "urn:xmpp:markup:0";

}  // namespace hansa::xep_0394
