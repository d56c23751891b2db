#include "stream/confirm.h"

#include <doctest/doctest.h>

#include <string>

using namespace hansa;
using hansa::stream::Confirm;

namespace {

struct Link {
  SeededRandom random{7};
  Confirm confirm{"rooms.a.example", random};
  MonoTime now{50'000};

  // The ping that goes now, if one does.
  std::optional<std::string> ping() { return confirm.take(now); }
  void pass(std::int64_t ms) { now = now + Millis(ms); }
  static std::string id_of(const std::string& xml) {
    const std::size_t at = xml.find("id='") + 4;
    return xml.substr(at, xml.find('\'', at) - at);
  }
};

}  // namespace

TEST_CASE("confirm: nothing is pinged when nothing was sent") {
  Link link;
  CHECK_FALSE(link.confirm.due());
  CHECK_FALSE(link.ping());
}

TEST_CASE("confirm: the ping goes from our domain to itself") {
  Link link;
  link.confirm.sent(1);
  const std::optional<std::string> ping = link.ping();
  REQUIRE(ping);
  CHECK(ping->starts_with("<iq "));
  CHECK(ping->find("type='get'") != std::string::npos);
  CHECK(ping->find("from='rooms.a.example'") != std::string::npos);
  CHECK(ping->find("to='rooms.a.example'") != std::string::npos);
  CHECK(ping->find("<ping xmlns='urn:xmpp:ping'/>") != std::string::npos);
  CHECK(Link::id_of(*ping).size() == 16);
}

TEST_CASE("confirm: one ping in flight; the next one covers all sent meanwhile") {
  Link link;
  link.confirm.sent(1);
  const std::string first = Link::id_of(*link.ping());
  link.confirm.sent(2);
  link.confirm.sent(9);
  link.pass(10'000);
  CHECK_FALSE(link.ping());
  CHECK(link.confirm.answered(first) == 1u);
  const std::string second = Link::id_of(*link.ping());
  CHECK(first != second);
  CHECK(link.confirm.answered(second) == 9u);
  CHECK_FALSE(link.confirm.due());
}

TEST_CASE("confirm: pings keep their distance") {
  Link link;
  link.confirm.sent(1);
  const std::string first = Link::id_of(*link.ping());
  link.pass(1);
  CHECK(link.confirm.answered(first) == 1u);
  link.confirm.sent(2);
  CHECK_FALSE(link.ping());
  REQUIRE(link.confirm.due());
  link.now = *link.confirm.due();
  CHECK(link.ping());
}

TEST_CASE("confirm: only the ping's own id counts, and only once") {
  Link link;
  link.confirm.sent(5);
  CHECK_FALSE(link.confirm.answered(""));
  const std::string id = Link::id_of(*link.ping());
  CHECK_FALSE(link.confirm.answered("guess"));
  CHECK(link.confirm.confirmed() == 0);
  CHECK(link.confirm.answered(id) == 5u);
  CHECK_FALSE(link.confirm.answered(id));
}

TEST_CASE("confirm: what a lost link did not answer stays unconfirmed") {
  Link link;
  link.confirm.sent(3);
  const std::string lost = Link::id_of(*link.ping());
  Confirm next("rooms.a.example", link.random);
  CHECK_FALSE(next.answered(lost));
  CHECK(next.confirmed() == 0);
}

TEST_CASE("confirm: a ping that never comes back is given up, and its marks pinged again") {
  Link link;
  link.confirm.sent(3);
  const std::string lost = Link::id_of(*link.ping());
  link.pass(60'000);
  CHECK(link.confirm.waiting(link.now) == Millis(60'000));
  link.confirm.give_up();
  const std::string again = Link::id_of(*link.ping());
  CHECK(link.confirm.answered(again) == 3u);
}

TEST_CASE("confirm: a ping that comes back late confirms what it covers, and no more") {
  Link link;
  link.confirm.sent(3);
  const std::string late = Link::id_of(*link.ping());
  link.confirm.give_up();
  link.confirm.sent(8);
  link.pass(1'000);
  const std::string again = Link::id_of(*link.ping());
  CHECK(link.confirm.answered(late) == 3u);
  CHECK_FALSE(link.confirm.answered(late));
  CHECK(link.confirm.answered(again) == 8u);
}

TEST_CASE("confirm: a silent link is pinged though there is nothing to confirm") {
  Link link;
  link.confirm.want();
  const std::optional<std::string> ping = link.ping();
  REQUIRE(ping);
  CHECK(link.confirm.answered(Link::id_of(*ping)) == 0u);
}
