#pragma once
// XEP-0060 Publish-Subscribe: named only so that it can be said that there are no nodes.
// Supported: 1.30.0, refused: there are no nodes

#include <string_view>

namespace hansa::xep_0060 {

inline constexpr std::string_view kNs = "http://jabber.org/protocol/pubsub";

}  // namespace hansa::xep_0060
