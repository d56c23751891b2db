// The rooms that one's rooms are in, by an ad-hoc command alone (requirements A6, A12).

#include <string>

#include <doctest/doctest.h>

#include "tests/support/acting_services.h"

using hansa::test::ActingServices;

namespace {

constexpr const char* kOwner = "alice@a.example/1";
const std::string kLobby = "lobby@muc.b.example";
const std::string kTeam = "support@team.a.example/hansa";

struct Rooms : ActingServices {
  Rooms() { found_support(); }
  void runs(const std::string& inner = {}, const std::string& who = kOwner) {
    forget();
    says("<iq type='set' id='k' from='" + who +
         "' to='team.a.example'><command "
         "xmlns='http://jabber.org/protocol/commands' node='urn:xmpp:act-as:0#rooms' "
         "action='execute'>" +
         inner + "</command></iq>");
  }
  void fills(const std::string& room, const std::string& deed, const std::string& who = kOwner) {
    runs("<x xmlns='jabber:x:data' type='submit'><field var='room'><value>" + room +
             "</value></field><field var='act'><value>" + deed + "</value></field></x>",
         who);
  }
  void sits() {
    opens(kLobby);
    is_room(kLobby);
    says("<presence from='" + kLobby + "/support' to='" + kTeam +
         "'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' "
         "role='participant'/><status code='110'/></x></presence>");
    says("<message type='groupchat' from='" + kLobby + "' to='" + kTeam +
         "' id='s'><subject/>"
         "</message>");
  }
};

const std::string kChoice = "support@team.a.example lobby@muc.b.example";
const char* const kRefused = "<iq type='error'/>";

}  // namespace

TEST_CASE("A6: nobody's rooms are in another one: the command says so") {
  Rooms t;
  t.runs();
  CHECK(t.gets(kOwner, {"<iq type='error'><error><item-not-found "
                        "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"}) == "");
}

TEST_CASE("A6: a member sees where his room is; who may act takes it out, by a form") {
  Rooms t;
  t.sits();
  t.runs({}, "ann@a.example/1");
  CHECK(t.gets("ann@a.example/1",
               {"<iq type='result'><command xmlns='http://jabber.org/protocol/commands' "
                "status='executing'><x xmlns='jabber:x:data' type='form'><field var='room' "
                "type='list-single'><option label='support in lobby@muc.b.example: in'><value>" +
                kChoice + "</value></option></field></x></command></iq>"}) == "");
  t.fills(kChoice, "voice");
  CHECK(t.gets(kLobby, {"<message><x xmlns='jabber:x:data' type='submit'><field var='muc#role'>"
                        "<value>participant</value></field></x></message>"}) == "");
  t.fills(kChoice, "leave");
  CHECK(t.gets(kLobby + "/support", {"<presence type='unavailable'/>"}) == "");
  CHECK(t.gets(kOwner, {"<iq type='result'><command xmlns='http://jabber.org/protocol/commands' "
                        "status='completed'><note type='info'>*</note></command></iq>"}) == "");
  t.fills(kChoice, "voice");  // it is not there any more
  CHECK(t.gets(kOwner, {kRefused}) == "");
}

TEST_CASE("A6: what is no choice of the form, or not his, is refused") {
  Rooms t;
  t.sits();
  for (const std::string room :
       {"", "support@team.a.example", "x y", "support@rooms.a.example z"}) {
    t.fills(room, "leave");
    CHECK(t.gets(kOwner, {kRefused}) == "");
  }
  t.fills(kChoice, "dance");
  CHECK(t.gets(kOwner, {kRefused}) == "");
  t.fills("support@team.a.example nowhere@muc.b.example", "leave");
  CHECK(t.gets(kOwner, {kRefused}) == "");
  t.fills(kChoice, "leave", "carl@a.example/1");
  CHECK(t.gets("carl@a.example/1", {kRefused}) == "");
  CHECK(t.gets(kLobby + "/support", {}) == "");
}
