#pragma once
// XEP-0433 Extended Channel Search: the form, a search, its results in pages (XEP-0059). What is
// found is decided in modules/disco.
// Supported: 0.1.0, complete

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "xep-spec/xep_0004_forms.h"
#include "xep-spec/xep_0059_rsm.h"
#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0433 {

inline constexpr std::string_view kNs = "urn:xmpp:channel-search:0:search";
inline constexpr std::string_view kNsErrors = "urn:xmpp:channel-search:0:error";
inline constexpr std::string_view kFormParams = "urn:xmpp:channel-search:0:search-params";
inline constexpr std::string_view kNotAnonymous = "{urn:xmpp:channel-search:0:anonymity}none";
inline constexpr std::string_view kSemiAnonymous = "muc_semianonymous";
inline constexpr std::array<std::string_view, 1> kFeatures = {kNs};

enum class Key : std::uint8_t { address, users };  // §4.3: by users, most first

struct Search {
  std::string terms;  // empty: all is
  bool all = false;
  bool in_name = true;
  bool in_description = true;
  bool in_address = true;
  std::uint64_t least_users = 0;
  bool rooms = true;  // of the types wanted: those of XEP-0045
  Key key = Key::users;
  std::optional<xep_0059::Request> page;
};

// Nothing: the form is asked for.
[[nodiscard]] bool asks_for_form(const xmpp::Element& search);
[[nodiscard]] xep_0004::Form search_form();
// What is wrong with a search, and its application condition (§3.2), to be put inside the <error/>.
struct Refusal {
  Error error;
  std::string detail;
};
struct Parsed {
  Search search;
  std::optional<Refusal> refusal;
};
[[nodiscard]] Parsed parse(const xmpp::Element& search);
// The application condition of that name.
[[nodiscard]] std::string condition(std::string_view name);

struct Item {
  std::string address;
  std::string name;
  std::string description;
  std::string language;  // empty: not known
  std::uint64_t users = 0;
  bool open = false;
  std::string_view anonymity = kSemiAnonymous;
};
struct Results {
  std::vector<Item> items;
  xep_0059::Page page;
};
void write(xmpp::Writer& writer, const Results& results);

}  // namespace hansa::xep_0433
