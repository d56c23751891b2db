#include "modules/times/times.h"

#include <doctest/doctest.h>

#include "tests/support/room_words.h"

namespace hansa::test {
namespace {

struct Service : RoomFixture {
  Service()
      : RoomFixture({}, [](rooms::Rooms&, engine::Router& rows) {
          REQUIRE(times::add_to(rows, MonoTime{0}).ok());
        }) {
    start();
  }
  std::string answer(std::string_view type, std::string_view payload, std::string_view pattern,
                     std::string_view to = "rooms.a.example") {
    says(ask(type, kBob, payload, to));
    return gets(kBob, {pattern});
  }
};

}  // namespace

TEST_CASE("times: what time it is, in UTC; it cannot be set") {
  Service s;
  constexpr std::string_view payload = "<time xmlns='urn:xmpp:time'/>";
  CHECK(s.answer("get", payload,
                 "<iq type='result'><time xmlns='urn:xmpp:time'><tzo>+00:00</tzo>"
                 "<utc>2023-11-14T22:13:20.000Z</utc></time></iq>") == "");
  CHECK(s.answer("set", payload, error("iq", "service-unavailable")) == "");
}

TEST_CASE("times: for how long the service runs; a room says nothing of the kind") {
  Service s;
  constexpr std::string_view payload = "<query xmlns='jabber:iq:last'/>";
  s.advance(Millis(61'500));
  CHECK(s.answer("get", payload,
                 "<iq type='result'><query xmlns='jabber:iq:last' seconds='61'/></iq>") == "");
  s.joins(kAlice, "support@rooms.a.example/Alice");
  CHECK(s.answer("get", payload, error("iq", "service-unavailable"), kRoom) == "");
}

}  // namespace hansa::test
