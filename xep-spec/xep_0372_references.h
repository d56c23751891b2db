#pragma once
// XEP-0372 References: who or what a message speaks of; the mentions of people in it.
// Supported: 0.5.0, mentions are read; all pass through

#include <string>
#include <string_view>
#include <vector>

#include "xmpp/element.h"

namespace hansa::xep_0372 {

inline constexpr std::string_view kNs = "urn:xmpp:reference:0";

// The addresses that a message mentions, as written after "xmpp:", in order.
[[nodiscard]] std::vector<std::string> mentions(const xmpp::Element& message);

}  // namespace hansa::xep_0372
