#include "xep-spec/xep_0084_avatar.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/encoding.h"
#include "xep-spec/xep_0054_vcard.h"

namespace hansa::xep_0084 {
namespace {

constexpr std::string_view kPng = "image/png";
constexpr std::size_t kTypeBytes = 64;

// A type is written by whoever gave the room its card: «image/» and a name (RFC 6838 §4.2).
bool is_image(std::string_view type) {
  constexpr std::string_view kImage = "image/";
  if (!type.starts_with(kImage) || type.size() == kImage.size() || type.size() > kTypeBytes) {
    return false;
  }
  return std::ranges::all_of(type.substr(kImage.size()), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '+' || c == '-';
  });
}

// As PNG has them in its first chunk (ISO 15948 §11.2.2).
void measure(Metadata& metadata, std::string_view bytes) {
  constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
  constexpr std::size_t kWidthAt = 16;
  constexpr std::size_t kHeightAt = 20;
  if (!bytes.starts_with(kSignature) || bytes.size() < kHeightAt + 4) return;
  if (bytes.substr(12, 4) != "IHDR") return;
  const auto number = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      value = value << 8U | static_cast<std::uint8_t>(bytes[at + i]);
    }
    return value;
  };
  metadata.type = kPng;
  metadata.width = number(kWidthAt);
  metadata.height = number(kHeightAt);
}

}  // namespace

std::optional<Picture> picture_of(const xmpp::Element& card) {
  for (const xmpp::Element& photo : card.children()) {
    if (!photo.is("PHOTO", xep_0054::kNs)) continue;
    const xmpp::Element* const data = photo.child("BINVAL", xep_0054::kNs);
    if (data == nullptr) continue;
    std::string base64 = data->text();
    const auto bytes = unbase64(base64);
    if (!bytes || bytes->empty()) continue;
    std::erase_if(base64, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
    const xmpp::Element* const type = photo.child("TYPE", xep_0054::kNs);
    const std::string named = type == nullptr ? std::string() : type->text();
    Metadata metadata{hex(sha1(*bytes)), std::string(is_image(named) ? named : kPng),
                      bytes->size()};
    measure(metadata, *bytes);
    return Picture{std::move(metadata), std::move(base64)};
  }
  return std::nullopt;
}

void write(xmpp::Writer& writer, const std::optional<Metadata>& metadata) {
  writer.open("metadata", kNsMetadata);
  if (metadata) {
    const auto number = [](std::size_t value) {
      return value == 0 ? std::string() : std::to_string(value);
    };
    writer.open("info")
        .attr("bytes", std::to_string(metadata->bytes))
        .attr("id", metadata->id)
        .attr("type", metadata->type)
        .attr_if("width", number(metadata->width))
        .attr_if("height", number(metadata->height))
        .close();
  }
  writer.close();
}

void write_data(xmpp::Writer& writer, std::string_view base64) {
  writer.leaf("data", kNsData, base64);
}

}  // namespace hansa::xep_0084
