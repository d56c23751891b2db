#pragma once
// XEP-0054 vcard-temp: what can be asked of an identity; the fields that a room can fill.
// Supported: 1.3.0, complete for rooms and identities

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0054 {

inline constexpr std::string_view kNs = "vcard-temp";
inline constexpr std::array<std::string_view, 1> kFeatures = {kNs};

struct VCard {
  std::string full_name;
  std::string nickname;
  std::string description;
  std::string jabber_id;
  std::string photos = {};  // <PHOTO/> elements, as XML (written, not read)
};

// The <PHOTO/> elements of a card, for another one.
[[nodiscard]] std::string photos_of(const xmpp::Element& card);
[[nodiscard]] std::optional<VCard> parse(const xmpp::Element& element);
void write(xmpp::Writer& writer, const VCard& card);

}  // namespace hansa::xep_0054
