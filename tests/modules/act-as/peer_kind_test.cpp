// What a peer is, where nobody says so at once (requirements A5, A10): a room whose server is down
// for a moment does not become a person for good.

#include <string>

#include <doctest/doctest.h>

#include "tests/support/acting_peers.h"

using namespace hansa::test::acting_peers;
using hansa::Millis;

namespace {

const std::string kService = "muc.b.example";

struct Kind : Heard {
  void says_error(const std::string& from, const std::string& condition) {
    says("<iq type='error' id='" + last_id(from) + "' from='" + from +
         "' to='support@team.a.example/hansa'><error type='cancel'><" + condition +
         " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
  }
  [[nodiscard]] bool has_joined() { return !heard_with("<presence", kLobby + "/support").empty(); }
  [[nodiscard]] bool was_written_to(const std::string& peer) {
    return !heard_with("type='chat'", peer).empty();
  }
};

}  // namespace

TEST_CASE("A5: a room that is not there, or hidden, is known by its service, and entered") {
  for (const char* condition : {"item-not-found", "forbidden"}) {
    CAPTURE(condition);
    Kind t;
    t.opens(kLobby, "Hello");
    t.says_error(kLobby, condition);
    CHECK_FALSE(t.was_written_to(kLobby));
    t.is_room(kService);
    CHECK(t.has_joined());
    t.advance(Millis(60'000));
    CHECK_FALSE(t.was_written_to(kLobby));
  }
}

TEST_CASE("A10: an account whose server answers with an error is a person") {
  Kind t;
  t.opens("bob@b.example", "Hello");
  t.says_error("bob@b.example", "service-unavailable");
  CHECK_FALSE(t.was_written_to("bob@b.example"));
  t.answers_disco("b.example", "<identity category='server' type='im'/>");
  CHECK(t.was_written_to("bob@b.example"));
}

TEST_CASE("A5: who was taken for a person unheard is looked at again when he is opened again") {
  Kind t;
  t.opens(kLobby, "Hello");
  t.advance(Millis(25'000));  // its server is down
  CHECK(t.was_written_to(kLobby));
  t.forget();
  t.opens(kLobby, {}, "ann@a.example/x");
  t.is_room(kLobby);
  CHECK(t.has_joined());
  t.says("<presence from='" + kLobby + "/support' to='support@team.a.example/hansa'><x xmlns='" +
         kUser +
         "'><item affiliation='none' role='participant'/><status code='110'/></x></presence>");
  t.says("<message type='groupchat' from='" + kLobby +
         "' to='support@team.a.example/hansa' id='s'><subject/></message>");
  CHECK(t.heard_with("<body>Hello</body>", kLobby).find("groupchat") != std::string::npos);
}

TEST_CASE("A10: who has said something, or whose server said what he is, is not looked at again") {
  Kind t;
  t.opens("bob@b.example", "Hello");
  t.advance(Millis(25'000));
  t.says(
      "<message type='chat' from='bob@b.example/phone' to='support@team.a.example' id='b1'>"
      "<body>Yes?</body></message>");
  t.opens("carl@b.example", "Hello");
  t.is_person("carl@b.example");
  t.forget();
  t.opens("bob@b.example");
  t.opens("carl@b.example");
  CHECK(t.gets("bob@b.example", {}) == "");
  CHECK(t.gets("carl@b.example", {}) == "");
}

TEST_CASE("A5: a room that would be made by entering it is left, and it is said so") {
  Kind t;
  t.opens(kLobby);
  t.is_room(kLobby);
  t.joins(kMe, kLobbyHere + "/alice");
  t.forget();
  t.says("<presence from='" + kLobby + "/support' to='support@team.a.example/hansa'><x xmlns='" +
         kUser +
         "'><item affiliation='owner' role='moderator'/><status code='110'/>"
         "<status code='201'/></x></presence>");
  CHECK(t.gets(kLobby + "/support", {"<presence type='unavailable'/>"}) == "");
  CHECK_FALSE(t.heard_with("no such room").empty());
  t.advance(Millis(600'000));
  CHECK(t.gets(kLobby + "/support", {}) == "");
}

TEST_CASE("A5: what was said with an opening that leads nowhere is said to be not delivered") {
  Kind t;
  t.says(
      "<iq type='set' id='c' from='alice@a.example/1' to='support@rooms.a.example'>"
      "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' "
      "type='submit'><field var='act-as#may_act_rooms'><value>owners</value></field></x></query>"
      "</iq>");
  t.opens(kLobby, "Hello there", kAnn);
  t.is_room(kLobby);
  CHECK_FALSE(t.has_joined());
  const std::string all = t.history(kAnn, kLobbyHere);
  CHECK(all.find("Not delivered to lobby@muc.b.example: «Hello there»") != std::string::npos);
}
