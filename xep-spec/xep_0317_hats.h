#pragma once
// XEP-0317 Hats: given by the room; from clients they are removed.

#include <string_view>

namespace hansa::xep_0317 {

inline constexpr std::string_view kNs = "urn:xmpp:hats:0";

}  // namespace hansa::xep_0317
