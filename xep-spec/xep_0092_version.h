#pragma once
// XEP-0092 Software Version: the payload of an iq of type get, and of its answer. The operating
// system is optional there (§5: it tells attackers what to try); we have no field for it.
// Supported: 1.1, complete

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0092 {

inline constexpr std::string_view kNs = "jabber:iq:version";
inline constexpr std::array<std::string_view, 1> kFeatures = {kNs};

struct Version {
  std::string name;  // both empty in a request
  std::string version;
};

// Nothing if `element` is not a version query.
[[nodiscard]] std::optional<Version> parse(const xmpp::Element& element);
void write(xmpp::Writer& writer, const Version& version);

}  // namespace hansa::xep_0092
