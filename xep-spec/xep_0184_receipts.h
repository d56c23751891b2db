#pragma once
// XEP-0184 Message Delivery Receipts.
// Supported: 1.4.0, of identities; passes through rooms

#include <array>
#include <string_view>

#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0184 {

inline constexpr std::string_view kNs = "urn:xmpp:receipts";
inline constexpr std::array<std::string_view, 1> kFeatures = {kNs};

[[nodiscard]] inline bool requested(const xmpp::Element& message) {
  return message.child("request", kNs) != nullptr;
}
inline void write_received(xmpp::Writer& writer, std::string_view id) {
  writer.open("received", kNs).attr("id", id).close();
}

}  // namespace hansa::xep_0184
