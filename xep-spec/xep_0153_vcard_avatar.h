#pragma once
// XEP-0153 vCard-Based Avatars: the hash of a card's photo in presence. Rooms have them too
// (XEP-0486).
// Supported: 1.1.1, complete for rooms

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0153 {

inline constexpr std::string_view kNs = "vcard-temp:x:update";

struct Update {
  std::string hash;  // empty: there is no photo
};
void write(xmpp::Writer& writer, const Update& update);

// SHA-1 of each photo of a card, hexadecimal, in order. Nothing: one is not in base64.
[[nodiscard]] std::optional<std::vector<std::string>> photo_hashes(const xmpp::Element& card);

}  // namespace hansa::xep_0153
