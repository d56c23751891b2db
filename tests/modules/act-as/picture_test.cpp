// What an identity shows of itself as accounts do: its picture by PEP (XEP-0084, XEP-0163) and the
// hash of what it can (XEP-0115); to whom, and that nothing of members is in it.

#include <doctest/doctest.h>

#include "tests/support/acting_fixture.h"

using hansa::Millis;
using hansa::test::ActingFixture;

namespace {

constexpr const char* kHash = "a9993e364706816aba3e25717850c26c9cd0d89d";  // of abc
constexpr const char* kEvent =
    "<message type='headline' from='support@team.a.example'><event "
    "xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:avatar:metadata'><item "
    "id='a9993e364706816aba3e25717850c26c9cd0d89d'><metadata "
    "xmlns='urn:xmpp:avatar:metadata'><info "
    "bytes='3' id='a9993e364706816aba3e25717850c26c9cd0d89d' type='image/gif'/></metadata></item>"
    "</items></event></message>";

struct Picture : ActingFixture {
  Picture() { found_support(); }
  void card(const std::string& content) {
    says(
        "<iq type='set' id='v' from='alice@a.example/1' to='support@rooms.a.example'>"
        "<vCard xmlns='vcard-temp'>" +
        content + "</vCard></iq>");
  }
  void has_picture() {
    card("<PHOTO><TYPE>image/gif</TYPE><BINVAL>YW\nJj</BINVAL></PHOTO>");
    seconds_pass();
    forget();
  }
  void seconds_pass() { advance(Millis(3000)); }
  void asks(const std::string& payload, const std::string& to = "support@team.a.example") {
    says("<iq type='get' id='q' from='bob@b.example/phone' to='" + to + "'>" + payload + "</iq>");
  }
  void wants(const std::string& node, const std::string& item = {},
             const std::string& to = "support@team.a.example") {
    asks("<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='" + node + "'>" + item +
             "</items></pubsub>",
         to);
  }
  void presence(const std::string& type, const std::string& from = "bob@b.example") {
    says("<presence type='" + type + "' from='" + from + "' to='support@team.a.example'/>");
  }
  // How many of what he was sent have that text; all of it is forgotten.
  std::size_t told(const std::string& who, const std::string& text) {
    std::size_t count = 0;
    for (const std::string& one : heard(who)) count += one.find(text) != std::string::npos ? 1 : 0;
    forget();
    return count;
  }
};

constexpr const char* kNotFound =
    "<iq type='error' id='q'><error><item-not-found "
    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";
constexpr const char* kBob = "bob@b.example/phone";

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  if (at == std::string::npos) return {};
  return text.substr(at + from.size(), text.find(to, at + from.size()) - at - from.size());
}

}  // namespace

TEST_CASE("A10: an identity's picture is found and read as any account's") {
  Picture t;
  t.has_picture();
  t.asks("<query xmlns='http://jabber.org/protocol/disco#items'/>");
  t.asks("<query xmlns='http://jabber.org/protocol/disco#info' node='urn:xmpp:avatar:data'/>");
  t.asks("<query xmlns='http://jabber.org/protocol/disco#items' node='urn:xmpp:avatar:data'/>");
  t.wants("urn:xmpp:avatar:metadata");
  t.wants("urn:xmpp:avatar:data", "<item id='" + std::string(kHash) + "'/>");
  t.wants("urn:xmpp:avatar:data", {}, "support@team.a.example/hansa");
  const std::string data =
      "<items node='urn:xmpp:avatar:data'><item id='" + std::string(kHash) +
      "'><data xmlns='urn:xmpp:avatar:data'>YWJj</data></item></items></pubsub></iq>";
  const std::string answer =
      "<iq type='result' id='q'><pubsub xmlns='http://jabber.org/protocol/pubsub'>";
  CHECK(t.gets(kBob, {"<iq type='result'><query xmlns='http://jabber.org/protocol/disco#items'>"
                      "<item jid='support@team.a.example' node='urn:xmpp:avatar:metadata'/>"
                      "<item jid='support@team.a.example' node='urn:xmpp:avatar:data'/></query>"
                      "</iq>",
                      "<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info' "
                      "node='urn:xmpp:avatar:data'><identity category='pubsub' type='leaf'/>"
                      "</query></iq>",
                      "<iq type='result'><query xmlns='http://jabber.org/protocol/disco#items' "
                      "node='urn:xmpp:avatar:data'><item jid='support@team.a.example' name='" +
                          std::string(kHash) + "'/></query></iq>",
                      answer + "<items node='urn:xmpp:avatar:metadata'><item id='" + kHash +
                          "'><metadata xmlns='urn:xmpp:avatar:metadata'><info bytes='3' id='" +
                          kHash + "' type='image/gif'/></metadata></item></items></pubsub></iq>",
                      answer + data, answer + data}) == "");
}

TEST_CASE("A10: other nodes, other items, and the picture of one who has none are not found") {
  Picture t;
  t.wants("urn:xmpp:avatar:metadata");
  t.wants("urn:xmpp:avatar:data");
  t.asks("<query xmlns='http://jabber.org/protocol/disco#info' node='urn:xmpp:avatar:data'/>");
  CHECK(t.gets(kBob, {kNotFound, kNotFound, kNotFound}) == "");
  t.has_picture();
  t.wants("urn:xmpp:avatar:data", "<item id='0123'/>");
  t.wants("members");
  t.wants("eu.siacs.conversations.axolotl.devicelist");
  t.asks("<pubsub xmlns='http://jabber.org/protocol/pubsub'><subscriptions/></pubsub>");
  t.wants("urn:xmpp:avatar:data", {}, "nobody@team.a.example");
  t.asks("<query xmlns='http://jabber.org/protocol/disco#items' node='members'/>");
  CHECK(t.gets(kBob, {kNotFound, kNotFound, kNotFound, kNotFound, kNotFound, kNotFound}) == "");
  t.card({});
  t.forget();
  t.wants("urn:xmpp:avatar:metadata");
  CHECK(t.gets(kBob, {kNotFound}) == "");
}

TEST_CASE(
    "A10: subscribers are told of a new picture once, at their bare address, and others not") {
  Picture t;
  t.presence("subscribe");
  t.presence("subscribe", "bea@b.example");
  t.presence("unsubscribe", "bea@b.example");
  t.forget();
  t.card("<PHOTO><TYPE>image/gif</TYPE><BINVAL>YWJj</BINVAL></PHOTO>");
  t.seconds_pass();
  CHECK(t.gets("bob@b.example", {"<presence from='support@team.a.example/hansa'/>", kEvent}) == "");
  CHECK(t.gets("bea@b.example", {}) == "");
  t.forget();
  t.card("<PHOTO><TYPE>image/webp</TYPE><BINVAL>YWJj</BINVAL></PHOTO>");
  t.seconds_pass();
  CHECK(t.told("bob@b.example", "image/webp") == 1);
  t.card({});
  t.seconds_pass();
  CHECK(t.gets("bob@b.example",
               {"<presence from='support@team.a.example/hansa'/>",
                "<message type='headline' from='support@team.a.example'><event "
                "xmlns='http://jabber.org/protocol/pubsub#event'><items "
                "node='urn:xmpp:avatar:metadata'><item><metadata "
                "xmlns='urn:xmpp:avatar:metadata'/></item></items></event></message>"}) == "");
}

TEST_CASE("A10: who subscribes, or comes online, is told of the picture that there is") {
  Picture t;
  t.presence("subscribe");
  t.presence("probe");
  CHECK(t.told("bob@b.example", "<event") == 0);
  t.has_picture();
  t.presence("probe", "bob@b.example/phone");
  CHECK(t.told("bob@b.example", "<event") == 1);
  t.crash();
  t.start();
  t.presence("probe");
  CHECK(t.told("bob@b.example", "<event") == 1);
  t.presence("probe", "bea@b.example");
  CHECK(t.told("bea@b.example", "<event") == 0);
  t.presence("subscribe", "bea@b.example");
  CHECK(t.told("bea@b.example", "<event") == 1);
}

TEST_CASE("A10: a blocked subscriber is told nothing, after a restart either, until he is not") {
  Picture t;
  t.presence("subscribe");
  t.opens("bob@b.example", "Hello");
  t.is_person("bob@b.example");
  const auto changes = [&](const std::string& action) {
    t.says(
        "<iq type='set' id='x' from='alice@a.example/1' "
        "to='support%bob\\40b.example@rooms.a.example'><change xmlns='urn:xmpp:act-as:0' "
        "action='" +
        action + "'/></iq>");
    t.forget();
  };
  const auto another = [&](const std::string& base64) {
    t.card("<PHOTO><BINVAL>" + base64 + "</BINVAL></PHOTO>");
    t.seconds_pass();
  };
  changes("block");
  another("YWJj");
  CHECK(t.told("bob@b.example", "team.a.example") == 0);
  t.crash();
  t.start();
  another("YWJk");
  CHECK(t.told("bob@b.example", "team.a.example") == 0);
  changes("unblock");
  another("YWJl");
  CHECK(t.told("bob@b.example", "<event") == 1);
}

TEST_CASE("A10: presence carries the hash of what disco#info answers, which follows the name") {
  Picture t;
  const auto caps = [&] {
    t.forget();
    t.presence("probe");
    return between(t.heard("bob@b.example").at(0), " ver='", "'");
  };
  const auto asks = [&](const std::string& node) {
    t.forget();
    t.asks("<query xmlns='http://jabber.org/protocol/disco#info' node='" + node + "'/>",
           "support@team.a.example/hansa");
    return t.heard(kBob).at(0);
  };
  t.presence("subscribe");
  const std::string ver = caps();
  CHECK(ver.size() == 28);
  const std::string answer = asks("urn:xmpp:act-as:0#" + ver);
  CHECK(answer.find(" node='urn:xmpp:act-as:0#" + ver + "'") != std::string::npos);
  CHECK(answer.find("<feature var='http://jabber.org/protocol/caps'/>") != std::string::npos);
  CHECK(asks("urn:xmpp:act-as:0#other").find("item-not-found") != std::string::npos);
  CHECK(asks("urn:xmpp:act-as:0").find("item-not-found") != std::string::npos);
  t.makes_member("dora@a.example");
  CHECK(caps() == ver);
  t.says(
      "<iq type='set' id='c' from='alice@a.example/1' to='support@rooms.a.example'><query "
      "xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'>"
      "<field var='muc#roomconfig_roomname'><value>Help</value></field></x></query></iq>");
  CHECK(caps() != ver);
  CHECK(asks("urn:xmpp:act-as:0#" + ver).find("item-not-found") != std::string::npos);
}

TEST_CASE("A7: picture, caps and nodes say nothing of members, and do not change with them") {
  Picture t;
  t.has_picture();
  t.presence("subscribe");
  const auto all = [&] {
    t.forget();
    t.presence("probe");
    t.wants("urn:xmpp:avatar:metadata");
    t.wants("urn:xmpp:avatar:data");
    t.asks("<query xmlns='http://jabber.org/protocol/disco#items'/>");
    std::string said;
    for (const std::string& one : t.heard("bob@b.example")) {
      if (one.find("<event") == std::string::npos) said += one + "\n";  // its id is another one
    }
    for (const std::string& one : t.heard(kBob)) said += one + "\n";
    return said;
  };
  const std::string before = all();
  t.makes_member("dora@a.example");
  t.says(
      "<presence type='unavailable' from='alice@a.example/1' "
      "to='support@rooms.a.example/alice'/>");
  CHECK(all() == before);
  CHECK(before.find("alice") == std::string::npos);
}
