#pragma once
// XEP-0333 Displayed Markers: <displayed id/>, <markable/>.
// Supported: 1.0.0, passes through rooms; of identities if the room says so

#include <string_view>

namespace hansa::xep_0333 {

inline constexpr std::string_view kNs = "urn:xmpp:chat-markers:0";

}  // namespace hansa::xep_0333
