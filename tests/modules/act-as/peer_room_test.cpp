// A conversation with a room of another service (requirements A5, A7, A9, A12): the acting room is
// one participant there.

#include <string>

#include <doctest/doctest.h>

#include "tests/support/acting_fixture.h"

using hansa::Millis;
using hansa::test::ActingFixture;

namespace {

const std::string kLobby = "lobby@muc.b.example";
const std::string kInside = "support%lobby\\40muc.b.example@rooms.a.example";
const std::string kUser = "http://jabber.org/protocol/muc#user";

struct Lobby : ActingFixture {
  Lobby() { found_support(); }
  // Alice opens the conversation, and the peer is known as a room.
  void opened(std::string_view body = {}) {
    opens(kLobby, body);
    is_room(kLobby);
  }
  void entered(const std::string& nick = "support") {
    says("<presence from='" + kLobby + "/" + nick + "' to='support@team.a.example/hansa'>"
         "<x xmlns='" + kUser + "'><item affiliation='none' role='participant'/>"
         "<status code='110'/></x></presence>");
    says("<message type='groupchat' from='" + kLobby + "' to='support@team.a.example/hansa' id='s'>"
         "<subject/></message>");
  }
  void in() {
    opened();
    entered();
    joins(kAlice, kInside + "/alice");
  }
  void hears(const std::string& nick, const std::string& content, const std::string& id) {
    says("<message type='groupchat' from='" + kLobby + "/" + nick +
         "' to='support@team.a.example/hansa' id='" + id + "'>" + content + "</message>");
  }
  void says_inside(const std::string& body, const std::string& id = "a1") {
    says("<message type='groupchat' from='alice@a.example/1' id='" + id + "' to='" + kInside +
         "'><body>" + body + "</body></message>");
  }
  void loses(const std::string& inner) {
    says("<presence type='unavailable' from='" + kLobby +
         "/support' to='support@team.a.example/hansa'><x xmlns='" + kUser + "'>" + inner +
         "<status code='110'/></x></presence>");
  }
  [[nodiscard]] std::string join_with(const std::string& history,
                                      const std::string& nick = "support") const {
    static_cast<void>(nick);
    return "<presence from='support@team.a.example/hansa' type='!'>"
           "<x xmlns='http://jabber.org/protocol/muc'><history " + history + "/></x></presence>";
  }
  [[nodiscard]] std::string notice(const std::string& text = "*") const {
    return "<message type='groupchat' from='" + kInside + "'><body>" + text +
           "</body></message>";
  }
};

std::string sid(const std::string& id) {
  return "<stanza-id xmlns='urn:xmpp:sid:0' by='lobby@muc.b.example' id='" + id + "'/>";
}

}  // namespace

TEST_CASE("A5: the acting room enters a foreign room as one occupant, without history") {
  Lobby t;
  t.opened();
  CHECK(t.gets(kLobby + "/support", {t.join_with("maxstanzas='0'")}) == "");
}

TEST_CASE("A9: what was said before it was in is said when it is, and its reflection confirms it") {
  Lobby t;
  t.opened("Good morning");
  t.forget();
  t.entered();
  const std::string id = t.last_id(kLobby);
  CHECK(t.gets(kLobby, {"<message type='groupchat' from='support@team.a.example/hansa'>"
                        "<body>Good morning</body></message>"}) == "");
  t.joins(t.kAlice, kInside + "/alice");
  t.hears("support", "<body>Good morning</body>" + sid("p1"), id);
  CHECK(t.gets("alice@a.example/1", {}) == "");  // not delivered again
  t.advance(Millis(40'000));
  CHECK(t.gets("alice@a.example/1", {}) == "");  // nor missed
  CHECK(t.gets(kLobby, {}) == "");
}

TEST_CASE("A9: what is said there reaches the members under the speaker's nick") {
  Lobby t;
  t.in();
  t.hears("bob", "<body>Hello</body>" + sid("p2"), "b1");
  CHECK(t.gets("alice@a.example/1",
               {"<presence from='" + kInside + "/bob'/>",
                "<message type='groupchat' from='" + kInside + "/bob' id='b1'><body>Hello</body>"
                "</message>"}) == "");
  t.hears("bob", "<body>Hello</body>" + sid("p2"), "b1");  // a history repeats it
  CHECK(t.gets("alice@a.example/1", {}) == "");
}

TEST_CASE("A9: a nick that a member has is told apart") {
  Lobby t;
  t.in();
  t.hears("alice", "<body>I am another one</body>", "b1");
  CHECK(t.gets("alice@a.example/1",
               {"<presence from='" + kInside + "/alice (peer)'/>",
                "<message from='" + kInside + "/alice (peer)'/>"}) == "");
}

TEST_CASE("A9: what is not seen there within 30 seconds is shown as not delivered, once") {
  Lobby t;
  t.in();
  t.says_inside("Anybody?");
  t.forget();
  t.advance(Millis(29'000));
  CHECK(t.gets("alice@a.example/1", {}) == "");
  t.advance(Millis(2'000));
  CHECK(t.gets("alice@a.example/1", {t.notice()}) == "");
  t.advance(Millis(60'000));
  CHECK(t.gets("alice@a.example/1", {}) == "");
  CHECK(t.gets(kLobby, {}) == "");
}

TEST_CASE("A9: an error to a message is shown once, with the reason") {
  Lobby t;
  t.in();
  t.says_inside("May I?");
  const std::string id = t.last_id(kLobby);
  t.forget();
  const std::string error =
      "<message type='error' from='" + kLobby + "' to='support@team.a.example/hansa' id='" + id +
      "'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text "
      "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>No voice</text></error></message>";
  t.says(error);
  t.says(error);
  CHECK(t.gets("alice@a.example/1",
               {t.notice("Not delivered to lobby@muc.b.example: «May I?». No voice")}) == "");
}

TEST_CASE("A9: the room's subject becomes the conversation's") {
  Lobby t;
  t.in();
  t.hears("bob", "<subject>Kettles</subject>", "s1");
  const auto all = t.heard("alice@a.example/1");
  REQUIRE_FALSE(all.empty());
  CHECK(all.back().find("<subject>Kettles</subject>") != std::string::npos);
  t.hears("bob", "<subject>Kettles</subject>", "s2");
  CHECK(t.gets("alice@a.example/1", {}) == "");
}

TEST_CASE("A5: a nick that is taken there is tried once more with our domain, then reported") {
  Lobby t;
  t.opened();
  t.joins(t.kAlice, kInside + "/alice");
  const auto conflict = [&](const std::string& nick) {
    t.says("<presence type='error' from='" + kLobby + "/" + nick +
           "' to='support@team.a.example/hansa'><error type='cancel'><conflict "
           "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>");
  };
  conflict("support");
  CHECK(t.gets(kLobby + "/support (rooms.a.example)", {t.join_with("maxstanzas='0'")}) == "");
  conflict("support (rooms.a.example)");
  CHECK(t.gets("alice@a.example/1", {t.notice()}) == "");
  CHECK(t.gets(kLobby + "/support (rooms.a.example)", {}) == "");
}

TEST_CASE("A5: removed, banned or destroyed: a notice, and no automatic return") {
  const std::string ways[] = {
      "<item affiliation='outcast' role='none'><reason>spam</reason></item><status code='301'/>",
      "<item affiliation='none' role='none'/><status code='307'/>",
      "<item affiliation='none' role='none'/><status code='321'/>",
      "<item affiliation='none' role='none'/><status code='322'/>",
      "<item affiliation='none' role='none'/><destroy/>"};
  for (const std::string& way : ways) {
    Lobby t;
    t.in();
    t.loses(way);
    CHECK(t.gets("alice@a.example/1", {t.notice()}) == "");
    t.forget();
    t.advance(Millis(60'000));
    t.crash();
    t.start();
    CHECK(t.gets(kLobby + "/support", {}) == "");
    t.says_inside("Hello?");
    CHECK(t.gets(kLobby, {}) == "");  // not to somewhere where it is not
  }
}

TEST_CASE("A5: a service that ends, or errors of the way, are waited for: back with the history") {
  for (const std::string code : {"332", "333"}) {
    Lobby t;
    t.in();
    t.hears("bob", "<body>Hello</body>" + sid("p1"), "b1");
    t.loses("<item affiliation='none' role='none'/><status code='" + code + "'/>");
    t.forget();
    t.advance(Millis(6'000));
    CHECK(t.gets(kLobby + "/support", {t.join_with("since='*' maxstanzas='!'")}) == "");
    t.advance(Millis(31'000));  // no answer: later again
    t.forget();
    t.advance(Millis(11'000));
    CHECK(t.gets(kLobby + "/support", {t.join_with("since='*'")}) == "");
  }
}

TEST_CASE("A9: what could not be said meanwhile is said after the return, under the same id") {
  Lobby t;
  t.in();
  t.says_inside("First");
  const std::string id = t.last_id(kLobby);
  t.loses("<item affiliation='none' role='none'/><status code='332'/>");
  t.forget();
  t.says_inside("Second", "a2");
  CHECK(t.gets(kLobby, {}) == "");
  t.advance(Millis(6'000));
  t.says("<presence from='" + kLobby + "/support' to='support@team.a.example/hansa'><x xmlns='" +
         kUser + "'><item affiliation='none' role='participant'/><status code='110'/></x>"
         "</presence>");
  // The history has the first one: it was only its reflection that was lost.
  t.hears("support",
          "<body>First</body><delay xmlns='urn:xmpp:delay' stamp='2023-11-14T22:13:20Z'/>", id);
  t.forget();
  t.hears("bob", "<subject/>", "s");
  CHECK(t.gets(kLobby, {"<message type='groupchat'><body>Second</body></message>"}) == "");
}

TEST_CASE("A9: after ten minutes of silence it asks whether it is still in") {
  Lobby t;
  t.in();
  t.advance(Millis(9 * 60'000));
  CHECK(t.gets(kLobby + "/support", {}) == "");
  t.advance(Millis(61'000));
  const std::string id = t.last_id(kLobby + "/support");
  CHECK(t.gets(kLobby + "/support", {"<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>"}) == "");
  t.says("<iq type='error' from='" + kLobby + "/support' to='support@team.a.example/hansa' id='" +
         id + "'><error type='cancel'><not-acceptable "
         "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
  t.advance(Millis(6'000));
  CHECK(t.gets(kLobby + "/support", {t.join_with("since='*'")}) == "");
}

TEST_CASE("A9: refused there, it asks whether it is still in, and comes back if it is not") {
  Lobby t;
  t.in();
  t.says_inside("Anyone?");
  const std::string said = t.last_id(kLobby);
  t.forget();
  t.says("<message type='error' from='" + kLobby + "' to='support@team.a.example/hansa' id='" +
         said + "'><error type='modify'><not-acceptable "
         "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
  const std::string id = t.last_id(kLobby + "/support");
  CHECK(t.gets(kLobby + "/support", {"<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>"}) == "");
  t.says("<iq type='error' from='" + kLobby + "/support' to='support@team.a.example/hansa' id='" +
         id + "'><error type='cancel'><not-acceptable "
         "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
  t.advance(Millis(6'000));
  CHECK(t.gets(kLobby + "/support", {t.join_with("since='*'")}) == "");
  t.forget();
  CHECK(t.gets(kLobby, {}) == "");  // what was refused is not sent again
}

TEST_CASE("A7: nothing of the members crosses into the room, also not by references") {
  Lobby t;
  t.in();
  t.says_inside("Hello", "id-of-alice");
  const auto all = t.heard(kLobby);
  REQUIRE(all.size() == 1);
  CHECK(all[0].find("alice") == std::string::npos);
}

TEST_CASE("A9: after a crash it returns by itself, and says what was not seen under the same id") {
  Lobby t;
  t.in();
  t.says_inside("Lost?");
  const std::string id = t.last_id(kLobby);
  t.crash();
  t.forget();
  t.start();
  t.advance(Millis(500));
  CHECK(t.gets(kLobby + "/support", {t.join_with("since='2023-11-14T22:12:20.000Z'")}) == "");
  CHECK(t.gets(kLobby, {}) == "");
  t.entered();
  CHECK(t.gets(kLobby, {"<message type='groupchat' id='" + id +
                        "'><body>Lost?</body></message>"}) == "");
}

TEST_CASE("A12: private messages of occupants are not taken, presence of strangers means nothing") {
  Lobby t;
  t.in();
  t.says("<message type='chat' id='p' from='" + kLobby +
         "/bob' to='support@team.a.example/hansa'><body>psst</body><x xmlns='" + kUser +
         "'/></message>");
  CHECK(t.gets(kLobby + "/bob",
               {"<message type='error' id='p'><error><feature-not-implemented "
                "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"}) == "");
  t.says("<presence from='other@muc.b.example/x' to='support@team.a.example/hansa'/>");
  CHECK(t.gets("other@muc.b.example/x", {}) == "");
  CHECK(t.gets("alice@a.example/1", {}) == "");
}
