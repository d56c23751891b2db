#include "xep-spec/xep_0199_ping.h"

#include <doctest/doctest.h>

#include "xmpp/parser.h"

using namespace hansa;

TEST_CASE("ping: what is written is read back") {
  std::string xml;
  xmpp::Writer writer(xml);
  xep_0199::write(writer, {});
  CHECK(xml == "<ping xmlns='urn:xmpp:ping'/>");
  const auto document = xmpp::parse_element(xml);
  REQUIRE(document.ok());
  CHECK(xep_0199::parse((*document)->root()));
}

TEST_CASE("ping: another element, or another namespace, is none") {
  for (const std::string_view xml : {"<pong xmlns='urn:xmpp:ping'/>", "<ping xmlns='urn:x'/>"}) {
    const auto document = xmpp::parse_element(xml);
    REQUIRE(document.ok());
    CHECK_FALSE(xep_0199::parse((*document)->root()));
  }
}
