#pragma once
// XEP-0452 MUC Mention Notifications: <mentions/>, in which a room forwards a message to a member
// who is mentioned and not in it.
// Supported: 0.2.2, complete

#include <string_view>

namespace hansa::xep_0452 {

inline constexpr std::string_view kNs = "urn:xmpp:mmn:0";
inline constexpr std::string_view kConfigField = "muc#roomconfig_forwardmentions";

}  // namespace hansa::xep_0452
