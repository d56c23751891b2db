#pragma once
// XEP-0393 Message Styling: <unstyled/>.
// Supported: 1.1.1, passes through

#include <string_view>

namespace hansa::xep_0393 {

inline constexpr std::string_view kNs = "urn:xmpp:styling:0";

}  // namespace hansa::xep_0393
