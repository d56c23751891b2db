#pragma once
// XEP-0424 Message Retraction: <retract id/> in a message, <retracted/> in an archive where a
// message was. Requests of version 0.3 (namespace …:0, inside <apply-to/>) are read as well.
// Supported: 0.4.2, complete

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0424 {

inline constexpr std::string_view kNs = "urn:xmpp:message-retract:1";
inline constexpr std::string_view kNsOld = "urn:xmpp:message-retract:0";
inline constexpr std::string_view kFeatureTombstone = "urn:xmpp:message-retract:1#tombstone";
inline constexpr std::array<std::string_view, 2> kFeatures = {kNs, kFeatureTombstone};

// The id that a message retracts; nothing if it retracts none.
[[nodiscard]] std::optional<std::string> retracted_id(const xmpp::Element& message);

// <retracted/> without its end, so that XEP-0425 can add to it: close it.
struct Tombstone {
  std::string id;  // of the retraction's message
  WallTime stamp;
};
void open_tombstone(xmpp::Writer& writer, const Tombstone& tombstone);

}  // namespace hansa::xep_0424
