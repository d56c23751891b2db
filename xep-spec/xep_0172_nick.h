#pragma once
// XEP-0172 User Nickname: in a room the nick is the room's to give, so it is only removed.
// Supported: 1.1, removed from what clients send to rooms; of identities when one subscribes

#include <string_view>

namespace hansa::xep_0172 {

inline constexpr std::string_view kNs = "http://jabber.org/protocol/nick";

}  // namespace hansa::xep_0172
