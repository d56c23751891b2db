#pragma once
// XEP-0115 Entity Capabilities: in presence, a hash of what disco#info answers, so that it need not
// be asked of each.
// Supported: 1.6.0, of identities; nobody else's are asked for

#include <array>
#include <string>
#include <string_view>

#include "xep-spec/xep_0030_disco.h"
#include "xmpp/writer.h"

namespace hansa::xep_0115 {

inline constexpr std::string_view kNs = "http://jabber.org/protocol/caps";
inline constexpr std::array<std::string_view, 1> kFeatures = {kNs};

struct Caps {
  std::string node;
  std::string ver;

  // The node under which disco#info is asked for what they stand for (§6.2).
  [[nodiscard]] std::string info_node() const { return node + "#" + ver; }
};

// §5.1, with SHA-1; names are in no language.
[[nodiscard]] std::string verification(const xep_0030::Info& info);
void write(xmpp::Writer& writer, const Caps& caps);

}  // namespace hansa::xep_0115
