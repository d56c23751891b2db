// Into any XEP-0045 room, where something is in the way (requirements A5, A12): passwords, members
// only, destroyed; and what was missed, from the archive of the room.

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/acting_fixture.h"

using hansa::Millis;
using hansa::test::ActingFixture;

namespace {

const std::string kLobby = "lobby@muc.b.example";
const std::string kInside = "support%lobby\\40muc.b.example@rooms.a.example";
const std::string kUser = "http://jabber.org/protocol/muc#user";
const std::string kTeam = "support@team.a.example/hansa";

struct Lobby : ActingFixture {
  Lobby() { found_support(); }
  void opened(const std::string& more = {}, const std::string& features = {}) {
    wants(more);
    answers_disco(kLobby, "<identity category='conference' type='text'/>" + features);
    joins(kAlice, kInside + "/alice");
  }
  void wants(const std::string& more) {
    says(
        "<iq type='set' id='o' from='alice@a.example/1' to='support@team.a.example'>"
        "<open xmlns='urn:xmpp:act-as:0' peer='" +
        kLobby + "' " + more + "/></iq>");
  }
  void refuses(const std::string& condition, const std::string& type = "auth") {
    says("<presence type='error' from='" + kLobby + "/support' to='" + kTeam + "'><error type='" +
         type + "'><" + condition +
         " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
         "</presence>");
  }
  void lets_in() {
    says("<presence from='" + kLobby + "/support' to='" + kTeam + "'><x xmlns='" + kUser +
         "'><item affiliation='none' role='participant'/><status code='110'/></x></presence>");
    subject();
  }
  void subject() {
    says("<message type='groupchat' from='" + kLobby + "' to='" + kTeam +
         "' id='s'><subject/>"
         "</message>");
  }
  void leaves_it(const std::string& inner) {
    says("<presence type='unavailable' from='" + kLobby + "/support' to='" + kTeam +
         "'><x xmlns='" + kUser + "'>" + inner + "<status code='110'/></x></presence>");
  }
  void live(const std::string& body, const std::string& sid) {
    says("<message type='groupchat' from='" + kLobby + "/bob' to='" + kTeam + "' id='i" + sid +
         "'>" + said(body, sid) + "</message>");
  }
  static std::string said(const std::string& body, const std::string& sid) {
    return "<body>" + body + "</body><stanza-id xmlns='urn:xmpp:sid:0' by='" + kLobby + "' id='" +
           sid + "'/>";
  }
  void result(const std::string& query, const std::string& body, const std::string& sid) {
    says("<message from='" + kLobby + "' to='" + kTeam +
         "'><result xmlns='urn:xmpp:mam:2' "
         "queryid='" +
         query + "' id='" + sid +
         "'><forwarded xmlns='urn:xmpp:forward:0'><delay "
         "xmlns='urn:xmpp:delay' stamp='2023-11-14T22:13:30Z'/><message xmlns='jabber:client' "
         "type='groupchat' from='" +
         kLobby + "/bob' id='i" + sid + "'><body>" + body +
         "</body></message></forwarded></result></message>");
  }
  // The page of the archive ends.
  void ends(const std::string& query, const std::string& first, const std::string& last,
            const std::string& complete = " complete='true'") {
    says("<iq type='result' id='" + query + "' from='" + kLobby + "' to='" + kTeam +
         "'><fin xmlns='urn:xmpp:mam:2'" + complete +
         "><set xmlns='http://jabber.org/protocol/rsm'><first>" + first + "</first><last>" + last +
         "</last></set></fin></iq>");
  }
  [[nodiscard]] std::vector<std::string> bodies() {
    std::vector<std::string> all;
    for (const auto& one : links.heard["alice@a.example/1"]) {
      const auto* const body = one->root().child("body", hansa::xmpp::ns::kClient);
      if (body != nullptr) all.push_back(body->text());
    }
    return all;
  }
  // What people said, without notices.
  [[nodiscard]] std::vector<std::string> words() {
    std::vector<std::string> all = bodies();
    std::erase_if(all, [](const std::string& body) { return body.find(kLobby) != body.npos; });
    return all;
  }
  [[nodiscard]] bool told(const std::string& part) {
    for (const std::string& body : bodies()) {
      if (body.find(part) != std::string::npos) return true;
    }
    return false;
  }
  [[nodiscard]] std::string sent(const std::string& to) {
    const auto all = heard(to);
    return all.empty() ? std::string() : all.back();
  }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A5: a password is needed: it is said so; opened again with it, it is tried") {
  Lobby t;
  t.opened();
  t.forget();
  t.refuses("not-authorized");
  CHECK(t.told("A password is needed"));
  t.advance(Millis(60'000));
  CHECK(t.gets(kLobby + "/support", {}) == "");
  t.forget();
  t.wants("password='wrong'");
  CHECK(has(t.sent(kLobby + "/support"), "<password>wrong</password>"));
  t.refuses("not-authorized");
  CHECK(t.told("not its password"));
  t.wants("password='sesame'");
  CHECK(has(t.sent(kLobby + "/support"), "<password>sesame</password>"));
  t.lets_in();
  CHECK(t.told("is now in"));
}

TEST_CASE("A5: for members only: it asks by the room's form, waits, and enters when invited") {
  Lobby t;
  t.opened();
  t.forget();
  t.refuses("registration-required");
  CHECK(t.told("members only"));
  const std::string id = t.last_id(kLobby);
  CHECK(has(t.sent(kLobby), "jabber:iq:register"));
  t.says("<iq type='result' id='" + id + "' from='" + kLobby + "' to='" + kTeam +
         "'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='form'><field "
         "var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/muc#register</value>"
         "</field><field var='muc#register_roomnick' type='text-single'/></x></query></iq>");
  const std::string form = t.sent(kLobby);
  CHECK(has(form, "type='submit'"));
  CHECK(has(form, "<field var='muc#register_roomnick'><value>support</value></field>"));
  CHECK_FALSE(has(form, "alice"));
  t.forget();
  t.advance(Millis(60'000));
  CHECK(t.gets(kLobby + "/support", {}) == "");
  t.says("<message from='" + kLobby + "' to='support@team.a.example'><x xmlns='" + kUser +
         "'><invite from='bob@b.example'/></x></message>");
  CHECK(has(t.sent(kLobby + "/support"), "http://jabber.org/protocol/muc"));
  t.lets_in();
  CHECK(t.told("is now in"));
}

TEST_CASE("A5: for members only: without an invitation it looks again after half an hour") {
  Lobby t;
  t.opened();
  t.refuses("registration-required");
  t.forget();
  t.advance(Millis(30 * 60'000 + 10'000));
  CHECK(t.heard(kLobby + "/support").size() == 1);
}

TEST_CASE("A5: destroyed, with another venue: the notice names it") {
  Lobby t;
  t.opened();
  t.lets_in();
  t.forget();
  t.leaves_it(
      "<item affiliation='none' role='none'/><destroy jid='new@muc.b.example'><reason>We "
      "moved</reason></destroy>");
  CHECK(t.told("Its people meet in new@muc.b.example now."));
  CHECK(t.told("We moved"));
  CHECK(t.told("open the conversation with " + kLobby + " again"));
}

TEST_CASE("A5: put out: opened again, it comes back and has what was said meanwhile") {
  Lobby t;
  t.opened();
  t.lets_in();
  t.leaves_it("<item affiliation='none' role='none'/><status code='307'/>");
  t.forget();
  t.wants("");
  CHECK(has(t.sent(kLobby + "/support"), "since="));
  t.lets_in();
  CHECK(t.told("is now in"));
}

TEST_CASE("A9: what was missed comes from the archive, before what is live, once, in order") {
  Lobby t;
  t.opened({}, "<feature var='urn:xmpp:mam:2'/>");
  t.lets_in();
  t.live("one", "1");
  t.leaves_it("<item affiliation='none' role='none'/><status code='332'/>");
  t.forget();
  t.advance(Millis(6'000));
  CHECK(has(t.sent(kLobby + "/support"), "maxstanzas='0'"));
  t.forget();
  t.lets_in();
  std::string query = t.last_id(kLobby);
  CHECK(has(t.sent(kLobby), "<after>1</after>"));
  t.live("five", "5");  // said while the archive is read
  t.result(query, "two", "2");
  t.result(query, "three", "3");
  t.ends(query, "2", "3", "");
  query = t.last_id(kLobby);
  CHECK(has(t.sent(kLobby), "<after>3</after>"));
  t.result(query, "four", "4");
  t.result(query, "five", "5");  // it is in there, too
  t.ends(query, "4", "5");
  CHECK(t.words() == std::vector<std::string>{"two", "three", "four", "five"});
  t.live("six", "6");
  CHECK(t.bodies().back() == "six");
}

TEST_CASE("A9: what is said before it is in again is no end of what was heard") {
  Lobby t;
  t.opened({}, "<feature var='urn:xmpp:mam:2'/>");
  t.lets_in();
  t.live("one", "1");
  // «two» was lost on the way; then its place is lost, too, and the room still sends to it.
  t.leaves_it("<item affiliation='none' role='none'/><status code='333'/>");
  t.live("three", "3");
  t.advance(Millis(6'000));
  t.live("four", "4");
  t.lets_in();
  const std::string query = t.last_id(kLobby);
  CHECK(has(t.sent(kLobby), "<after>1</after>"));
  for (const auto& [body, sid] : {std::pair("two", "2"), {"three", "3"}, {"four", "4"}}) {
    t.result(query, body, sid);
  }
  t.ends(query, "2", "4");
  t.live("five", "5");
  CHECK(t.words() == std::vector<std::string>{"one", "two", "three", "four", "five"});
}

TEST_CASE("A9: an archive that does not answer: the history instead") {
  Lobby t;
  t.opened({}, "<feature var='urn:xmpp:mam:2'/>");
  t.lets_in();
  t.live("one", "1");
  t.leaves_it("<item affiliation='none' role='none'/><status code='332'/>");
  t.advance(Millis(6'000));
  t.lets_in();
  const std::string query = t.last_id(kLobby);
  t.forget();
  t.says("<iq type='error' id='" + query + "' from='" + kLobby + "' to='" + kTeam +
         "'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
         "</error></iq>");
  const auto all = t.heard(kLobby + "/support");
  REQUIRE(all.size() == 2);
  CHECK(has(all[0], "unavailable"));
  CHECK(has(all[1], "since="));
}

TEST_CASE("A5: in a moderated room a member can have voice asked for; outside it nobody can") {
  Lobby t;
  t.opened();
  const auto asks = [&] {
    t.forget();
    t.says(
        "<iq type='set' id='v' from='alice@a.example/1' to='support@team.a.example'><voice "
        "xmlns='urn:xmpp:act-as:0' peer='" +
        kLobby + "'/></iq>");
    return t.sent("alice@a.example/1");
  };
  CHECK(has(asks(), "type='error'"));
  t.lets_in();
  CHECK(has(asks(), "type='result'"));
  t.says(
      "<iq type='set' id='v' from='carl@a.example/1' to='support@team.a.example'><voice "
      "xmlns='urn:xmpp:act-as:0' peer='" +
      kLobby + "'/></iq>");
  CHECK(has(t.sent("carl@a.example/1"), "forbidden"));
}

TEST_CASE("A9: a private message to an occupant opens a conversation with him alone, both ways") {
  Lobby t;
  t.opened();
  t.lets_in();
  t.live("Hello", "1");
  const std::string bob = kLobby + "/bob";
  const std::string alone = hansa::act_as::conversation_address(
                                "rooms.a.example", "support", hansa::xmpp::Jid::parse(bob).value())
                                .text();
  t.forget();
  const std::string from_bob = "<message type='chat' id='p1' from='" + bob + "' to='" + kTeam +
                               "'><body>psst</body><x xmlns='" + kUser + "'/></message>";
  t.says(from_bob);  // nobody has written to him
  CHECK(has(t.sent(bob), "feature-not-implemented"));
  t.says("<message type='chat' id='p2' from='alice@a.example/1' to='" + kInside +
         "/bob'><body>Between us</body></message>");
  CHECK(t.gets(bob, {"<message type='chat' from='" + kTeam +
                     "'><body>Between us</body>"
                     "</message>"}) == "");
  CHECK(t.gets(kLobby, {}) == "");
  t.makes_member("carl@a.example");
  t.says(
      "<iq type='set' id='c' from='alice@a.example/1' to='support@rooms.a.example'>"
      "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' "
      "type='submit'><field var='act-as#may_act_rooms'><value>owners</value></field></x></query>"
      "</iq>");
  t.forget();
  // Who may act towards persons only may not write to somebody in a room.
  t.joins("carl@a.example/2", alone + "/carl");
  t.says("<message type='groupchat' id='g' from='carl@a.example/2' to='" + alone +
         "'><body>Me too</body></message>");
  CHECK(has(t.sent("carl@a.example/2"), "forbidden"));
  CHECK(t.gets(bob, {}) == "");
  t.makes_member("carl@a.example", "none");
  t.forget();
  t.joins(t.kAlice, alone + "/alice");
  t.says(from_bob);
  CHECK(t.told("psst"));
  CHECK(t.gets(bob, {}) == "");
  // When he leaves, the next one of that nick may be another: it is said so, and it is closed.
  const auto leaves = [&](const std::string& nick) {
    t.says("<presence type='unavailable' from='" + kLobby + "/" + nick + "' to='" + kTeam +
           "'><x xmlns='" + kUser + "'><item affiliation='none' role='none'/></x></presence>");
  };
  t.forget();
  leaves("eve");
  CHECK_FALSE(t.told("any more"));
  leaves("bob");
  CHECK(t.told("bob is not in lobby@muc.b.example under this name any more."));
  t.forget();
  leaves("bob");
  CHECK_FALSE(t.told("any more"));
  // Carl may not act, nor be in there at all.
  t.says("<message type='chat' id='p3' from='carl@a.example/1' to='" + kInside +
         "/bob'><body>Me too</body></message>");
  CHECK(t.gets(bob, {}) == "");
}
