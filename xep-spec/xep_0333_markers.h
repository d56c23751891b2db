#pragma once
// XEP-0333 Displayed Markers: <displayed id/>, <markable/>.

#include <string_view>

namespace hansa::xep_0333 {

inline constexpr std::string_view kNs = "urn:xmpp:chat-markers:0";

}  // namespace hansa::xep_0333
