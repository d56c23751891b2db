#pragma once
// XEP-0122 Data Forms Validation: what may stand in a field, beside its type.
// Supported: 1.0.2, as far as XEP-0500 needs it

#include <cstdint>
#include <string>
#include <string_view>

#include "xmpp/writer.h"

namespace hansa::xep_0122 {

inline constexpr std::string_view kNs = "http://jabber.org/protocol/xdata-validate";

// <validate/> of a field: a whole number of that range.
[[nodiscard]] inline std::string integer_range(std::uint64_t least, std::uint64_t most) {
  std::string out;
  xmpp::Writer writer(out);
  writer.open("validate", kNs).attr("datatype", "xs:integer");
  writer.open("range").attr("min", std::to_string(least)).attr("max", std::to_string(most));
  writer.close().close();
  return out;
}

}  // namespace hansa::xep_0122
