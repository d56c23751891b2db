#pragma once
// XEP-0033 Extended Stanza Addressing: named only so that forged addresses can be removed.

#include <string_view>

namespace hansa::xep_0033 {

inline constexpr std::string_view kNs = "http://jabber.org/protocol/address";

}  // namespace hansa::xep_0033
