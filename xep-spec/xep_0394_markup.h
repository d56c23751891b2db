#pragma once
// XEP-0394 Message Markup: spans over the body.

#include <string_view>

namespace hansa::xep_0394 {

inline constexpr std::string_view kNs = "urn:xmpp:markup:0";

}  // namespace hansa::xep_0394
