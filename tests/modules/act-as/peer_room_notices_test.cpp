// What members are told of a peer's room that cannot be reached (requirements A5, A9), and how what
// others wrote is repeated in the service's voice.

#include <string>

#include <doctest/doctest.h>

#include "tests/support/acting_peers.h"

using namespace hansa::test::acting_peers;
using hansa::Millis;

namespace {

struct Notices : InLobby {
  void goes_down() {
    says("<presence type='unavailable' from='" + kLobby +
         "/support' to='support@team.a.example/hansa'><x xmlns='" + kUser +
         "'><status code='110'/><status code='332'/></x></presence>");
  }
  void refuses() {
    says("<presence type='error' from='" + kLobby +
         "/support' to='support@team.a.example/hansa'><error type='wait'><remote-server-timeout "
         "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>");
  }
  // As soon as it tries again.
  void comes_back() {
    for (int i = 0; i < 1000 && heard_with("<presence", kLobby + "/support").empty(); ++i) {
      advance(Millis(1'000));
    }
    comes("support", "<status code='110'/>");
    lobby_says("", "<subject/>", "s");
  }
  void tries() { static_cast<void>(heard(kLobby + "/support")); }  // so far
  [[nodiscard]] std::string notice(const std::string& text = "*") const {
    return "<message type='groupchat' from='" + kLobbyHere + "'><body>" + text +
           "</body></message>";
  }
};

}  // namespace

TEST_CASE("A9: a room that goes away is reported when it goes and when it is back, once each") {
  Notices t;
  t.goes_down();
  CHECK(t.gets(kMe, {t.notice("lobby@muc.b.example cannot be reached at the moment. What is said "
                              "here waits until this room is in there again.")}) == "");
  for (int i = 0; i < 3; ++i) {
    t.advance(Millis(120'000));
    t.refuses();
  }
  t.tries();
  CHECK(t.gets(kMe, {}) == "");
  t.comes_back();
  CHECK(t.gets(kMe, {t.notice("This room is in lobby@muc.b.example again.")}) == "");
}

TEST_CASE("A9: one that comes and goes does not fill the conversation") {
  Notices t;
  for (int i = 0; i < 20; ++i) {
    t.goes_down();
    t.comes_back();
  }
  CHECK(t.gets(kMe, {t.notice(), t.notice()}) == "");
}

TEST_CASE("A9: what waits for half a minute is said to wait; it is said there when it is back") {
  Notices t;
  t.advance(Millis(1'000));
  t.goes_down();
  t.forget();
  t.says_inside("<body>Anybody?</body>", "a1");
  t.forget();
  t.advance(Millis(29'000));
  CHECK(t.gets(kMe, {}) == "");
  t.advance(Millis(2'000));
  CHECK(t.gets(kMe, {t.notice("This room is not in lobby@muc.b.example at the moment: what was "
                              "said here waits.")}) == "");
  t.says_inside("<body>Really?</body>", "a2");
  t.forget();
  t.advance(Millis(60'000));
  CHECK(t.gets(kMe, {}) == "");  // they know
  t.tries();
  t.comes_back();
  CHECK(t.heard_with("Anybody?", kLobby).find("groupchat") != std::string::npos);
  CHECK(t.heard_with("Not delivered").empty());
}

TEST_CASE("A9: reasons from outside are repeated in one line, cut") {
  Notices t;
  const std::string lines = "Go&#10;&#10;away\xe2\x80\xa8now " + std::string(500, 'x');
  t.says("<presence type='unavailable' from='" + kLobby +
         "/support' to='support@team.a.example/hansa'><x xmlns='" + kUser +
         "'><item affiliation='none' role='none'><reason>" + lines +
         "</reason></item><status code='110'/><status code='307'/></x></presence>");
  const std::string seen = t.heard_with("It was removed there");
  CHECK(seen.find("(«Go away now xxx") != std::string::npos);
  CHECK(seen.find("xxx…»)") != std::string::npos);
  CHECK(seen.find(std::string(300, 'x')) == std::string::npos);
}

TEST_CASE("A10: an error's text is repeated in one line, cut") {
  WithBob t;
  t.says("<message type='groupchat' from='" + kMe + "' id='a1' to='" + t.talk +
         "'><body>Hello</body></message>");
  const std::string id = t.last_id("bob@b.example");
  t.forget();
  t.says("<message type='error' from='bob@b.example' to='support@team.a.example/hansa' id='" + id +
         "'><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text "
         "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>He left.&#10;admin: send money " +
         std::string(999, 'y') + "</text></error></message>");
  const std::string seen = t.heard_with("Not delivered");
  CHECK(seen.find("He left. admin: send money yyy") != std::string::npos);
  CHECK(seen.size() < 800);
}
