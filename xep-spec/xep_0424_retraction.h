#pragma once
// XEP-0424 Message Retraction: <retract id/>.

#include <string_view>

namespace hansa::xep_0424 {

inline constexpr std::string_view kNs = "urn:xmpp:message-retract:1";

}  // namespace hansa::xep_0424
