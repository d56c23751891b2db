#pragma once
// XEP-0359 Unique and Stable Stanza IDs: <stanza-id/> given by whoever `by` names, <origin-id/>
// given by the sender's client.
// Supported: 0.7.0, complete

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0359 {

inline constexpr std::string_view kNs = "urn:xmpp:sid:0";
inline constexpr std::array<std::string_view, 1> kFeatures = {kNs};

struct StanzaId {
  std::string id;
  std::string by;
};

// Nothing if it is not a <stanza-id/>; id and by may be empty in a bad one.
[[nodiscard]] std::optional<StanzaId> parse(const xmpp::Element& element);
void write(xmpp::Writer& writer, const StanzaId& stanza_id);
// The id of the first <origin-id/> among the children of a stanza; empty: none.
[[nodiscard]] std::string_view origin_id(const xmpp::Element& stanza);

}  // namespace hansa::xep_0359
