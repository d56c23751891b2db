#include "modules/ping/ping.h"

#include <doctest/doctest.h>

#include "tests/support/room_fixture.h"

namespace hansa {
namespace {

constexpr std::string_view kAlice = "alice@a.example/street";

struct Service {
  test::RoomFixture f{
      {}, [](rooms::Rooms&, engine::Router& router) { REQUIRE(ping::add_to(router).ok()); }};
  Service() { f.start(); }
};

TEST_CASE("ping: the service answers with nothing") {
  Service s;
  s.f.says(
      "<iq type='get' id='p' from='alice@a.example/street' to='rooms.a.example'>"
      "<ping xmlns='urn:xmpp:ping'/></iq>");
  CHECK(s.f.gets(kAlice, {"<iq type='result' id='p' from='rooms.a.example'/>"}) == "");
}

TEST_CASE("ping: a set is no ping, and neither is another namespace's") {
  Service s;
  for (const std::string_view iq :
       {"<iq type='set' id='p' from='alice@a.example/street' to='rooms.a.example'>"
        "<ping xmlns='urn:xmpp:ping'/></iq>",
        "<iq type='get' id='p' from='alice@a.example/street' to='rooms.a.example'>"
        "<ping xmlns='urn:example:ping'/></iq>"}) {
    s.f.says(iq);
    CHECK(s.f.gets(kAlice, {"<iq type='error' id='p'><error><service-unavailable "
                            "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"}) == "");
  }
}

TEST_CASE("ping: an answer is not answered") {
  Service s;
  s.f.says("<iq type='result' id='p' from='alice@a.example/street' to='rooms.a.example'/>");
  CHECK(s.f.gets(kAlice, {}) == "");
}

TEST_CASE("ping: a module that claims the row again is an error that names it") {
  engine::Router router;
  CHECK(ping::add_to(router).ok());
  const Status again = ping::add_to(router);
  REQUIRE_FALSE(again);
  CHECK(again.error().text.find("urn:xmpp:ping") != std::string::npos);
}

}  // namespace
}  // namespace hansa
