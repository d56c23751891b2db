#pragma once
// XEP-0428 Fallback Indication: which part of a body stands for another element.
// Supported: 0.2.1, passes through; crosses to peers

#include <string_view>

namespace hansa::xep_0428 {

inline constexpr std::string_view kNs = "urn:xmpp:fallback:0";

}  // namespace hansa::xep_0428
