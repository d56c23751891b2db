#pragma once
// XEP-0353 Jingle Message Initiation: a call that somebody proposes, and that is not taken.
// Supported: 0.8.0, calls are refused

#include <optional>
#include <string>
#include <string_view>

#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0353 {

inline constexpr std::string_view kNs = "urn:xmpp:jingle-message:0";

// The call's id; nothing: the message proposes none.
[[nodiscard]] inline std::optional<std::string> proposed(const xmpp::Element& message) {
  const xmpp::Element* const propose = message.child("propose", kNs);
  if (propose == nullptr || propose->attr("id").empty()) return std::nullopt;
  return std::string(propose->attr("id"));
}
inline void write_reject(xmpp::Writer& writer, std::string_view id) {
  writer.open("reject", kNs).attr("id", id).close();
}

}  // namespace hansa::xep_0353
