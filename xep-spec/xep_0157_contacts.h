#pragma once
// XEP-0157 Contact Addresses: whom to write to about a service, as a form of its disco information
// (XEP-0128).
// Supported: 1.1.1, complete

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "xep-spec/xep_0004_forms.h"

namespace hansa::xep_0157 {

inline constexpr std::string_view kFormType = "http://jabber.org/network/serverinfo";
inline constexpr std::array<std::string_view, 7> kPurposes = {
    "abuse", "admin", "feedback", "sales", "security", "status", "support"};

using Contacts = std::map<std::string, std::vector<std::string>, std::less<>>;  // purpose → URIs
[[nodiscard]] xep_0004::Form write_form(const Contacts& contacts);

}  // namespace hansa::xep_0157
