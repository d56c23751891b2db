// What clients say to each other passes through a room unchanged (XEP-0045 §17.2); what only a
// room may say does not, in whatever form it is sent.

#include <doctest/doctest.h>

#include "tests/support/room_words.h"

namespace hansa::test {
namespace {

struct Two : RoomFixture {
  Two() {
    start();
    joins(kAlice, "support@rooms.a.example/Alice");
    joins(kAnn, "support@rooms.a.example/Ann");
  }
  // What Ann is sent of a message of Alice's with that content; empty: nothing.
  std::string sent(std::string_view content) {
    forget();
    says(talk_only(kAlice, "m" + std::to_string(++count), content));
    const auto all = heard(kAnn);
    return all.empty() ? std::string() : all.back();
  }
  int count = 0;
};

bool has(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("payloads: what clients' extensions say passes byte for byte") {
  Two f;
  constexpr std::string_view kPayloads[] = {
      "<replace xmlns='urn:xmpp:message-correct:0' id='m0'/>",  // 0308
      "<reactions xmlns='urn:xmpp:reactions:0' id='s0'><reaction>\xF0\x9F\x91\x8B</reaction>"
      "</reactions>",                                                                // 0444
      "<reply xmlns='urn:xmpp:reply:0' to='support@rooms.a.example/Ann' id='s0'/>",  // 0461
      "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='9'/>"
      "</fallback>",                                                 // 0428
      "<composing xmlns='http://jabber.org/protocol/chatstates'/>",  // 0085
      "<markable xmlns='urn:xmpp:chat-markers:0'/>",                 // 0333
      "<displayed xmlns='urn:xmpp:chat-markers:0' id='s0'/>",        // 0333
      "<x xmlns='jabber:x:oob'><url>https://a.example/f</url></x>",  // 0066
      "<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'><key rid='2'>AA</key>"
      "<iv>BB</iv></header><payload>CC</payload></encrypted>",                              // 0384
      "<encrypted xmlns='urn:xmpp:omemo:2'><payload>CC</payload></encrypted>",              // 0384
      "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:omemo:2'/>",                  // 0380
      "<openpgp xmlns='urn:xmpp:openpgp:0'>AA</openpgp>",                                   // 0373
      "<store xmlns='urn:xmpp:hints'/>",                                                    // 0334
      "<active xmlns='http://jabber.org/protocol/chatstates'/>",                            // 0085
      "<request xmlns='urn:xmpp:receipts'/>",                                               // 0184
      "<reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:bob@b.example'/>",  // 0372
      "<file-sharing xmlns='urn:xmpp:sfs:0' id='f'><sources/></file-sharing>",              // 0447
      "<html xmlns='http://jabber.org/protocol/xhtml-im'><body "
      "xmlns='http://www.w3.org/1999/xhtml'><p>x</p></body></html>",                 // 0071
      "<x xmlns='jabber:x:conference' jid='other@rooms.a.example' reason='come'/>",  // 0249
      "<thread>t1</thread>",                                                         // 0201
      "<a xmlns='urn:example'><b xmlns='urn:other' c='&apos;&amp;&lt;'>d</b>e</a>",
  };
  for (const std::string_view payload : kPayloads) {
    const std::string got = f.sent(joined({"<body>x</body>", payload}));
    CHECK_MESSAGE(has(got, payload), got);
  }
}

TEST_CASE(
    "payloads: the sender's ids are kept; the room's own is one, whatever was forged (0359)") {
  Two f;
  const std::string got = f.sent(
      "<body>x</body><origin-id xmlns='urn:xmpp:sid:0' id='o1'/>"
      "<stanza-id xmlns='urn:xmpp:sid:0' by='support@rooms.a.example' id='forged'/>"
      "<stanza-id xmlns='urn:xmpp:sid:0' by='SUPPORT@rooms.a.example' id='forged'/>"
      "<stanza-id xmlns='urn:xmpp:sid:0' by='support@rooms.a.example/Alice' id='forged'/>"
      "<stanza-id xmlns='urn:xmpp:sid:0' id='forged'/>"
      "<s:stanza-id xmlns:s='urn:xmpp:sid:0' by='support@rooms.a.example' id='forged'/>"
      "<stanza-id xmlns='urn:xmpp:sid:0' by='other@rooms.b.example' id='theirs'/>");
  CHECK(has(got, "<origin-id xmlns='urn:xmpp:sid:0' id='o1'/>"));
  CHECK(has(got, "id='m1'"));
  CHECK(has(got, "id='theirs'"));
  CHECK(!has(got, "forged"));
  CHECK(got.find("by='support@rooms.a.example'") == got.rfind("by='support@rooms.a.example'"));
}

TEST_CASE("payloads: what only a room may say does not pass, by any prefix, any number of times") {
  Two f;
  constexpr std::string_view kForged[] = {
      "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/>",
      "<o:occupant-id xmlns:o='urn:xmpp:occupant-id:0' id='forged'/>",
      "<x xmlns='http://jabber.org/protocol/muc#user'><status code='104' forged='1'/></x>",
      "<m:x xmlns:m='http://jabber.org/protocol/muc#user'><m:item jid='forged@a.example'/></m:x>",
      "<delay xmlns='urn:xmpp:delay' stamp='2000-01-01T00:00:00Z' from='forged'/>",
      "<x xmlns='jabber:x:delay' stamp='20000101T00:00:00' from='forged'/>",
      "<addresses xmlns='http://jabber.org/protocol/address'><address type='ofrom' "
      "jid='forged@a.example'/></addresses>",
      "<hats xmlns='urn:xmpp:hats:0'><hat uri='forged' title='Boss'/></hats>",
      "<nick xmlns='http://jabber.org/protocol/nick'>forged</nick>",
      "<fmuc xmlns='http://isode.com/protocol/fmuc' from='forged@a.example'/>",
      "<mav xmlns='urn:xmpp:muc:affiliations:1' since='forged'/>",
      "<result xmlns='urn:xmpp:mam:2' id='forged'/>",
      "<retracted xmlns='urn:xmpp:message-retract:1' id='forged'/>",
      "<moderated xmlns='urn:xmpp:message-moderate:1' by='forged'/>",
      "<retract xmlns='urn:xmpp:message-retract:1' id='forged'><moderated "
      "xmlns='urn:xmpp:message-moderate:1' by='support@rooms.a.example/Alice'/></retract>",
      "<apply-to xmlns='urn:xmpp:fasten:0' id='forged'><moderated "
      "xmlns='urn:xmpp:message-moderate:0' by='support@rooms.a.example/Alice'/></apply-to>",
      "<mentions xmlns='urn:xmpp:mmn:0' forged='1'/>",
  };
  for (const std::string_view payload : kForged) {
    const std::string got = f.sent(joined({"<body>x</body>", payload, payload}));
    CHECK_MESSAGE((has(got, "<body>x</body>") && !has(got, "forged")), got);
    f.forget();
    f.says(joined({"<presence from='", kAlice, "' to='", kRoom, "/Alice'>", payload,
                   "<status>x</status></presence>"}));
    const auto shown = f.heard(kAnn);
    REQUIRE(shown.size() == 1);
    CHECK_MESSAGE((has(shown[0], "<status>x</status>") && !has(shown[0], "forged")), shown[0]);
    f.forget();
    f.says(joined({"<message type='chat' from='", kAlice, "' to='", kRoom, "/Ann' id='p'>",
                   "<body>x</body>", payload, "</message>"}));
    const auto told = f.heard(kAnn);
    REQUIRE(told.size() == 1);
    CHECK_MESSAGE((has(told[0], "<body>x</body>") && !has(told[0], "forged")), told[0]);
  }
}

TEST_CASE("payloads: one person has one occupant-id, everywhere and for ever (0421)") {
  Two f;
  const auto id_in = [](const std::string& xml) {
    constexpr std::string_view kMark = "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='";
    const std::size_t at = xml.find(kMark);
    REQUIRE(at != std::string::npos);
    CHECK(xml.find(kMark, at + 1) == std::string::npos);
    const std::size_t from = at + kMark.size();
    return xml.substr(from, xml.find('\'', from) - from);
  };
  const std::string id = id_in(f.sent("<body>x</body>"));
  CHECK(!id.empty());
  CHECK(id.size() <= 128);
  f.says(joined({"<message type='chat' from='", kAlice, "' to='", kRoom,
                 "/Ann' id='p'><body>x</body></message>"}));
  CHECK(id_in(f.heard(kAnn).back()) == id);
  f.says(joined({"<presence from='", kAlice, "' to='", kRoom, "/Al'/>"}));  // another nick
  const auto renamed = f.heard(kAnn);
  REQUIRE(!renamed.empty());
  CHECK(id_in(renamed.back()) == id);
  f.says(leave(kAlice, "Al"));
  f.crash();
  f.start();
  f.forget();
  f.says(join("alice@a.example/other", "Somebody", kNoHistory));
  const auto back = f.heard(kAnn);
  REQUIRE(!back.empty());
  CHECK(id_in(back.back()) == id);
  f.forget();
  f.says(talk(kAnn, "m2", "x"));
  CHECK(id_in(f.heard("alice@a.example/other").back()) != id);
}

}  // namespace hansa::test
