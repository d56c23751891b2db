#pragma once
// XEP-0297 Stanza Forwarding: <forwarded/> around a message and its <delay/>, as archives give it.
// Supported: 1.0, as far as archives need it

#include <string_view>

namespace hansa::xep_0297 {

inline constexpr std::string_view kNs = "urn:xmpp:forward:0";

}  // namespace hansa::xep_0297
