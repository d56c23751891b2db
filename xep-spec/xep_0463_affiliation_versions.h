#pragma once
// XEP-0463 MUC Affiliations Versioning: given by the room; from clients it is removed.

#include <string_view>

namespace hansa::xep_0463 {

inline constexpr std::string_view kNs = "urn:xmpp:muc:affiliations:1";

}  // namespace hansa::xep_0463
