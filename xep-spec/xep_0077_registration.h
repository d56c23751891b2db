#pragma once
// XEP-0077 In-Band Registration, as far as rooms use it (XEP-0045 §7.10): a query for what is asked
// of an applicant, his answer as a form, and the end of a registration.
// Supported: 2.4, as far as rooms need it

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "xep-spec/xep_0004_forms.h"
#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0077 {

inline constexpr std::string_view kNs = "jabber:iq:register";
inline constexpr std::array<std::string_view, 1> kFeatures = {kNs};

struct Registration {
  bool registered = false;
  bool remove = false;
  std::string username;
  std::string instructions;
  std::optional<xep_0004::Form> form;
};

// Nothing if `element` is not a registration query.
[[nodiscard]] std::optional<Registration> parse(const xmpp::Element& element);
void write(xmpp::Writer& writer, const Registration& registration);

}  // namespace hansa::xep_0077
