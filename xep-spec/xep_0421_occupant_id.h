#pragma once
// XEP-0421 Occupant identifiers: a stable, unguessable name of an occupant, given by the room.
// Supported: 1.0.1, complete

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0421 {

inline constexpr std::string_view kNs = "urn:xmpp:occupant-id:0";
inline constexpr std::array<std::string_view, 1> kFeatures = {kNs};

struct OccupantId {
  std::string id;  // at most 128 characters (§3)
};

[[nodiscard]] std::optional<OccupantId> parse(const xmpp::Element& element);
void write(xmpp::Writer& writer, const OccupantId& occupant_id);

}  // namespace hansa::xep_0421
