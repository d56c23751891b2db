#pragma once
// XEP-0059 Result Set Management: the <set/> of a request (which page) and of an answer (what page
// this is). Numbers that are none are read as absent.
// Supported: 1.0, complete but for pages by number

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0059 {

inline constexpr std::string_view kNs = "http://jabber.org/protocol/rsm";
inline constexpr std::array<std::string_view, 1> kFeatures = {kNs};

// §2.1–2.6. `before` present and empty: the last page.
struct Request {
  std::optional<std::uint64_t> max;
  std::optional<std::string> after;
  std::optional<std::string> before;
  std::optional<std::uint64_t> index;
};

struct Page {
  std::string first;  // empty: the page is
  std::string last;
  std::optional<std::uint64_t> index;  // of the first item
  std::optional<std::uint64_t> count;  // of all items
};

// Nothing if `element` is not a <set/>.
[[nodiscard]] std::optional<Request> parse(const xmpp::Element& element);
[[nodiscard]] std::optional<Page> parse_page(const xmpp::Element& element);
void write(xmpp::Writer& writer, const Request& request);
void write(xmpp::Writer& writer, const Page& page);

}  // namespace hansa::xep_0059
