#pragma once
// XEP-0463 MUC Affiliations Versioning: <mav/>, asked for at a join, given by the room with every
// list and change of it; from clients it is removed elsewhere.
// Supported: 0.2.0, complete

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0463 {

inline constexpr std::string_view kNs = "urn:xmpp:muc:affiliations:1";
inline constexpr std::array<std::string_view, 1> kFeatures = {kNs};

// The version that a joining client has, empty if it has none; nothing: it does not ask.
[[nodiscard]] std::optional<std::string> asked(const xmpp::Element& presence);

struct Versions {
  std::string since;  // empty: this is the whole list
  std::string until;
};
void write(xmpp::Writer& writer, const Versions& versions);

}  // namespace hansa::xep_0463
