#pragma once
// XEP-0422 Message Fastening: <apply-to id/>, in which older versions of XEP-0424 and XEP-0425
// stand.
// Supported: 0.2.0, as far as XEP-0424 and XEP-0425 need it

#include <string_view>

namespace hansa::xep_0422 {

inline constexpr std::string_view kNs = "urn:xmpp:fasten:0";

}  // namespace hansa::xep_0422
