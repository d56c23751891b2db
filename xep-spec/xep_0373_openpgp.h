#pragma once
// XEP-0373 OpenPGP for XMPP, and its forerunner XEP-0027: named only so that payloads can be told.
// Supported: 0.7.0, passes through rooms, not conversations

#include <string_view>

namespace hansa::xep_0373 {

inline constexpr std::string_view kNs = "urn:xmpp:openpgp:0";
inline constexpr std::string_view kNsLegacy = "jabber:x:encrypted";

}  // namespace hansa::xep_0373
