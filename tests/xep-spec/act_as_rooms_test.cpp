// The elements of rooms in rooms: what is read is what was written, and each accepted form has a
// refused neighbour.

#include <string>

#include <doctest/doctest.h>

#include "tests/support/document.h"
#include "xep-spec/act_as_rooms.h"
#include "xmpp/parser.h"

using namespace hansa;
using namespace hansa::xep_act_as;

namespace {

xmpp::DocumentPtr read(const std::string& xml) {
  return xmpp::parse_element(xml, xmpp::ns::kClient).value();
}

xmpp::Jid jid(std::string_view text) { return xmpp::Jid::parse(text).value(); }

const std::string kNs_ = "xmlns='urn:xmpp:act-as:0'";

}  // namespace

TEST_CASE("act-as: a request to join names it, the room and the member, all bare") {
  const std::string good = "<join " + kNs_ +
                           " id='r1' room='g@rooms.a.example' "
                           "member='alice@a.example' nick='Guild' name='The guild'>"
                           "<reason>Trade</reason></join>";
  const auto document = read(good);
  const auto join = parse_join(document->root());
  REQUIRE((join && *join));
  CHECK((*join)->member == jid("alice@a.example"));
  CHECK(xmpp::written(**join) == good);
  for (const std::string bad :
       {"room='g@rooms.a.example' member='alice@a.example'", "id='r' room='g@rooms.a.example'",
        "id='r' member='alice@a.example'",
        "id='r' room='g@rooms.a.example/x' member='alice@a.example'",
        "id='r' room='rooms.a.example' member='alice@a.example'"}) {
    const auto other = read("<join " + kNs_ + " " + bad + "/>");
    const auto parsed = parse_join(other->root());
    REQUIRE(parsed);
    CHECK_FALSE(parsed->ok());
  }
  CHECK_FALSE(parse_join(read("<join xmlns='other' id='r1'/>")->root()));
}

TEST_CASE("act-as: where a membership stands") {
  for (const std::string state : {"none", "pending", "member", "declined"}) {
    const std::string xml = "<membership " + kNs_ + " id='r1' state='" + state + "'/>";
    const auto membership = parse_membership(read(xml)->root());
    REQUIRE(membership);
    CHECK(xmpp::written(*membership) == xml);
  }
  const auto query = parse_membership(read("<membership " + kNs_ + " id='r1' state='x'/>")->root());
  REQUIRE(query);
  CHECK_FALSE(query->standing);
}

TEST_CASE("act-as: an entry's place, with origin and marks; none that is broken") {
  const std::string xml = "<entry " + kNs_ +
                          " log='l1' position='12' after='9'><origin id='o'>"
                          "<room>m1</room><room>m2</room></origin></entry>";
  const auto message = read("<message>" + xml + "</message>");
  const auto entry = entry_of(message->root());
  REQUIRE(entry);
  CHECK(entry->after == 9);
  REQUIRE(entry->origin);
  CHECK(entry->origin->marks.size() == 2);
  CHECK(xmpp::written(*entry) == xml);
  for (const std::string bad :
       {"log='l1'", "log='l1' position='x'", "position='3'", "log='l1' position='-3'"}) {
    const auto other = read("<message><entry " + kNs_ + " " + bad + "/></message>");
    CHECK_FALSE(entry_of(other->root()));
  }
}

TEST_CASE("act-as: a path of sixteen rooms is read, a longer one is none") {
  const auto path = [](int rooms) {
    std::string xml = "<message><origin " + kNs_ + " id='o'>";
    for (int i = 0; i < rooms; ++i) xml += "<room>m" + std::to_string(i) + "</room>";
    return read(xml + "</origin></message>");
  };
  CHECK(origin_of(path(16)->root()));
  CHECK_FALSE(origin_of(path(17)->root()));
  CHECK_FALSE(origin_of(read("<message><origin " + kNs_ + "/></message>")->root()));
}

TEST_CASE("act-as: only the room that made a mark knows it, and each edge has another one") {
  const xmpp::Jid room = jid("g@rooms.a.example");
  const std::string one = mark_of("secret", room, "x@team.b.example", "o1");
  CHECK(one != mark_of("secret", room, "y@team.b.example", "o1"));
  CHECK(one != mark_of("secret", room, "x@team.b.example", "o2"));
  CHECK(one != mark_of("other", room, "x@team.b.example", "o1"));
  const Origin origin{"o1", {"aaaa", one}};
  CHECK(has_mark(origin, "secret", room, {"y@team.b.example", "x@team.b.example"}));
  CHECK_FALSE(has_mark(origin, "secret", room, {"y@team.b.example"}));
  CHECK_FALSE(has_mark(origin, "secret", jid("h@rooms.a.example"), {"x@team.b.example"}));
  CHECK(origin_in(room, "s1") == origin_in(jid("g@rooms.a.example/nick"), "s1"));
  CHECK(origin_in(room, "s1") != origin_in(room, "s2"));
}
