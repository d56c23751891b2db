// What comes without words (requirements A10, A11): invitations, calls, and what nobody can read.

#include <string>

#include <doctest/doctest.h>

#include "tests/support/acting_peers.h"

using namespace hansa::test::acting_peers;
using hansa::Millis;

namespace {

const std::string kHallHere = "support%hall\\40muc.c.example@rooms.a.example";

std::string invites(const std::string& more = "reason='Come&#10;in'") {
  return "<x xmlns='jabber:x:conference' jid='hall@muc.c.example' " + more + "/>";
}

}  // namespace

TEST_CASE("A11: a person's invitation into a room is shown, and nobody enters by it") {
  WithBob t;
  t.bob_says(invites(), "b1");
  CHECK(t.gets(kMe, {"<message type='groupchat' from='" + t.talk +
                     "'><body>bob invites this room to hall@muc.c.example («Come in»). To enter, "
                     "open a conversation with hall@muc.c.example.</body></message>"}) == "");
  CHECK(t.gets("hall@muc.c.example", {}) == "");
  t.bob_says("<x xmlns='jabber:x:conference'/>", "b2");  // into none
  CHECK(t.gets(kMe, {}) == "");
}

TEST_CASE("A11: an invitation may be the first that is heard of somebody") {
  Heard t;
  t.says("<message from='bob@b.example/phone' to='support@team.a.example' id='b1'>" + invites() +
         "</message>");
  CHECK_FALSE(t.heard_with("jabber:x:conference", "ann@a.example").empty());
  CHECK(t.history(kAnn, std::string(Heard::kTalk)).find("invites this room") != std::string::npos);
  CHECK(t.gets("bob@b.example", {}) == "");
}

TEST_CASE("A11: a room's invitation is shown as the room's; a member's wish makes it enter") {
  Heard t;
  const auto hall_says = [&](const std::string& content) {
    t.says("<message from='hall@muc.c.example' to='support@team.a.example' id='i1'><x xmlns='" +
           kUser + "'>" + content + "</x></message>");
  };
  hall_says("<decline from='x@c.example'/>");
  CHECK(t.heard_with("jabber:x:conference", "ann@a.example").empty());
  hall_says("<invite from='carl@c.example/x'><reason>Talks</reason></invite>");
  CHECK_FALSE(t.heard_with("jabber:x:conference", "ann@a.example").empty());
  CHECK(t.gets("hall@muc.c.example", {}) == "");  // not even asked
  const std::string all = t.history(kAnn, kHallHere);
  CHECK(all.find("hall@muc.c.example invites this room, it says for carl@c.example («Talks»)") !=
        std::string::npos);
  t.opens("hall@muc.c.example");
  t.is_room("hall@muc.c.example");
  CHECK_FALSE(t.heard_with("<presence", "hall@muc.c.example/support").empty());
}

TEST_CASE("A11: who may act towards persons only does not make it enter where it was invited") {
  Heard t;
  t.says(
      "<iq type='set' id='c' from='alice@a.example/1' to='support@rooms.a.example'>"
      "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' "
      "type='submit'><field var='act-as#may_act_rooms'><value>owners</value></field></x></query>"
      "</iq>");
  t.says("<message from='hall@muc.c.example' to='support@team.a.example' id='i1'><x xmlns='" +
         kUser + "'><invite from='carl@c.example/x'/></x></message>");
  t.opens("hall@muc.c.example", {}, kAnn);
  t.is_room("hall@muc.c.example");
  CHECK(t.heard_with("<presence", "hall@muc.c.example/support").empty());
  CHECK(t.history(kAnn, kHallHere).find("may speak to persons only") != std::string::npos);
  t.opens("hall@muc.c.example");
  CHECK_FALSE(t.heard_with("<presence", "hall@muc.c.example/support").empty());
}

TEST_CASE("A11: who speaks after an invitation alone makes it enter, if he may towards rooms") {
  Heard t;
  t.says("<message from='hall@muc.c.example' to='support@team.a.example' id='i1'><x xmlns='" +
         kUser + "'><invite from='carl@c.example/x'/></x></message>");
  t.joins(kAnn, kHallHere + "/ann");
  t.says("<message type='groupchat' from='" + kAnn + "' to='" + kHallHere +
         "' id='a1'><body>Hello</body></message>");
  t.is_room("hall@muc.c.example");
  CHECK_FALSE(t.heard_with("<presence", "hall@muc.c.example/support").empty());
}

TEST_CASE("A11: a call is turned down at once, and members hear of it") {
  WithBob t;
  t.bob_says(
      "<propose xmlns='urn:xmpp:jingle-message:0' id='c1'><description "
      "xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose>",
      "b1");
  CHECK(t.gets("bob@b.example/phone", {"<message from='support@team.a.example/hansa'><reject "
                                       "xmlns='urn:xmpp:jingle-message:0' id='c1'/></message>"}) ==
        "");
  CHECK_FALSE(t.heard_with("bob tried to call").empty());
  t.bob_says("<retract xmlns='urn:xmpp:jingle-message:0' id='c1'/>", "b2");
  CHECK(t.gets("bob@b.example/phone", {}) == "");
  CHECK(t.gets(kMe, {}) == "");
}

TEST_CASE("A10: what nobody here can read is refused, if its sender waits for a receipt") {
  WithBob t;
  const std::string wants = "<request xmlns='urn:xmpp:receipts'/>";
  t.bob_says("<sticker xmlns='urn:xmpp:stickers:0'/>" + wants, "b1");
  CHECK(t.gets("bob@b.example/phone",
               {"<message type='error' id='b1'><error><not-acceptable "
                "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"}) == "");
  t.bob_says("<sticker xmlns='urn:xmpp:stickers:0'/>", "b2");
  t.bob_says("<active xmlns='http://jabber.org/protocol/chatstates'/>" + wants, "b3");
  CHECK(t.gets("bob@b.example/phone", {}) == "");
}

TEST_CASE("A10: one domain may begin so many conversations at once, and others are not kept out") {
  Heard t;
  const auto writes = [&](const std::string& who) {
    t.says("<message type='chat' from='" + who +
           "' to='support@team.a.example' id='f'>"
           "<body>Buy!</body></message>");
    return !t.heard_with("resource-constraint", who).empty();
  };
  int refused = 0;
  for (int i = 0; i < 60; ++i)
    refused += writes("u" + std::to_string(i) + "@evil.example/x") ? 1 : 0;
  CHECK(refused == 10);
  CHECK_FALSE(writes("bob@b.example/x"));
  CHECK_FALSE(writes("u1@evil.example/x"));  // his conversation is there
  t.advance(Millis(10'000));
  CHECK_FALSE(writes("u99@evil.example/x"));
}
