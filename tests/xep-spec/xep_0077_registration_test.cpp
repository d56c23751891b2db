#include "xep-spec/xep_0077_registration.h"

#include <doctest/doctest.h>

#include "xmpp/parser.h"

using namespace hansa;

namespace {

std::optional<xep_0077::Registration> read(std::string_view xml) {
  const auto document = xmpp::parse_element(xml, xmpp::ns::kClient);
  REQUIRE(document.ok());
  return xep_0077::parse((*document)->root());
}

}  // namespace

TEST_CASE("XEP-0077: what is registered, what is asked, what is to end") {
  const auto known =
      read("<query xmlns='jabber:iq:register'><registered/><username>Ann</username></query>");
  REQUIRE(known);
  CHECK(known->registered);
  CHECK(known->username == "Ann");
  CHECK(!known->form);
  const auto request =
      read("<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'/></query>");
  REQUIRE(request);
  REQUIRE(request->form);
  CHECK(!request->remove);
  CHECK(read("<query xmlns='jabber:iq:register'><remove/></query>")->remove);
}

TEST_CASE("XEP-0077: another query is none of it; it is written as it is read") {
  CHECK(!read("<query xmlns='jabber:iq:roster'/>"));
  CHECK(!read("<query xmlns='jabber:iq:register'><remove xmlns='urn:x'/></query>")->remove);
  xep_0077::Registration registration;
  registration.registered = true;
  registration.username = "Ann";
  registration.instructions = "Please.";
  std::string out;
  xmpp::Writer writer(out);
  xep_0077::write(writer, registration);
  const auto again = read(out);
  REQUIRE(again);
  CHECK(again->registered);
  CHECK(again->username == "Ann");
  CHECK(again->instructions == "Please.");
}
