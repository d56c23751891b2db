#pragma once
// XEP-0289 Federated MUC: named only so that forged elements can be removed.
// Supported: 0.2.1, removed from what clients send

#include <string_view>

namespace hansa::xep_0289 {

inline constexpr std::string_view kNs = "http://isode.com/protocol/fmuc";

}  // namespace hansa::xep_0289
