#include <doctest/doctest.h>

#include "tests/support/room_fixture.h"

using hansa::Millis;
using hansa::test::RoomFixture;

namespace {

constexpr std::string_view kAlice = "alice@a.example/desk";
constexpr std::string_view kAnn = "ann@a.example/phone";
constexpr std::string_view kBob = "bob@b.example/home";

// <presence/> with <x xmlns=muc/>.
std::string join(std::string_view from, std::string_view to, std::string_view x = {}) {
  std::string xml = "<presence id='j' from='";
  xml.append(from).append("' to='").append(to);
  xml.append("'><x xmlns='http://jabber.org/protocol/muc'>").append(x).append("</x></presence>");
  return xml;
}
constexpr std::string_view kNoHistory = "<history maxstanzas='0'/>";

struct Started : RoomFixture {
  Started() { start(); }
};

std::string error(std::string_view from, std::string_view condition) {
  std::string xml = "<presence type='error' id='j' from='";
  xml.append(from).append("'><x xmlns='http://jabber.org/protocol/muc'/><error><");
  xml.append(condition).append(" xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>");
  return xml;
}

}  // namespace

TEST_CASE("rooms §10.1: an enterprise's user creates a room by entering it, and owns it") {
  Started f;
  f.says(join(kAlice, "support@rooms.a.example/Alice"));
  CHECK(f.gets(kAlice, {"<presence from='support@rooms.a.example/Alice' type='!'>"
                        "<x xmlns='http://jabber.org/protocol/muc#user'>"
                        "<item affiliation='owner' role='moderator' jid='alice@a.example/desk'/>"
                        "<status code='110'/><status code='201'/></x>"
                        "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='*'/></presence>",
                        "<message type='groupchat' from='support@rooms.a.example'>"
                        "<subject/></message>"}) == "");
}

TEST_CASE("rooms §10.1: others may not create rooms, and are told who may") {
  Started f;
  f.says(join(kBob, "support@rooms.a.example/Bob"));
  CHECK(f.gets(kBob, {error("support@rooms.a.example/Bob", "not-allowed")}) == "");
}

TEST_CASE("rooms: names with % and of questions cannot be created, all refused alike") {
  Started f;
  f.says(join(kAlice, "support%bob\\40b.example@rooms.a.example/A"));
  const auto first = f.heard(kAlice);
  REQUIRE(first.size() == 1);
  CHECK(first[0].find("not-allowed") != std::string::npos);
  f.says(join(kAlice, "ask-abcdefghijklmnop@rooms.a.example/A"));
  CHECK(f.gets(kAlice, {error("ask-abcdefghijklmnop@rooms.a.example/A", "not-allowed")}) == "");
  // One character less is a name like others.
  f.says(join(kAlice, "ask-abcdefghijklmno@rooms.a.example/A", kNoHistory));
  CHECK(f.gets(kAlice, {"<presence type='!'/>", "<message><subject/></message>"}) == "");
}

TEST_CASE("rooms §7.1: others' presence, one's own, history, subject, then what is live") {
  Started f;
  f.joins(kAlice, "support@rooms.a.example/Alice");
  f.says(
      "<message type='groupchat' id='1' from='alice@a.example/desk' "
      "to='support@rooms.a.example'><body>one</body></message>");
  f.says(
      "<message type='groupchat' id='2' from='alice@a.example/desk' "
      "to='support@rooms.a.example'><subject>Help</subject></message>");
  f.forget();
  f.says(join(kBob, "support@rooms.a.example/Bob"));
  CHECK(f.gets(kBob, {"<presence from='support@rooms.a.example/Alice'>"
                      "<x xmlns='http://jabber.org/protocol/muc#user'>"
                      "<item affiliation='owner' role='moderator' jid='!'/></x></presence>",
                      "<presence from='support@rooms.a.example/Bob'>"
                      "<x xmlns='http://jabber.org/protocol/muc#user'>"
                      "<item affiliation='none' role='participant'/><status code='110'/></x>"
                      "</presence>",
                      "<message type='groupchat' id='1' from='support@rooms.a.example/Alice'>"
                      "<body>one</body>"
                      "<stanza-id xmlns='urn:xmpp:sid:0' by='support@rooms.a.example' id='*'/>"
                      "<delay xmlns='urn:xmpp:delay' from='support@rooms.a.example' stamp='*'/>"
                      "</message>",
                      "<message type='groupchat' from='support@rooms.a.example/Alice'>"
                      "<subject>Help</subject></message>"}) == "");
  // A moderator sees the real address; the newcomer does not see hers.
  CHECK(f.gets(kAlice, {"<presence from='support@rooms.a.example/Bob'>"
                        "<x xmlns='http://jabber.org/protocol/muc#user'>"
                        "<item affiliation='none' role='participant' jid='bob@b.example/home'/>"
                        "</x></presence>"}) == "");
}

TEST_CASE("rooms §7.2.1: without a nick nobody enters") {
  Started f;
  f.says(join(kAlice, "support@rooms.a.example"));
  CHECK(f.gets(kAlice, {error("support@rooms.a.example", "jid-malformed")}) == "");
  f.says(join(kAlice, "support@rooms.a.example/   "));
  CHECK(f.gets(kAlice, {"<presence type='error'/>"}) == "");
}

TEST_CASE("rooms §7.2.8: a nick belongs to one person, who may use it from two clients") {
  Started f;
  f.joins(kAlice, "support@rooms.a.example/Alice");
  f.says(join(kAnn, "support@rooms.a.example/Alice"));
  CHECK(f.gets(kAnn, {error("support@rooms.a.example/Alice", "conflict")}) == "");
  f.says(join("alice@a.example/phone", "support@rooms.a.example/Alice", kNoHistory));
  CHECK(f.gets("alice@a.example/phone",
               {"<presence from='support@rooms.a.example/Alice'>"
                "<x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x>"
                "</presence>",
                "<message><subject/></message>"}) == "");
  f.forget();
  f.says(
      "<message type='groupchat' id='1' from='alice@a.example/phone' "
      "to='support@rooms.a.example'><body>from both</body></message>");
  CHECK(f.gets(kAlice, {"<message id='1' from='support@rooms.a.example/Alice'/>"}) == "");
  CHECK(f.gets("alice@a.example/phone", {"<message id='1'/>"}) == "");
}

TEST_CASE("rooms §7.2.18: presence of one who believes he is in is answered by a kick") {
  Started f;
  f.says("<presence from='bob@b.example/home' to='support@rooms.a.example/Bob'/>");
  CHECK(f.gets(kBob, {"<presence type='unavailable' from='support@rooms.a.example/Bob'>"
                      "<x xmlns='http://jabber.org/protocol/muc#user'>"
                      "<item affiliation='none' role='none'/><status code='110'/>"
                      "<status code='307'/><status code='333'/></x></presence>"}) == "");
  f.says(
      "<presence type='unavailable' from='bob@b.example/home' "
      "to='support@rooms.a.example/Bob'/>");
  CHECK(f.gets(kBob, {}) == "");
}

TEST_CASE("rooms §17.3: one who is in and asks in again is told everything again") {
  Started f;
  f.joins(kAlice, "support@rooms.a.example/Alice");
  f.joins(kAnn, "support@rooms.a.example/Ann");
  f.says(join(kAnn, "support@rooms.a.example/Ann"));
  CHECK(f.gets(kAnn, {"<presence from='support@rooms.a.example/Alice'/>",
                      "<presence from='support@rooms.a.example/Ann'>"
                      "<x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x>"
                      "</presence>",
                      "<message><subject/></message>"}) == "");
  CHECK(f.gets(kAlice, {}) == "");
}

TEST_CASE("rooms §7.6: another nick is shown to all with 303, one that is taken is refused") {
  Started f;
  f.joins(kAlice, "support@rooms.a.example/Alice");
  f.joins(kAnn, "support@rooms.a.example/Ann");
  f.says("<presence id='j' from='ann@a.example/phone' to='support@rooms.a.example/Alice'/>");
  CHECK(f.gets(kAnn, {error("support@rooms.a.example/Alice", "conflict")}) == "");
  f.says("<presence from='ann@a.example/phone' to='support@rooms.a.example/Anna'/>");
  CHECK(f.gets(kAnn, {"<presence type='unavailable' from='support@rooms.a.example/Ann'>"
                      "<x xmlns='http://jabber.org/protocol/muc#user'>"
                      "<item nick='Anna' role='participant'/><status code='303'/>"
                      "<status code='110'/></x></presence>",
                      "<presence type='!' from='support@rooms.a.example/Anna'>"
                      "<x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x>"
                      "</presence>"}) == "");
  CHECK(f.gets(kAlice, {"<presence type='unavailable' from='support@rooms.a.example/Ann'/>",
                        "<presence type='!' from='support@rooms.a.example/Anna'/>"}) == "");
}

TEST_CASE("rooms §7.7, §7.14: a status is passed on cleaned; leaving is shown with role none") {
  Started f;
  f.joins(kAlice, "support@rooms.a.example/Alice");
  f.joins(kAnn, "support@rooms.a.example/Ann");
  f.says(
      "<presence from='ann@a.example/phone' to='support@rooms.a.example/Ann'>"
      "<show>away</show><x xmlns='http://jabber.org/protocol/muc#user'>"
      "<item affiliation='owner' role='moderator'/></x></presence>");
  CHECK(f.gets(kAlice, {"<presence from='support@rooms.a.example/Ann'><show>away</show>"
                        "<x xmlns='http://jabber.org/protocol/muc#user'>"
                        "<item affiliation='none' role='participant'/></x></presence>"}) == "");
  f.forget();
  f.says(
      "<presence type='unavailable' from='ann@a.example/phone' "
      "to='support@rooms.a.example/Ann'><status>bye</status></presence>");
  CHECK(f.gets(kAlice, {"<presence type='unavailable' from='support@rooms.a.example/Ann'>"
                        "<status>bye</status><x xmlns='http://jabber.org/protocol/muc#user'>"
                        "<item role='none'/></x></presence>"}) == "");
  CHECK(f.gets(kAnn, {"<presence type='unavailable'>"
                      "<x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x>"
                      "</presence>"}) == "");
}
