#include "xep-spec/group_rooms.h"

#include <doctest/doctest.h>

#include "xmpp/parser.h"

using namespace hansa;

namespace {

std::optional<xep_group_rooms::Create> read(std::string_view inside) {
  const std::string xml =
      "<query xmlns='http://jabber.org/protocol/muc#owner'>" + std::string(inside) + "</query>";
  const auto document = xmpp::parse_element(xml, xmpp::ns::kClient);
  REQUIRE(document.ok());
  return xep_group_rooms::parse((*document)->root());
}

}  // namespace

TEST_CASE("group-rooms: a request is read as it is written") {
  const auto create = read(
      "<create xmlns='urn:xmpp:group-rooms:0'><x xmlns='jabber:x:data' type='submit'>"
      "<field var='muc#roomconfig_roomname'><value>Help</value></field></x>"
      "<member jid='ann@a.example' affiliation='admin' nick='Ann'/><member jid='bob@b.example'/>"
      "</create>");
  REQUIRE(create);
  REQUIRE(create->settings);
  CHECK(create->settings->value("muc#roomconfig_roomname") == "Help");
  REQUIRE(create->members.size() == 2);
  CHECK(create->members[0].affiliation == "admin");
  CHECK(create->members[0].nick == "Ann");
  CHECK(create->members[1].jid == "bob@b.example");
  CHECK(create->members[1].affiliation.empty());
  std::string out;
  xmpp::Writer writer(out);
  xep_group_rooms::write(writer, *create);
  const auto again = read(out);
  REQUIRE(again);
  CHECK(again->members.size() == 2);
  CHECK(again->settings->value("muc#roomconfig_roomname") == "Help");
}

TEST_CASE("group-rooms: what is in another namespace is no request, nor are its members") {
  CHECK(!read("<create><member jid='a@b.example'/></create>"));
  CHECK(!read(""));
  const auto create = read(
      "<create xmlns='urn:xmpp:group-rooms:0'><member xmlns='urn:other' jid='a@b.example'/>"
      "</create>");
  REQUIRE(create);
  CHECK(create->members.empty());
  CHECK(!create->settings);
}

TEST_CASE("group-rooms: a refusal names the limit") {
  CHECK(xep_group_rooms::too_many_members(200) ==
        "<too-many-members xmlns='urn:xmpp:group-rooms:0' limit='200'/>");
}
