#pragma once
// XEP-0163 Personal Eventing Protocol: an account with nodes of its own, as others see it. Whose
// presence is not known is told at his bare address (§4.3.2).
// Supported: 1.2.2, of identities for their avatar; events go to bare addresses

#include <string_view>

namespace hansa::xep_0163 {

// Of the account, as an identity of disco#info (§6.1).
inline constexpr std::string_view kCategory = "pubsub";
inline constexpr std::string_view kType = "pep";

}  // namespace hansa::xep_0163
