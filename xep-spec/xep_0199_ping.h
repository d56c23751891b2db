#pragma once
// XEP-0199 XMPP Ping: the empty payload of an iq of type get, answered by an empty result.
// Supported: 2.0.1, complete

#include <array>
#include <optional>
#include <string_view>

#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0199 {

inline constexpr std::string_view kNs = "urn:xmpp:ping";
inline constexpr std::array<std::string_view, 1> kFeatures = {kNs};

struct Ping {};

// Nothing if `element` is not a ping.
[[nodiscard]] std::optional<Ping> parse(const xmpp::Element& element);
void write(xmpp::Writer& writer, const Ping& ping);

}  // namespace hansa::xep_0199
