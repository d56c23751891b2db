#pragma once
// XEP-0334 Message Processing Hints.
// Supported: 1.0.0, no-store and no-permanent-store are obeyed

#include <string_view>

#include "xmpp/element.h"

namespace hansa::xep_0334 {

inline constexpr std::string_view kNs = "urn:xmpp:hints";

// The stanza asks not to be kept in archives (§4.1, §4.2).
[[nodiscard]] inline bool not_to_be_stored(const xmpp::Element& stanza) {
  return stanza.child("no-store", kNs) != nullptr ||
         stanza.child("no-permanent-store", kNs) != nullptr;
}

}  // namespace hansa::xep_0334
