#pragma once
// XEP-0313 Message Archive Management: queries, results, their end, and what an archive holds.
// Pages are those of XEP-0059. What a query matches is decided in modules/archive.
// Supported: 1.1.3, complete

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "xep-spec/xep_0004_forms.h"
#include "xep-spec/xep_0059_rsm.h"
#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0313 {

inline constexpr std::string_view kNs = "urn:xmpp:mam:2";
inline constexpr std::string_view kFeatureExtended = "urn:xmpp:mam:2#extended";
inline constexpr std::array<std::string_view, 2> kFeatures = {kNs, kFeatureExtended};

struct Query {
  std::string query_id;
  std::string node;  // of a pubsub archive; empty: none
  std::optional<WallTime> start;
  std::optional<WallTime> end;
  std::string with;  // as written; empty: everybody
  std::string before_id;
  std::string after_id;
  std::vector<std::string> ids;
  std::optional<xep_0059::Request> page;
  bool flip = false;  // the page's newest first
};

// `query`: the <query/> of an iq of type set. Errors: bad_request for a form of another type or a
// stamp that is none, feature_not_implemented for a field that is not one of §4.1's (§4.1.6).
[[nodiscard]] Result<Query> parse(const xmpp::Element& query);
// What an iq of type get is told (§4.1.6).
[[nodiscard]] xep_0004::Form query_form();

// <result><forwarded><delay/>, to be followed by the message; then close_result.
void open_result(xmpp::Writer& writer, std::string_view query_id, std::string_view id,
                 WallTime stamp);
void close_result(xmpp::Writer& writer);

// The end of the answer (§4.3).
struct Fin {
  bool complete = false;  // there is nothing more in that direction
  xep_0059::Page page;
};
void write(xmpp::Writer& writer, const Fin& fin);
[[nodiscard]] std::optional<Fin> parse_fin(const xmpp::Element& element);

// First and last of an archive (§4.5); nothing: it is empty.
struct Metadata {
  struct End {
    std::string id;
    WallTime stamp;
  };
  std::optional<End> start;
  std::optional<End> end;
};
void write(xmpp::Writer& writer, const Metadata& metadata);

}  // namespace hansa::xep_0313
