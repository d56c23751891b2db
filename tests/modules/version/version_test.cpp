#include "modules/version/version.h"

#include <doctest/doctest.h>

#include "tests/support/room_fixture.h"

namespace hansa {
namespace {

TEST_CASE("version: which program and which version, and nothing of the machine") {
  test::RoomFixture f({}, [](rooms::Rooms&, engine::Router& router) {
    REQUIRE(version::add_to(router, "1.2.3").ok());
  });
  f.start();
  f.says(
      "<iq type='get' id='v' from='alice@a.example/street' to='rooms.a.example'>"
      "<query xmlns='jabber:iq:version'/></iq>");
  const std::vector<std::string> heard = f.heard("alice@a.example/street");
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].find("<name>Hansa</name><version>1.2.3</version>") != std::string::npos);
  CHECK(heard[0].find("<os>") == std::string::npos);
}

TEST_CASE("version: it cannot be set") {
  test::RoomFixture f({}, [](rooms::Rooms&, engine::Router& router) {
    REQUIRE(version::add_to(router, "1.2.3").ok());
  });
  f.start();
  f.says(
      "<iq type='set' id='v' from='alice@a.example/street' to='rooms.a.example'>"
      "<query xmlns='jabber:iq:version'/></iq>");
  CHECK(f.gets("alice@a.example/street",
               {"<iq type='error' id='v'><error><service-unavailable "
                "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"}) == "");
}

}  // namespace
}  // namespace hansa
