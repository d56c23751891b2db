// Who may say that a room asks to join (requirements A6, A7): its own service, and nobody of
// another enterprise in the name of one of ours.

#include <string>

#include <doctest/doctest.h>

#include "tests/support/two_rooms.h"

using namespace hansa;
using namespace hansa::test::two_rooms;
using test::Nodes;

namespace {

struct Requests : Two {
  void joins(const std::string& from, const std::string& member = "ceo@c.example") {
    heard.clear();
    says("<iq type='set' id='j' from='" + from + "' to='" + kHall +
         "'><join xmlns='urn:xmpp:act-as:0' id='r1' room='board@rooms.c.example' member='" +
         member + "' nick='Board' name='The board'/></iq>");
  }
  [[nodiscard]] std::string last_id(const std::string& to) {
    return heard[to].empty() ? std::string() : std::string(heard[to].back()->root().attr("id"));
  }
  // The service of that address, or somebody there, says what it is.
  void discovers(const std::string& of, const std::string& features) {
    says("<iq type='result' id='" + last_id(std::string(of.substr(0, of.find('/')))) + "' from='" +
         of + "' to='" + kHall + "'><query xmlns='http://jabber.org/protocol/disco#info'>" +
         features + "</query></iq>");
  }
  [[nodiscard]] std::string answer(const std::string& to) {
    return heard[to].empty() ? std::string() : xmpp::to_xml(heard[to].back()->root());
  }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string kEve = "eve@c.example/phone";
const std::string kActs = "<feature var='urn:xmpp:act-as:0'/>";

}  // namespace

TEST_CASE("A6: an account cannot ask as a room: its service does not speak for rooms") {
  Requests t;
  t.joins(kEve);
  CHECK_FALSE(t.answers("bob@b.example"));  // nobody is asked before it is known
  t.discovers("eve@c.example", "<identity category='account' type='registered'/>");
  CHECK(has(t.answer(kEve), "not-acceptable"));
  CHECK_FALSE(t.answers("bob@b.example"));
  t.joins(kEve);
  t.discovers(kEve, kActs);  // her own client has no say in it
  CHECK_FALSE(t.answers("bob@b.example"));
  t.says("<iq type='error' id='" + t.last_id("eve@c.example") + "' from='eve@c.example' to='" +
         kHall +
         "'><error type='cancel'><service-unavailable "
         "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
  CHECK(has(t.answer(kEve), "not-acceptable"));
}

TEST_CASE("A6: who asks is what the asking service says, and the owner reads it so") {
  Requests t;
  const std::string board = "board@team.c.example";
  t.joins(board + "/hansa");
  t.discovers(board, kActs);
  CHECK(has(t.answer(board + "/hansa"), "state='pending'"));
  CHECK(t.was_told("bob@b.example", "It says that ceo@c.example asks for it."));
  t.joins(board + "/hansa");  // again: the same request
  CHECK(has(t.answer(board + "/hansa"), "state='pending'"));
  CHECK_FALSE(t.answers("bob@b.example"));
}

TEST_CASE("A6: a request whose service says nothing is answered, and keeps nobody else's out") {
  Requests t;
  for (int i = 0; i < 5; ++i) t.joins("x" + std::to_string(i) + "@evil.example/1");
  CHECK(has(t.answer("x4@evil.example/1"), "resource-constraint"));
  const std::string board = "board@team.c.example";
  t.joins(board + "/hansa");
  t.joins(board + "/hansa");  // once more: the first is answered, the second waits
  CHECK(has(xmpp::to_xml(t.heard[board + "/hansa"].back()->root()), "resource-constraint"));
  t.discovers(board, kActs);
  CHECK(has(t.answer(board + "/hansa"), "state='pending'"));
  t.heard.clear();
  t.advance(Millis(31'000));
  CHECK(has(t.answer("x0@evil.example/1"), "remote-server-timeout"));
  CHECK(has(t.answer("x1@evil.example/1"), "remote-server-timeout"));
  CHECK(t.answer("x4@evil.example/1").empty());
}

TEST_CASE("A6: nobody else's service asks in the name of one of ours") {
  Requests t;
  const std::string board = "board@team.c.example";
  t.joins(board + "/hansa", "boss@b.example");
  CHECK(has(t.answer(board + "/hansa"), "not-acceptable"));
  CHECK_FALSE(t.answers("bob@b.example"));
  const std::string other = "board@team.other.b.example";  // below our own domain
  t.joins(other + "/hansa", "boss@b.example");
  t.discovers(other, kActs);
  CHECK(has(t.answer(other + "/hansa"), "state='pending'"));
}
