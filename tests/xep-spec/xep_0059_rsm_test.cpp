#include "xep-spec/xep_0059_rsm.h"

#include <doctest/doctest.h>

#include "xmpp/parser.h"

namespace hansa::xep_0059 {
namespace {

std::optional<Request> read(const std::string& content) {
  const auto document =
      xmpp::parse_element("<set xmlns='http://jabber.org/protocol/rsm'>" + content + "</set>");
  REQUIRE(document);
  return parse((*document)->root());
}

TEST_CASE("rsm: requests of the XEP's examples") {
  const auto first = read("<max>10</max>");
  REQUIRE(first);
  CHECK(first->max == 10);
  CHECK_FALSE(first->after);
  CHECK_FALSE(first->before);
  const auto next = read("<max>10</max><after>peterpan@neverland.lit</after>");
  CHECK(next->after == "peterpan@neverland.lit");
  const auto last = read("<max>10</max><before/>");
  CHECK(last->before == "");
  CHECK(read("<index>371</index><max>10</max>")->index == 371);
  CHECK(read("<max>0</max>")->max == 0);
}

TEST_CASE("rsm: numbers that are none are as if absent") {
  for (const char* bad : {"", " 1", "1 ", "-1", "1x", "0x1", "99999999999999999999999"}) {
    CAPTURE(bad);
    CHECK_FALSE(read("<max>" + std::string(bad) + "</max>")->max);
  }
}

TEST_CASE("rsm: another element is no set") {
  const auto document = xmpp::parse_element("<set xmlns='urn:example:rsm'><max>1</max></set>");
  REQUIRE(document);
  CHECK_FALSE(parse((*document)->root()));
  CHECK_FALSE(parse_page((*document)->root()));
}

TEST_CASE("rsm: a page is written and read again") {
  std::string xml;
  {
    xmpp::Writer writer(xml);
    write(writer, Page{"a", "z", 0, 800});
  }
  CHECK(xml ==
        "<set xmlns='http://jabber.org/protocol/rsm'><first index='0'>a</first>"
        "<last>z</last><count>800</count></set>");
  const auto document = xmpp::parse_element(xml);
  REQUIRE(document);
  const auto page = parse_page((*document)->root());
  REQUIRE(page);
  CHECK(page->first == "a");
  CHECK(page->last == "z");
  CHECK(page->index == 0);
  CHECK(page->count == 800);
}

TEST_CASE("rsm: an empty page has no ends") {
  std::string xml;
  {
    xmpp::Writer writer(xml);
    write(writer, Page{"", "", std::nullopt, 0});
  }
  CHECK(xml == "<set xmlns='http://jabber.org/protocol/rsm'><count>0</count></set>");
}

}  // namespace
}  // namespace hansa::xep_0059
