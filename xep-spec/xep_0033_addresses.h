#pragma once
// XEP-0033 Extended Stanza Addressing: named only so that forged addresses can be removed.
// Supported: 1.2.1, removed from what clients send

#include <string_view>

namespace hansa::xep_0033 {

inline constexpr std::string_view kNs = "http://jabber.org/protocol/address";

}  // namespace hansa::xep_0033
