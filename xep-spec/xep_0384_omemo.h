#pragma once
// XEP-0384 OMEMO: named only so that its payloads can be told; a room that speaks for its members
// cannot hold their keys.
// Supported: 0.9.1, passes through rooms, not conversations

#include <string_view>

namespace hansa::xep_0384 {

inline constexpr std::string_view kNs = "urn:xmpp:omemo:2";
inline constexpr std::string_view kNsLegacy = "eu.siacs.conversations.axolotl";

}  // namespace hansa::xep_0384
