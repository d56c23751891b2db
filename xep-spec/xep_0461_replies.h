#pragma once
// XEP-0461 Message Replies: <reply to id/>.
// Supported: 0.2.1, passes through; crosses to peers

#include <string_view>

namespace hansa::xep_0461 {

inline constexpr std::string_view kNs = "urn:xmpp:reply:0";

}  // namespace hansa::xep_0461
