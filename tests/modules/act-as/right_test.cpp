// The right to act (requirement A2) and what a conversation is to others (protocol §3).

#include <doctest/doctest.h>

#include "tests/support/acting_fixture.h"

using hansa::test::ActingFixture;

namespace {

struct Rights : ActingFixture {
  Rights() { found_support(); }
  void says_inside(const std::string& who, const std::string& id) {
    says("<message type='groupchat' from='" + who + "' id='" + id + "' to='" + std::string(kTalk) +
         "'><body>Hello</body></message>");
  }
};

constexpr std::string_view kMayNot =
    "<iq type='error' id='o' from='support@team.a.example'><error type='auth'><forbidden "
    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text "
    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>*</text><not-allowed-to-act "
    "xmlns='urn:xmpp:act-as:0' room='support@rooms.a.example' may-join='true'/></error></iq>";

}  // namespace

TEST_CASE("A2: one who is no member may not act, and is told that he can ask to join") {
  Rights t;
  t.opens("bob@b.example", "Hello", "carl@a.example/1");
  CHECK(t.gets("carl@a.example/1", {kMayNot}) == "");
  CHECK(t.gets("bob@b.example", {}) == "");
}

TEST_CASE("A2: where there is no room, he is told whether he can create it") {
  Rights t;
  t.opens("bob@b.example", {}, "carl@a.example/1", "sales@team.a.example");
  CHECK(t.gets("carl@a.example/1", {"<iq type='error'><error type='cancel'><item-not-found "
                                    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><may-create "
                                    "xmlns='urn:xmpp:act-as:0'/></error></iq>"}) == "");
  t.opens("bob@b.example", {}, "eve@b.example/1", "sales@team.a.example");
  const auto all = t.heard("eve@b.example/1");
  REQUIRE(all.size() == 1);
  CHECK(all[0].find("item-not-found") != std::string::npos);
  CHECK(all[0].find("may-create") == std::string::npos);
}

TEST_CASE("A2: a hidden room is refused exactly as one that does not exist") {
  Rights t;
  t.joins("alice@a.example/1", "hidden@rooms.a.example/alice");
  t.says(
      "<iq type='set' id='c' from='alice@a.example/1' to='hidden@rooms.a.example'>"
      "<query xmlns='http://jabber.org/protocol/muc#owner'>"
      "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
      "<value>http://jabber.org/protocol/muc#roomconfig</value></field>"
      "<field var='muc#roomconfig_publicroom'><value>0</value></field></x></query></iq>");
  t.forget();
  t.opens("bob@b.example", {}, "carl@a.example/1", "hidden@team.a.example");
  t.opens("bob@b.example", {}, "carl@a.example/1", "absent@team.a.example");
  auto all = t.heard("carl@a.example/1");
  REQUIRE(all.size() == 2);
  for (std::size_t at = 0; (at = all[0].find("hidden", at)) != std::string::npos;) {
    all[0].replace(at, 6, "absent");
  }
  CHECK(all[0] == all[1]);
}

TEST_CASE("A2: the right is asked for every message, not only at the start") {
  Rights t;
  t.opens("bob@b.example");
  t.is_person("bob@b.example");
  t.joins("ann@a.example/x", std::string(Rights::kTalk) + "/ann");
  t.says_inside("ann@a.example/x", "n1");
  CHECK(t.gets("bob@b.example", {"<message><body>Hello</body></message>"}) == "");
  t.makes_member("ann@a.example", "none");
  t.forget();
  t.says_inside("ann@a.example/x", "n2");
  CHECK(t.gets("ann@a.example/x",
               {"<message type='error' id='n2'><error type='auth'><forbidden "
                "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><not-allowed-to-act "
                "xmlns='urn:xmpp:act-as:0' room='support@rooms.a.example'/></error></message>"}) ==
        "");
  CHECK(t.gets("bob@b.example", {}) == "");
  t.opens("bob@b.example", "Again", "ann@a.example/x");
  CHECK(t.gets("ann@a.example/x", {kMayNot}) == "");
}

TEST_CASE("A2: who is no member any more is put out of the conversations, the others stay") {
  Rights t;
  t.opens("bob@b.example");
  t.is_person("bob@b.example");
  t.joins("ann@a.example/x", std::string(Rights::kTalk) + "/ann");
  t.joins("alice@a.example/1", std::string(Rights::kTalk) + "/alice");
  t.makes_member("ann@a.example", "none");
  t.advance(hansa::Millis(1000));
  std::string told;
  for (const std::string& stanza : t.heard("ann@a.example/x")) told += stanza;
  INFO(told);
  CHECK(told.find("type='unavailable'") != std::string::npos);
  CHECK(told.find("<status code='321'/>") != std::string::npos);
  t.forget();
  t.says(
      "<message type='chat' from='bob@b.example/x' to='support@team.a.example' id='b1'>"
      "<body>Still there?</body></message>");
  CHECK(t.heard("ann@a.example/x").empty());
  CHECK_FALSE(t.heard("alice@a.example/1").empty());
}

TEST_CASE("A2: who is no member any more is put out of each of very many conversations") {
  Rights t;
  constexpr int kMany = 1500;  // more than one batch of letters holds
  for (int i = 0; i < kMany; ++i) t.opens("p" + std::to_string(i) + "@b.example");
  const std::string last = "support%zoe\\40b.example@rooms.a.example";
  t.opens("zoe@b.example");
  t.joins("ann@a.example/x", last + "/ann");
  t.makes_member("ann@a.example", "none");
  t.forget();
  for (int second = 0; second < 10; ++second) t.advance(hansa::Millis(1000));
  std::string told;
  for (const std::string& stanza : t.heard("ann@a.example/x")) told += stanza;
  INFO(told);
  CHECK(told.find("from='" + last + "/ann' type='unavailable'") != std::string::npos);
  // The room still keeps what it decides.
  t.makes_member("ann@a.example");
  CHECK(t.heard("alice@a.example/1").back().find("type='result'") != std::string::npos);
}

TEST_CASE("A10: the list of conversations counts all, also more than one read of the index gives") {
  constexpr int kAtOnce = 5300;
  int made = 0;
  ActingFixture t([&made](hansa::act_as::ActAs&, hansa::engine::Router& rows) {
    const auto make = [&made](hansa::engine::RoomTurn& turn, const hansa::xmpp::Stanza&) {
      for (int i = 0; i < kAtOnce; ++i, ++made) {
        const std::string peer = "p" + std::to_string(made);
        turn.index("conversation/support@rooms.a.example/support%" + peer +
                       "\\40b.example@rooms.a.example",
                   peer + "@b.example");
      }
      turn.reply();
    };
    using hansa::engine::Target;
    const auto iq = hansa::xmpp::StanzaKind::iq;
    REQUIRE(rows.add({Target::room, iq, "set", "many", "urn:example", ""}, make).ok());
  });
  t.found_support();
  for (int i = 0; i < 2; ++i) {
    t.says(
        "<iq type='set' id='n' from='alice@a.example/1' to='support@rooms.a.example'>"
        "<many xmlns='urn:example'/></iq>");
  }
  t.forget();
  t.says(
      "<iq type='get' id='l' from='alice@a.example/1' to='support@team.a.example'>"
      "<conversations xmlns='urn:xmpp:act-as:0'><set xmlns='http://jabber.org/protocol/rsm'>"
      "<max>1</max></set></conversations></iq>");
  const auto all = t.heard("alice@a.example/1");
  REQUIRE(all.size() == 1);
  INFO(all[0]);
  CHECK(all[0].find("<count>10600</count>") != std::string::npos);
}

TEST_CASE("A2: a member who may not act reads and does not speak") {
  Rights t;
  t.says(
      "<iq type='set' id='c' from='alice@a.example/1' to='support@rooms.a.example'>"
      "<query xmlns='http://jabber.org/protocol/muc#owner'>"
      "<x xmlns='jabber:x:data' type='submit'><field var='act-as#may_act'><value>owners</value>"
      "</field></x></query></iq>");
  t.opens("bob@b.example", "Good morning");
  t.is_person("bob@b.example");
  t.forget();
  const std::string ann = "ann@a.example/x";
  const std::string talk(Rights::kTalk);
  t.opens("bob@b.example", "Hello", ann);
  CHECK(t.gets(ann, {"<iq type='error' id='o'><error type='auth'><forbidden "
                     "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><not-allowed-to-act "
                     "xmlns='urn:xmpp:act-as:0' room='support@rooms.a.example' "
                     "may-join='false'/></error></iq>"}) == "");
  t.says("<presence from='" + ann + "' to='" + talk +
         "/ann'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
  std::string seen;
  for (const std::string& one : t.heard(ann)) seen += one;
  CHECK(seen.find("role='visitor'") != std::string::npos);
  CHECK(seen.find("Good morning") != std::string::npos);  // she reads
  t.forget();
  t.says("<message type='groupchat' from='" + ann + "' to='" + talk +
         "' id='g'><body>Hello</body></message>");
  CHECK(t.gets(ann, {"<message type='error' id='g'><error type='auth'><forbidden "
                     "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"}) == "");
  CHECK(t.gets("bob@b.example", {}) == "");
  t.joins("alice@a.example/1", talk + "/alice");
  t.says("<message type='groupchat' from='alice@a.example/1' to='" + talk +
         "' id='g'><body>Hello</body></message>");
  CHECK(t.gets("bob@b.example", {"<message><body>Hello</body></message>"}) == "");
}

TEST_CASE("A2: to all others a conversation is a name that nobody may use") {
  Rights t;
  t.opens("bob@b.example", "Hello");
  t.forget();
  const auto asks = [&](const std::string& room) {
    t.says("<presence from='carl@a.example/1' to='" + room +
           "/carl'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
    t.says("<iq type='get' id='d' from='carl@a.example/1' to='" + room +
           "'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
    t.says("<message type='groupchat' id='g' from='carl@a.example/1' to='" + room +
           "'><body>x</body></message>");
    std::string all;
    for (std::string stanza : t.heard("carl@a.example/1")) {
      for (std::size_t at = 0; (at = stanza.find(room, at)) != std::string::npos;) {
        stanza.replace(at, room.size(), "ROOM");
      }
      all += stanza + "\n";
    }
    return all;
  };
  const std::string real = asks(std::string(Rights::kTalk));
  const std::string none = asks("support%nobody\\40b.example@rooms.a.example");
  CHECK(real == none);
  CHECK(real.find("not-allowed") != std::string::npos);
  CHECK(real.find("item-not-found") != std::string::npos);
}

TEST_CASE("A2: bad requests are refused before anything is made") {
  Rights t;
  t.says(
      "<iq type='set' id='o' from='alice@a.example/1' to='support@team.a.example'>"
      "<open xmlns='urn:xmpp:act-as:0'/></iq>");
  CHECK(t.gets("alice@a.example/1", {"<iq type='error'><error><bad-request "
                                     "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
                                     "</iq>"}) == "");
  for (const std::string peer : {"b ob@", "bob@b.example/phone"}) {
    t.opens(peer);
    CHECK(t.gets("alice@a.example/1",
                 {"<iq type='error'><error><jid-malformed "
                  "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"}) == "");
  }
  for (const std::string peer : {"support@team.a.example", "support@rooms.a.example"}) {
    t.opens(peer);
    CHECK(t.gets("alice@a.example/1",
                 {"<iq type='error'><error><not-acceptable "
                  "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"}) == "");
  }
  t.opens("bob@b.example", {}, "alice@a.example/1", "support%bob\\40b.example@team.a.example");
  CHECK(t.gets("alice@a.example/1",
               {"<iq type='error'><error><item-not-found "
                "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"}) == "");
}
