#pragma once
// XEP-0486 MUC Avatars: the room's card holds its avatar, its hashes stand in the room's
// information.
// Supported: 0.1.0, complete

#include <string_view>

namespace hansa::xep_0486 {

inline constexpr std::string_view kInfoField = "muc#roominfo_avatarhash";

}  // namespace hansa::xep_0486
