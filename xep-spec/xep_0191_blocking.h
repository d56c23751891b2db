#pragma once
// XEP-0191 Blocking Command: only what a blocked peer and who writes to him are told; lists of the
// blocked are an account's own affair.
// Supported: 1.3, errors towards and from blocked peers of identities

#include <string_view>

namespace hansa::xep_0191 {

// §3.4: inside the error to who writes to somebody that he has blocked.
inline constexpr std::string_view kBlocked = "<blocked xmlns='urn:xmpp:blocking:errors'/>";

}  // namespace hansa::xep_0191
