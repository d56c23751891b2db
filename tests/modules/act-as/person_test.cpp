// A conversation with a person, from both sides (requirements A2, A7, A10 to A12).

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/acting_fixture.h"

using hansa::Millis;
using hansa::test::ActingFixture;

namespace {

struct Talk : ActingFixture {
  Talk() { found_support(); }
  // Bob is known as a person, Alice is in the conversation, and nothing else was heard.
  void alice_talks() {
    opens("bob@b.example", "Good morning");
    is_person("bob@b.example");
    joins(kAlice, std::string(kTalk) + "/alice");
  }
  void says_inside(const std::string& who, const std::string& content, const std::string& id) {
    says("<message type='groupchat' from='" + who + "' id='" + id + "' to='" + std::string(kTalk) +
         "'>" + content + "</message>");
  }
  void bob_says(const std::string& content, const std::string& id = "b1") {
    says("<message type='chat' from='bob@b.example/phone' to='support@team.a.example' id='" + id +
         "'>" + content + "</message>");
  }
  std::string said_to_bob(const std::string& body) {
    return "<message type='chat' from='support@team.a.example/hansa' id='*'><body>" + body +
           "</body></message>";
  }
};

constexpr std::string_view kAsksBob =
    "<iq type='get' from='support@team.a.example/hansa' id='*'>"
    "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>";

}  // namespace

TEST_CASE("A10: a member opens a conversation and gets its address") {
  Talk t;
  t.opens("bob@b.example", "Good morning");
  CHECK(t.gets("bob@b.example", {kAsksBob}) == "");
  CHECK(
      t.gets("alice@a.example/1", {"<iq type='result' id='o' from='support@team.a.example'><open "
                                   "xmlns='urn:xmpp:act-as:0' peer='bob@b.example' "
                                   "conversation='support%bob\\40b.example@rooms.a.example'/></iq>",
                                   "<message type='groupchat' from='support@rooms.a.example'>"
                                   "<body>*</body></message>"}) == "");
}

TEST_CASE("A10: what is said before the peer is known leaves when he is") {
  Talk t;
  t.opens("bob@b.example", "Good morning");
  t.is_person("bob@b.example");
  CHECK(t.gets("bob@b.example", {kAsksBob, t.said_to_bob("Good morning")}) == "");
}

TEST_CASE("A10: a peer whose server says nothing is taken for a person after two looks") {
  Talk t;
  t.opens("bob@b.example", "Good morning");
  t.advance(Millis(9'000));
  CHECK(t.gets("bob@b.example", {kAsksBob}) == "");
  t.advance(Millis(10'000));
  CHECK(t.gets("b.example", {kAsksBob}) == "");
  CHECK(t.gets("bob@b.example", {}) == "");
  t.advance(Millis(2'000));
  CHECK(t.gets("bob@b.example", {t.said_to_bob("Good morning")}) == "");
}

TEST_CASE("A10: opening the same conversation again gives the same, and asks nobody anew") {
  Talk t;
  t.alice_talks();
  t.opens("bob@b.example", {}, "ann@a.example/x");
  CHECK(t.gets("ann@a.example/x", {"<iq type='result'><open xmlns='urn:xmpp:act-as:0' "
                                   "conversation='support%bob\\40b.example@rooms.a.example'/>"
                                   "</iq>"}) == "");
  CHECK(t.gets("bob@b.example", {}) == "");
}

TEST_CASE("A11: the answer reaches the members who are in, from the peer's place") {
  Talk t;
  t.alice_talks();
  t.joins("ann@a.example/x", std::string(Talk::kTalk) + "/ann");
  t.bob_says("<body>My kettle is broken</body>");
  for (const char* member : {"alice@a.example/1", "ann@a.example/x"}) {
    CHECK(t.gets(member, {"<presence from='support%bob\\40b.example@rooms.a.example/bob'><x "
                          "xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' "
                          "role='participant'/></x></presence>",
                          "<message type='groupchat' id='b1' "
                          "from='support%bob\\40b.example@rooms.a.example/bob'>"
                          "<body>My kettle is broken</body></message>"}) == "");
  }
}

TEST_CASE("A11: absent members are invited once, and invited again after they were in") {
  Talk t;
  const std::string talk(Talk::kTalk);
  t.opens("bob@b.example", "Good morning");
  t.is_person("bob@b.example");
  const std::string invitation =
      "<message from='support@rooms.a.example' type='!' id='*'><x xmlns='jabber:x:conference' "
      "jid='" +
      talk + "'/><body>*</body></message>";
  CHECK(t.gets("ann@a.example", {invitation}) == "");
  t.bob_says("<body>One</body>", "b1");
  t.bob_says("<body>Two</body>", "b2");
  CHECK(t.gets("ann@a.example", {}) == "");  // she has one that she did not follow

  t.joins("ann@a.example/x", talk + "/ann");
  t.bob_says("<body>Three</body>", "b3");
  CHECK(t.gets("ann@a.example", {}) == "");  // she is there
  t.says("<presence type='unavailable' from='ann@a.example/x' to='" + talk + "/ann'/>");
  t.forget();
  t.bob_says("<body>Four</body>", "b4");
  CHECK(t.gets("ann@a.example", {invitation}) == "");
  t.bob_says("<body>Five</body>", "b5");
  CHECK(t.gets("ann@a.example", {}) == "");
}

TEST_CASE("A11: who was absent gets everything when he joins, in order, once") {
  Talk t;
  t.opens("bob@b.example", "Good morning");
  t.is_person("bob@b.example");
  t.bob_says("<body>One</body>", "b1");
  t.forget();
  t.says("<presence from='ann@a.example/x' to='" + std::string(Talk::kTalk) +
         "/ann'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
  std::vector<std::string> bodies;
  for (const std::string& stanza : t.heard("ann@a.example/x")) {
    const auto from = stanza.find("<body>");
    if (from == std::string::npos) continue;
    CHECK(stanza.find("urn:xmpp:delay") != std::string::npos);
    bodies.push_back(stanza.substr(from + 6, stanza.find("</body>") - from - 6));
  }
  CHECK(bodies == std::vector<std::string>{"Good morning", "One"});
}

TEST_CASE("A10: the person may write first") {
  Talk t;
  t.bob_says("<body>Hello?</body><nick xmlns='http://jabber.org/protocol/nick'>Bobby</nick>");
  CHECK(t.gets("bob@b.example", {}) == "");
  CHECK(t.gets("bob@b.example/phone", {}) == "");
  CHECK(t.gets("ann@a.example", {"<message><x xmlns='jabber:x:conference'/></message>"}) == "");
  t.forget();
  t.says("<presence from='ann@a.example/x' to='" + std::string(Talk::kTalk) +
         "/ann'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
  const auto all = t.heard("ann@a.example/x");
  const auto said = std::find_if(all.begin(), all.end(), [](const std::string& stanza) {
    return stanza.find("Hello?") != std::string::npos;
  });
  REQUIRE(said != all.end());
  CHECK(said->find("example/Bobby'") != std::string::npos);
  t.says_inside("ann@a.example/x", "<body>Yes?</body>", "n1");
  CHECK(t.gets("bob@b.example", {t.said_to_bob("Yes?")}) == "");
}

TEST_CASE("A11: a person is known by his name, not by his resource, whatever he sends") {
  Talk t;
  t.alice_talks();
  t.forget();
  t.bob_says("<body>Hello</body><x xmlns='http://jabber.org/protocol/muc#user'/>");
  CHECK(t.gets(ActingFixture::kAlice, {"<presence from='" + std::string(Talk::kTalk) + "/bob'/>",
                                       "<message from='" + std::string(Talk::kTalk) +
                                           "/bob'><body>Hello</body></message>"}) == "");
}

TEST_CASE("A11: a nick that the peer has chosen keeps nobody from his own") {
  Talk t;
  const std::string talk(ActingFixture::kTalk);
  t.bob_says("<body>Hello</body><nick xmlns='http://jabber.org/protocol/nick'>alice</nick>");
  t.joins("ann@a.example/1", talk + "/ann");
  t.says("<presence from='alice@a.example/1' to='" + talk +
         "/alice'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
  CHECK(t.gets("ann@a.example/1",
               {"<presence type='unavailable' from='" + talk +
                    "/alice'><x xmlns='http://jabber.org/protocol/muc#user'>"
                    "<item nick='alice (peer)'/><status code='303'/></x></presence>",
                "<presence from='" + talk + "/alice (peer)'/>",
                "<presence from='" + talk + "/alice'/>"}) == "");
  // And as long as she is there, he is the other one.
  t.forget();
  t.bob_says("<body>Again</body><nick xmlns='http://jabber.org/protocol/nick'>alice</nick>", "b2");
  CHECK(t.gets("ann@a.example/1", {"<message from='" + talk + "/alice (peer)'/>"}) == "");
}

TEST_CASE("A10: a receipt is sent when the message is durable, once for each copy") {
  Talk t;
  t.alice_talks();
  const std::string receipt =
      "<message type='chat' from='support@team.a.example/hansa'>"
      "<received xmlns='urn:xmpp:receipts' id='b1'/></message>";
  t.bob_says("<body>One</body><request xmlns='urn:xmpp:receipts'/>");
  CHECK(t.gets("bob@b.example/phone", {receipt}) == "");
  t.forget();
  t.bob_says("<body>One</body><request xmlns='urn:xmpp:receipts'/>");
  CHECK(t.gets("bob@b.example/phone", {receipt}) == "");
  CHECK(t.gets("alice@a.example/1", {}) == "");  // a repeat: not said again
  t.bob_says("<body>Two</body>", "b2");
  CHECK(t.gets("bob@b.example/phone", {}) == "");
}

TEST_CASE("A10: a bounce is shown once inside, and the message is not sent again") {
  Talk t;
  t.alice_talks();
  t.says_inside("alice@a.example/1", "<body>Are you there?</body>", "a1");
  const std::string id = t.last_id("bob@b.example");
  t.forget();
  const std::string bounce =
      "<message type='error' from='bob@b.example' to='support@team.a.example/hansa' id='" + id +
      "'><error type='cancel'><service-unavailable "
      "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>";
  t.says(bounce);
  CHECK(t.gets("alice@a.example/1", {"<message type='groupchat' "
                                     "from='support%bob\\40b.example@rooms.a.example'>"
                                     "<body>*</body></message>"}) == "");
  t.says(bounce);
  CHECK(t.gets("alice@a.example/1", {}) == "");
  CHECK(t.gets("bob@b.example", {}) == "");
}

TEST_CASE("A10: an error that answers nothing of ours is passed over") {
  Talk t;
  t.alice_talks();
  t.says(
      "<message type='error' from='bob@b.example' to='support@team.a.example/hansa' id='x'>"
      "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
      "</message>");
  CHECK(t.gets("alice@a.example/1", {}) == "");
  CHECK(t.gets("bob@b.example", {}) == "");
}

TEST_CASE("A10: too much at once from a peer is refused for a while") {
  Talk t;
  t.alice_talks();
  for (int i = 0; i < 30; ++i) t.bob_says("<body>x</body>", "f" + std::to_string(i));
  CHECK(t.gets("bob@b.example/phone", {}) == "");
  t.bob_says("<body>y</body>", "g");
  CHECK(t.gets("bob@b.example/phone",
               {"<message type='error' id='g'><error><policy-violation "
                "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"}) == "");
  t.advance(Millis(1'000));
  t.bob_says("<body>z</body>", "h");
  CHECK(t.gets("bob@b.example/phone", {}) == "");
}

TEST_CASE("A7: encrypted messages are refused with a text, both ways") {
  Talk t;
  t.alice_talks();
  const std::string payload =
      "<encrypted xmlns='eu.siacs.conversations.axolotl'/><body>You cannot read this</body>";
  t.bob_says(payload);
  CHECK(t.gets("bob@b.example/phone",
               {"<message type='error'><error><not-acceptable "
                "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text "
                "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>*</text></error></message>"}) == "");
  t.says_inside("alice@a.example/1", payload, "a1");
  CHECK(t.gets("alice@a.example/1",
               {"<message type='error' id='a1'><error><not-acceptable "
                "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"}) == "");
  CHECK(t.gets("bob@b.example", {}) == "");
}

TEST_CASE("A12: headlines are dropped, groupchat of strangers is refused") {
  Talk t;
  t.says(
      "<message type='headline' from='bob@b.example/x' to='support@team.a.example' id='h'>"
      "<body>Buy!</body></message>");
  CHECK(t.gets("bob@b.example/x", {}) == "");
  t.says(
      "<message type='groupchat' from='room@muc.b.example/x' to='support@team.a.example' "
      "id='g'><body>Hello</body></message>");
  CHECK(t.gets("room@muc.b.example/x",
               {"<message type='error' id='g'><error><service-unavailable "
                "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"}) == "");
  CHECK(t.gets("ann@a.example", {}) == "");
}

TEST_CASE("A12: messages to identities that do not exist are refused, hidden ones alike") {
  Talk t;
  t.joins("alice@a.example/1", "secret@rooms.a.example/alice");
  t.says(
      "<iq type='set' id='c' from='alice@a.example/1' to='secret@rooms.a.example'>"
      "<query xmlns='http://jabber.org/protocol/muc#owner'>"
      "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
      "<value>http://jabber.org/protocol/muc#roomconfig</value></field>"
      "<field var='muc#roomconfig_publicroom'><value>0</value></field></x></query></iq>");
  t.forget();
  for (const std::string name : {"nobody", "secret", "support%bob\\40b.example"}) {
    t.says("<message type='chat' from='eve@b.example/x' to='" + name +
           "@team.a.example' id='n'><body>Hello</body></message>");
    CHECK(t.gets("eve@b.example/x",
                 {"<message type='error' id='n'><error type='cancel'><service-unavailable "
                  "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"}) == "");
  }
}

TEST_CASE("A7: nothing of a member leaves: names, resources, ids, chat states, unknown payloads") {
  Talk t;
  t.alice_talks();
  t.says_inside("alice@a.example/1",
                "<body>Hello</body><origin-id xmlns='urn:xmpp:sid:0' id='origin-of-alice'/>"
                "<thread>thread-of-alice</thread>"
                "<active xmlns='http://jabber.org/protocol/chatstates'/>"
                "<nick xmlns='http://jabber.org/protocol/nick'>alice</nick>"
                "<secret xmlns='urn:example:alice'>alice</secret>",
                "id-of-alice");
  const auto all = t.heard("bob@b.example");
  REQUIRE(all.size() == 1);
  CHECK(all[0].find("alice") == std::string::npos);
  CHECK(all[0].find("<body>Hello</body>") != std::string::npos);
  t.says_inside("alice@a.example/1", "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
                "a2");
  CHECK(t.gets("bob@b.example", {}) == "");
}

TEST_CASE("A10: references are translated both ways, or dropped with their fallback kept") {
  Talk t;
  t.alice_talks();
  t.says_inside("alice@a.example/1", "<body>Helo</body>", "a1");
  const std::string first = t.last_id("bob@b.example");
  t.forget();
  t.says_inside("alice@a.example/1",
                "<body>Hello</body><replace xmlns='urn:xmpp:message-correct:0' id='a1'/>", "a2");
  CHECK(t.gets("bob@b.example", {"<message><body>Hello</body><replace "
                                 "xmlns='urn:xmpp:message-correct:0' id='" +
                                 first + "'/></message>"}) == "");
  t.forget();
  t.bob_says("<body>&gt; Hello\nHello you</body><reply xmlns='urn:xmpp:reply:0' id='" + first +
             "' to='support@team.a.example'/><fallback xmlns='urn:xmpp:fallback:0' "
             "for='urn:xmpp:reply:0'><body start='0' end='8'/></fallback>");
  const auto inside = t.heard("alice@a.example/1");
  REQUIRE(inside.size() == 2);                        // his presence, and what he says
  CHECK(inside[1].find(first) == std::string::npos);  // named by our own stanza id
  CHECK(inside[1].find("to='support%bob\\40b.example@rooms.a.example/alice'") != std::string::npos);
  CHECK(inside[1].find("for='urn:xmpp:reply:0'") != std::string::npos);
  t.says_inside("alice@a.example/1",
                "<body>&gt; x\ny</body><reply xmlns='urn:xmpp:reply:0' id='never-said'/>"
                "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'/>",
                "a3");
  const auto out = t.heard("bob@b.example");
  REQUIRE(out.size() == 1);
  CHECK(out[0].find("urn:xmpp:reply:0") == std::string::npos);
  CHECK(out[0].find("&gt; x") != std::string::npos);
}

TEST_CASE("A10: nobody corrects or retracts what somebody else said") {
  Talk t;
  t.alice_talks();
  t.joins("ann@a.example/x", std::string(Talk::kTalk) + "/ann");
  t.says_inside("alice@a.example/1", "<body>Mine</body>", "a1");
  t.forget();
  t.says_inside("ann@a.example/x",
                "<body>Yours</body><replace xmlns='urn:xmpp:message-correct:0' id='a1'/>", "n1");
  const auto out = t.heard("bob@b.example");
  REQUIRE(out.size() == 1);
  CHECK(out[0].find("replace") == std::string::npos);
}
