// An identity seen from outside (protocol §4, «Identity = account»), and the identities of a user.

#include <doctest/doctest.h>

#include "modules/act-as/address.h"
#include "tests/support/acting_fixture.h"

using hansa::act_as::conversation_address;
using hansa::test::ActingFixture;
using hansa::xmpp::Jid;

namespace {

struct Looks : ActingFixture {
  Looks() { found_support(); }
  void asks(const std::string& payload, const std::string& to = "support@team.a.example") {
    says("<iq type='get' id='q' from='bob@b.example/phone' to='" + to + "'>" + payload + "</iq>");
  }
};

std::string refused(const std::string& condition) {
  return "<iq type='error' id='q'><error><" + condition +
         " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";
}

std::string address(const std::string& local, const std::string& peer) {
  return conversation_address("rooms.a.example", local, *Jid::parse(peer)).text();
}

}  // namespace

TEST_CASE("A10: an identity has the room's card and is an account") {
  Looks t;
  t.asks("<vCard xmlns='vcard-temp'/>");
  t.asks("<query xmlns='http://jabber.org/protocol/disco#info'/>");
  t.asks("<query xmlns='http://jabber.org/protocol/disco#items'/>");
  CHECK(t.gets("bob@b.example/phone",
               {"<iq type='result' from='support@team.a.example'><vCard xmlns='vcard-temp'>"
                "<FN>Support</FN><DESC>We help.</DESC></vCard></iq>",
                "<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'>"
                "<identity category='account' type='registered' name='Support'/>"
                "<feature var='vcard-temp'/></query></iq>",
                "<iq type='result'><query xmlns='http://jabber.org/protocol/disco#items'/>"
                "</iq>"}) == "");
}

TEST_CASE("A10: an identity has the room's avatar, and keeps its own name") {
  Looks t;
  t.says(
      "<iq type='set' id='v' from='alice@a.example/1' to='support@rooms.a.example'>"
      "<vCard xmlns='vcard-temp'><FN>Other</FN><PHOTO><TYPE>image/png</TYPE>"
      "<BINVAL>YWJj</BINVAL></PHOTO></vCard></iq>");
  t.asks("<vCard xmlns='vcard-temp'/>");
  CHECK(t.gets("bob@b.example/phone",
               {"<iq type='result'><vCard xmlns='vcard-temp'><FN>Support</FN><PHOTO>"
                "<TYPE>image/png</TYPE><BINVAL>YWJj</BINVAL></PHOTO></vCard></iq>"}) == "");
}

TEST_CASE("A7: what an identity answers does not depend on its members") {
  Looks t;
  const auto answers = [&] {
    t.asks("<vCard xmlns='vcard-temp'/>");
    t.asks("<query xmlns='http://jabber.org/protocol/disco#info'/>");
    t.asks("<query xmlns='jabber:iq:last'/>");
    std::string all;
    for (const std::string& one : t.heard("bob@b.example/phone")) all += one + "\n";
    return all;
  };
  const std::string before = answers();
  t.makes_member("dora@a.example");
  t.says(
      "<presence type='unavailable' from='alice@a.example/1' "
      "to='support@rooms.a.example/alice'/>");
  t.forget();
  CHECK(answers() == before);
  CHECK(before.find("alice") == std::string::npos);
}

TEST_CASE("A12: unknown and hidden identities, and conversations, are not found") {
  Looks t;
  t.opens("bob@b.example");
  t.forget();
  for (const std::string name : {"nobody", "support%bob\\40b.example"}) {
    const std::string to = name + "@team.a.example";
    t.asks("<query xmlns='http://jabber.org/protocol/disco#info'/>", to);
    t.asks("<vCard xmlns='vcard-temp'/>", to);
    CHECK(t.gets("bob@b.example/phone", {refused("item-not-found"), refused("item-not-found")}) ==
          "");
  }
}

TEST_CASE("A12: what an account may lack is refused; keys of devices are not found") {
  Looks t;
  t.asks("<query xmlns='jabber:iq:roster'/>");
  t.asks("<query xmlns='urn:xmpp:mam:2'/>");
  t.asks("<blocklist xmlns='urn:xmpp:blocking'/>");
  t.asks(
      "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items "
      "node='eu.siacs.conversations.axolotl.devicelist'/></pubsub>");
  CHECK(t.gets("bob@b.example/phone",
               {refused("service-unavailable"), refused("service-unavailable"),
                refused("service-unavailable"), refused("item-not-found")}) == "");
}

TEST_CASE("A12: subscribers see a new name or avatar; ping and time are the node's own") {
  Looks t;
  const auto card = [&] {
    t.says(
        "<iq type='set' id='v' from='alice@a.example/1' to='support@rooms.a.example'><vCard "
        "xmlns='vcard-temp'><PHOTO><TYPE>image/png</TYPE><BINVAL>AAAA</BINVAL></PHOTO></vCard>"
        "</iq>");
  };
  const auto named = [&](const std::string& name) {
    t.says(
        "<iq type='set' id='c' from='alice@a.example/1' to='support@rooms.a.example'><query "
        "xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'>"
        "<field var='muc#roomconfig_roomname'><value>" +
        name +
        "</value></field></x></query>"
        "</iq>");
  };
  card();
  named("Help");
  CHECK(t.gets("bob@b.example", {}) == "");  // he did not ask for it
  t.says("<presence type='subscribe' from='bob@b.example' to='support@team.a.example'/>");
  t.forget();
  card();
  CHECK(t.gets("bob@b.example",
               {"<presence from='support@team.a.example/hansa'><x "
                "xmlns='vcard-temp:x:update'><photo>*</photo></x><nick "
                "xmlns='http://jabber.org/protocol/nick'>Help</nick></presence>"}) == "");
  named("Support desk");
  CHECK(t.gets("bob@b.example", {"<presence><nick xmlns='http://jabber.org/protocol/nick'>Support "
                                 "desk</nick></presence>"}) == "");
  named("Support desk");
  CHECK(t.gets("bob@b.example", {}) == "");
  t.forget();
  for (const char* to : {"support@team.a.example", "support@team.a.example/hansa"}) {
    t.asks("<ping xmlns='urn:xmpp:ping'/>", to);
    t.asks("<time xmlns='urn:xmpp:time'/>", to);
    CHECK(t.gets("bob@b.example/phone",
                 {"<iq type='result'/>",
                  "<iq type='result'><time xmlns='urn:xmpp:time'><tzo>*</tzo><utc>*</utc></time>"
                  "</iq>"}) == "");
  }
  t.asks("<ping xmlns='urn:xmpp:ping'/>", "nobody@team.a.example");
  CHECK(t.gets("bob@b.example/phone", {refused("item-not-found")}) == "");
}

TEST_CASE("A12: who subscribes is subscribed for good, and his probes are answered") {
  Looks t;
  const auto presence = [&](const std::string& type) {
    t.says("<presence type='" + type + "' from='bob@b.example' to='support@team.a.example'/>");
  };
  presence("probe");
  CHECK(t.gets("bob@b.example", {"<presence type='unsubscribed'/>"}) == "");
  presence("subscribe");
  CHECK(t.gets("bob@b.example", {"<presence type='subscribed' from='support@team.a.example'/>",
                                 "<presence type='!' from='support@team.a.example/hansa'/>"}) ==
        "");
  t.crash();
  t.start();
  presence("probe");
  CHECK(t.gets("bob@b.example", {"<presence type='!' from='support@team.a.example/hansa'/>"}) ==
        "");
  presence("unsubscribe");
  t.forget();
  presence("probe");
  CHECK(t.gets("bob@b.example", {"<presence type='unsubscribed'/>"}) == "");
  t.says("<presence type='subscribe' from='bob@b.example' to='nobody@team.a.example'/>");
  CHECK(t.gets("bob@b.example", {"<presence type='unsubscribed' from='nobody@team.a.example'/>"}) ==
        "");
}

TEST_CASE("A1: a member of more rooms than are looked at is told so") {
  Looks t;
  const auto more = [&] {
    t.forget();
    t.says(
        "<iq type='get' id='i' from='alice@a.example/1' to='team.a.example'><identities "
        "xmlns='urn:xmpp:act-as:0'/></iq>");
    return t.heard("alice@a.example/1").at(0).find(" more='true'") != std::string::npos;
  };
  const auto founds = [&](int count) {
    for (int i = 0; i < count; ++i) {
      t.joins("alice@a.example/1", "r" + std::to_string(i) + "@rooms.a.example/alice");
    }
  };
  founds(150);
  CHECK_FALSE(more());
  founds(200);
  CHECK(more());
}

TEST_CASE("A1: a user sees himself and the rooms that he may act as") {
  Looks t;
  const auto asks = [&](const std::string& who) {
    t.says("<iq type='get' id='i' from='" + who +
           "' to='team.a.example'><identities xmlns='urn:xmpp:act-as:0'/></iq>");
    return t.heard(who);
  };
  const auto alice = asks("alice@a.example/1");
  REQUIRE(alice.size() == 1);
  CHECK(alice[0].find("<identities xmlns='urn:xmpp:act-as:0'>"
                      "<identity jid='alice@a.example' self='true'/>"
                      "<identity jid='support@team.a.example' room='support@rooms.a.example' "
                      "name='Support'/></identities>") != std::string::npos);
  const auto carl = asks("carl@a.example/1");
  REQUIRE(carl.size() == 1);
  CHECK(carl[0].find("support") == std::string::npos);
  t.makes_member("ann@a.example", "none");
  t.forget();
  CHECK(asks("ann@a.example/x")[0].find("support") == std::string::npos);
}

TEST_CASE("protocol §4: addresses of conversations are computed forward") {
  CHECK(address("support", "bob@b.example") == "support%bob\\40b.example@rooms.a.example");
  CHECK(address("support", "b.example") == "support%b.example@rooms.a.example");
  CHECK(address("support", "d\\27artagnan@b.example") ==
        "support%d\\5c27artagnan\\40b.example@rooms.a.example");
  const std::string full = address("support", "lobby@muc.b.example/Bob");
  CHECK(full.starts_with("support%~"));
  CHECK(full.size() == std::string("support%~@rooms.a.example").size() + 26);
  const std::string at_most = std::string(512 - 8 - 12, 'x') + "@b.example";
  CHECK_FALSE(address("support", at_most).starts_with("support%~"));
  CHECK(address("support", "x" + at_most).starts_with("support%~"));
}
