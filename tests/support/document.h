#pragma once
// XML as a test writes it, read.

#include <doctest/doctest.h>

#include <string>

#include "xmpp/ns.h"
#include "xmpp/parser.h"

namespace hansa::test {

inline xmpp::DocumentPtr document(const std::string& xml) {
  auto parsed = xmpp::parse_element(xml, xmpp::ns::kClient);
  REQUIRE(parsed.ok());
  return std::move(parsed).value();
}

}  // namespace hansa::test
