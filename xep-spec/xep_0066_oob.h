#pragma once
// XEP-0066 Out of Band Data in messages: <x><url/><desc/></x>.
// Supported: 1.5, passes through; crosses to peers

#include <optional>
#include <string>
#include <string_view>

#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0066 {

inline constexpr std::string_view kNs = "jabber:x:oob";

struct Oob {
  std::string url;
  std::string description;
};

[[nodiscard]] inline std::optional<Oob> parse(const xmpp::Element& element) {
  if (!element.is("x", kNs)) return std::nullopt;
  const xmpp::Element* const url = element.child("url", kNs);
  const xmpp::Element* const description = element.child("desc", kNs);
  if (url == nullptr) return std::nullopt;
  return Oob{url->text(), description == nullptr ? std::string() : description->text()};
}

inline void write(xmpp::Writer& writer, const Oob& oob) {
  writer.open("x", kNs).leaf("url", oob.url);
  if (!oob.description.empty()) writer.leaf("desc", oob.description);
  writer.close();
}

}  // namespace hansa::xep_0066
