// Whose words a peer may change (requirements A7, A10, A11): his own, under whatever nick he has
// here; what is taken back where it was said is taken back here.

#include <string>

#include <doctest/doctest.h>

#include "tests/support/acting_peers.h"

using namespace hansa::test::acting_peers;

namespace {

std::string replaces(const std::string& id) {
  return "<replace xmlns='urn:xmpp:message-correct:0' id='" + id + "'/>";
}
std::string retracts(const std::string& id) {
  return "<retract xmlns='urn:xmpp:message-retract:1' id='" + id + "'/><body>taken back</body>";
}
std::string nick(const std::string& name) {
  return "<nick xmlns='http://jabber.org/protocol/nick'>" + name + "</nick>";
}
std::string occupant(const std::string& id) {
  return "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='" + id + "'/>";
}
std::string sid(const std::string& id) {
  return "<stanza-id xmlns='urn:xmpp:sid:0' by='" + kLobby + "' id='" + id + "'/>";
}

}  // namespace

TEST_CASE("A10: one whose nick a member has corrects and takes back his own words") {
  WithBob t;
  t.bob_says("<body>Helo</body>" + nick("alice"), "b1");
  CHECK(t.heard_with("Helo").find("/alice (peer)'") != std::string::npos);
  t.bob_says("<body>Hello</body>" + replaces("b1") + nick("alice"), "b2");
  CHECK(t.heard_with("Hello").find("message-correct:0' id='b1'") != std::string::npos);
}

TEST_CASE("A10: a person keeps the nick that he said, and corrects what he said before") {
  WithBob t;
  t.bob_says("<body>Helo</body>" + nick("Bobby"), "b1");
  t.forget();
  t.bob_says("<body>Hello</body>" + replaces("b1"), "b2");
  CHECK(t.gets(kMe, {"<message from='" + t.talk +
                     "/Bobby'><body>Hello</body><replace "
                     "xmlns='urn:xmpp:message-correct:0' id='b1'/></message>"}) == "");
  t.bob_says("<body>It is me</body>" + nick("Robert"), "b3");  // until he says another
  CHECK(t.heard_with("It is me").find("/Robert'") != std::string::npos);
}

TEST_CASE("A10: what a person takes back is taken back, and nothing else is") {
  WithBob t;
  t.bob_says("<body>My password is 123</body>", "b1");
  const std::string here = Heard::stanza_id(t.heard_with("password"));
  t.says("<message type='groupchat' from='" + kMe + "' id='a1' to='" + t.talk +
         "'><body>Kept by us</body></message>");
  const std::string ours = t.last_id("bob@b.example");
  t.bob_says(retracts("b1"), "b2");
  CHECK(t.heard_with("retract").find("message-retract:1' id='" + here + "'") != std::string::npos);
  t.bob_says(retracts("b1"), "b2");  // a repeat
  CHECK(t.heard_with("taken back").empty());
  t.bob_says(retracts(ours), "b3");
  CHECK(t.heard_with("retract").find("message-retract:1") == std::string::npos);
  const std::string all = t.history(kAnn, t.talk);
  CHECK(all.find("123") == std::string::npos);
  CHECK(all.find("Kept by us") != std::string::npos);
}

TEST_CASE("A11: a subject without words is words: the conversation's own stays") {
  WithBob t;
  t.bob_says("<subject>Order 12</subject>", "b1");
  const std::string seen = t.heard_with("Order 12");
  CHECK(seen.find("<body>Order 12</body>") != std::string::npos);
  CHECK(seen.find("<subject>") == std::string::npos);
  t.bob_says("<subject>Order 13</subject><body>Where is it?</body>", "b2");
  CHECK(t.heard_with("Order 13").find("<subject>Order 13</subject>") != std::string::npos);
}

TEST_CASE("A9: who has the nick now may not change what its former holder said") {
  for (const bool ids : {true, false}) {
    CAPTURE(ids);
    InLobby t(ids ? "<feature var='urn:xmpp:occupant-id:0'/>" : "");
    const auto says = [&](const std::string& who, const std::string& name,
                          const std::string& content, const std::string& id) {
      t.lobby_says(name, content + (ids ? occupant(who) : std::string()), id);
    };
    says("one", "bob", "<body>Helo</body>" + sid("p1"), "b1");
    const std::string first = t.heard_with("Helo");
    t.goes("bob");
    says("two", "bob", "<body>Buy it</body>" + replaces("b1"), "c1");
    CHECK(t.heard_with("Buy it").find("replace") == std::string::npos);
    says("two", "bob", retracts("p1"), "c2");
    CHECK(t.heard_with("taken back").find("retract") == std::string::npos);
    if (!ids) continue;
    says("one", "robert", "<body>Hello</body>" + replaces("b1"), "b2");
    CHECK(t.heard_with("Hello").find("message-correct:0' id='b1'") != std::string::npos);
    says("one", "robert", retracts("p1"), "b3");
    CHECK(t.heard_with("retract").find("id='" + Heard::stanza_id(first) + "'") !=
          std::string::npos);
  }
}

TEST_CASE("A9: who invents occupant-ids in a room that gives none is one speaker, and crowds end") {
  InLobby t;
  for (int i = 0; i < 20; ++i) {
    t.lobby_says("bob", "<body>x</body>" + occupant("o" + std::to_string(i)),
                 "b" + std::to_string(i));
  }
  const auto speakers = [&] {
    std::size_t count = 0;
    t.forget();
    t.says("<presence from='" + kAnn + "' to='" + kLobbyHere +
           "/ann'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
    for (const std::string& one : t.heard(kAnn)) {
      count += one.starts_with("<presence") && one.find("affiliation='none'") != std::string::npos;
    }
    t.says("<presence type='unavailable' from='" + kAnn + "' to='" + kLobbyHere + "/ann'/>");
    return count;
  };
  CHECK(speakers() == 1);
  for (int i = 0; i < 600; ++i) {
    t.lobby_says("n" + std::to_string(i), "<body>x</body>", "c" + std::to_string(i));
  }
  CHECK(speakers() == 500);
}

TEST_CASE("A9: what a moderator takes back there is taken back here, ours too") {
  InLobby t;
  t.lobby_says("bob", "<body>Rude words</body>" + sid("p1"), "b1");
  const std::string theirs = Heard::stanza_id(t.heard_with("Rude words"));
  t.says_inside("<body>Our words</body>", "a1");
  const std::string id = t.last_id(kLobby);
  t.lobby_says("support", "<body>Our words</body>" + sid("p2"), id);
  t.forget();
  const auto moderated = [](const std::string& which) {
    return "<retract xmlns='urn:xmpp:message-retract:1' id='" + which +
           "'><moderated xmlns='urn:xmpp:message-moderate:1' by='" + kLobby +
           "/bob'/><reason>Be kind</reason></retract>";
  };
  t.lobby_says("eve", moderated("p1") + "<body>x</body>", "e1");  // not the room
  CHECK(t.heard_with("<retract").empty());
  t.lobby_says("", moderated("p1"), "m1");
  const std::string seen = t.heard_with("message-retract:1");
  CHECK(seen.find("message-retract:1' id='" + theirs + "'") != std::string::npos);
  CHECK(seen.find("by='" + kLobbyHere + "/bob'") != std::string::npos);
  CHECK(seen.find("Be kind") != std::string::npos);
  t.lobby_says("", moderated("p2"), "m2");
  t.lobby_says("", moderated("unknown"), "m3");
  const std::string all = t.history(kAnn, kLobbyHere);
  CHECK(all.find("Rude words") == std::string::npos);
  CHECK(all.find("Our words") == std::string::npos);
  CHECK(all.find("<body>x</body>") != std::string::npos);
  CHECK(t.gets(kLobby, {}) == "");  // nothing goes back there
}

TEST_CASE("A9: two of the same words and the same id are two, if two said them") {
  InLobby t;
  const std::string old = "<delay xmlns='urn:xmpp:delay' stamp='2023-11-14T22:13:10Z'/>";
  t.lobby_says("bot1", "<body>ok</body>", "1");
  t.lobby_says("bot2", "<body>ok</body>" + old, "1");
  CHECK_FALSE(t.heard_with("/bot2'").empty());
  t.lobby_says("bot1", "<body>ok</body>" + old, "1");  // a history repeats it
  CHECK(t.heard_with("<body>").empty());
  t.lobby_says("bot1", "<body>done</body>" + old, "1");
  CHECK_FALSE(t.heard_with("done").empty());
}

TEST_CASE("A9: a history does not repeat what came without any id") {
  InLobby t;
  t.lobby_says("bob", "<body>Hello</body>", "");
  CHECK_FALSE(t.heard_with("Hello").empty());
  const std::string old = "<delay xmlns='urn:xmpp:delay' stamp='2023-11-14T22:13:10Z'/>";
  t.lobby_says("bob", "<body>Hello</body>" + old, "");
  CHECK(t.heard_with("Hello").empty());
  t.lobby_says("bob", "<body>Another</body>" + old, "");
  CHECK_FALSE(t.heard_with("Another").empty());
}

TEST_CASE("A9: a room that gives messages ids of its own reflects ours all the same") {
  InLobby t;
  t.says_inside("<body>Anybody?</body>", "a1");
  t.forget();
  t.lobby_says("support", "<body>Anybody?</body>" + sid("p1"), "their-own");
  t.advance(hansa::Millis(40'000));
  CHECK(t.heard_with("Not delivered").empty());
  t.says_inside("<body>Somebody?</body>", "a2");
  t.lobby_says("support", "<body>Something else</body>", "their-other");
  t.advance(hansa::Millis(40'000));
  CHECK_FALSE(t.heard_with("Not delivered").empty());
}

TEST_CASE("A9: a reaction to what has no name there any more is refused, with a text") {
  InLobby t;
  t.lobby_says("bob", "<body>First</body>" + sid("p0"), "b0");
  const std::string first = Heard::stanza_id(t.heard_with("First"));
  const auto reacts = [&](const std::string& id) {
    t.forget();
    t.says_inside("<reactions xmlns='urn:xmpp:reactions:0' id='" + id +
                      "'><reaction>+</reaction></reactions>",
                  "r" + id);
    return t.heard_with("type='error'").find("not-acceptable") == std::string::npos;
  };
  CHECK(reacts(first));
  CHECK(t.heard_with("reactions", kLobby).find("id='p0'") != std::string::npos);
  for (int i = 1; i <= 70; ++i) {
    const std::string n = std::to_string(i);
    t.lobby_says("bob", "<body>More</body>" + sid("p" + n), "b" + n);
  }
  CHECK_FALSE(reacts(first));
  CHECK_FALSE(reacts("never-said"));
  CHECK(t.heard_with("reactions", kLobby).empty());
}

TEST_CASE("A9: an answer names the one it is for by his nick there") {
  InLobby t;
  t.lobby_says("alice", "<body>I am another</body>" + sid("p1"), "b1");
  const std::string seen = t.heard_with("I am another");
  CHECK(seen.find("/alice (peer)'") != std::string::npos);
  t.says_inside("<body>Hello you</body><reply xmlns='urn:xmpp:reply:0' to='" + kLobbyHere +
                    "/alice (peer)' id='" + Heard::stanza_id(seen) + "'/>",
                "a1");
  const auto out = t.heard_with("Hello you", kLobby);
  CHECK(out.find("to='" + kLobby + "/alice' id='p1'") != std::string::npos);
}
