#pragma once
// XEP-0084 User Avatar: the two nodes of an account's picture. What is in a vCard is shown in them,
// of the type that the card names (XEP-0398 §4).
// Supported: 1.1.4, of identities, shown

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0084 {

inline constexpr std::string_view kNsData = "urn:xmpp:avatar:data";
inline constexpr std::string_view kNsMetadata = "urn:xmpp:avatar:metadata";

struct Metadata {
  std::string id;  // SHA-1 of the picture, hexadecimal
  std::string type;
  std::size_t bytes = 0;
  std::uint32_t width = 0;  // 0: not known (it is, of a PNG)
  std::uint32_t height = 0;
};
struct Picture {
  Metadata metadata;
  std::string base64;
};

// The first <PHOTO/> of a vCard that is a picture. Nothing: there is none.
[[nodiscard]] std::optional<Picture> picture_of(const xmpp::Element& card);
// No metadata: there is no picture (any more).
void write(xmpp::Writer& writer, const std::optional<Metadata>& metadata);
void write_data(xmpp::Writer& writer, std::string_view base64);

}  // namespace hansa::xep_0084
