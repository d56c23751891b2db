#pragma once
// XEP-0085 Chat State Notifications: active, composing, paused, inactive, gone.
// Supported: 2.1, passes through rooms, is not kept; of identities if the room says so

#include <string_view>

namespace hansa::xep_0085 {

inline constexpr std::string_view kNs = "http://jabber.org/protocol/chatstates";

}  // namespace hansa::xep_0085
