#pragma once
// XEP-0500 MUC Slow Mode: the fields of a room's settings and information.
// Supported: 0.1.0, complete

#include <string_view>

namespace hansa::xep_0500 {

inline constexpr std::string_view kConfigField = "muc#roomconfig_slow_mode_duration";
inline constexpr std::string_view kInfoField = "muc#roominfo_slow_mode_duration";

}  // namespace hansa::xep_0500
