// Who may act as a room (requirements A1, A2, A+): the settings, rights given to chosen members,
// and that no act succeeds once a revocation is durable.

#include <string>

#include <doctest/doctest.h>

#include "tests/support/acting_services.h"

using hansa::Millis;
using hansa::test::ActingServices;

namespace {

constexpr const char* kAnn = "ann@a.example/x";
constexpr const char* kRights = "urn:xmpp:act-as:0#rights";
constexpr const char* kStanzas = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'";

struct Chosen : ActingServices {
  Chosen() {
    found_support();
    sets("act-as#may_act", "chosen");
  }
  void sets(const std::string& var, const std::string& value) {
    forget();
    says(
        "<iq type='set' id='c' from='alice@a.example/1' to='support@rooms.a.example'>"
        "<query xmlns='http://jabber.org/protocol/muc#owner'>"
        "<x xmlns='jabber:x:data' type='submit'><field var='" +
        var + "'><value>" + value + "</value></field></x></query></iq>");
    CHECK(gets("alice@a.example/1", {"<iq type='result'/>", "<message/>"}) == "");
  }
  void right(const std::string& attributes, const std::string& who = "alice@a.example/1") {
    hears_right(attributes, who);
    run();
  }
  void hears_right(const std::string& attributes, const std::string& who = "alice@a.example/1") {
    hears("<iq type='set' id='r' from='" + who +
          "' to='support@team.a.example'>"
          "<right xmlns='urn:xmpp:act-as:0' " +
          attributes + "/></iq>");
  }
  // What she gets who opens a conversation.
  std::string outcome(const std::string& peer = "bob@b.example", const std::string& who = kAnn) {
    forget();
    opens(peer, "Hello", who);
    const auto all = heard(who);
    REQUIRE_FALSE(all.empty());
    if (all[0].find("type='result'") != std::string::npos) return "yes";
    for (const char* condition : {"forbidden", "item-not-found", "resource-constraint"}) {
      if (all[0].find(condition) != std::string::npos) return condition;
    }
    return all[0];
  }
  void speaks(const std::string& id) {
    hears("<message type='groupchat' from='" + std::string(kAnn) + "' id='" + id + "' to='" +
          std::string(kTalk) + "'><body>" + id + "</body></message>");
  }
  void command(const std::string& fields, const std::string& who = "alice@a.example/1") {
    says("<iq type='set' id='k' from='" + who +
         "' to='team.a.example'><command "
         "xmlns='http://jabber.org/protocol/commands' node='" +
         kRights +
         "' action='complete'>"
         "<x xmlns='jabber:x:data' type='submit'>" +
         fields + "</x></command></iq>");
  }
  static std::string field(const std::string& var, const std::string& value) {
    return "<field var='" + var + "'><value>" + value + "</value></field>";
  }
};

}  // namespace

TEST_CASE("A+: «chosen»: owners may act, a member once the right was given, until it is taken") {
  Chosen t;
  CHECK(t.outcome("bob@b.example", "alice@a.example/1") == "yes");
  CHECK(t.outcome() == "forbidden");
  t.right("member='ann@a.example'");
  CHECK(t.gets("alice@a.example/1", {"<iq type='result' id='r'/>"}) == "");
  CHECK(t.outcome() == "yes");
  t.right("member='ann@a.example' allow='false'");
  CHECK(t.outcome() == "forbidden");
}

TEST_CASE("A+: who may not act is told who may; an admin is none of those") {
  Chosen t;
  t.makes_member("ann@a.example", "admin");
  t.forget();
  t.opens("bob@b.example", "Hello", kAnn);
  const auto all = t.heard(kAnn);
  REQUIRE(all.size() == 1);
  CHECK(all[0].find("only its owners and the members whom they chose may") != std::string::npos);
}

TEST_CASE("A+: a right can hold towards one peer only") {
  Chosen t;
  t.right("member='ann@a.example' peer='bob@b.example'");
  CHECK(t.outcome("eve@b.example") == "forbidden");
  CHECK(t.outcome("bob@b.example") == "yes");
  t.right("member='ann@a.example' peer='eve@b.example'");
  CHECK(t.outcome("eve@b.example") == "yes");
  t.right("member='ann@a.example' peer='bob@b.example' allow='false'");
  CHECK(t.outcome("bob@b.example") == "forbidden");
  CHECK(t.outcome("eve@b.example") == "yes");
  t.right("member='ann@a.example' allow='false'");  // whatever she has
  CHECK(t.outcome("eve@b.example") == "forbidden");
}

TEST_CASE("A+: a right ends at its time, by the clock, and who is in loses his voice") {
  Chosen t;
  t.right("member='ann@a.example' until='2023-11-14T22:14:20Z'");  // the clock starts at 22:13:20
  CHECK(t.outcome() == "yes");
  t.is_person("bob@b.example");
  t.joins(kAnn, std::string(Chosen::kTalk) + "/ann");
  t.advance(Millis(59'000));
  t.speaks("in-time");
  t.run();
  CHECK(t.gets("bob@b.example", {"<message><body>in-time</body></message>"}) == "");
  t.forget();
  t.advance(Millis(1'000));
  CHECK(t.gets(kAnn, {"<presence from='support%bob\\40b.example@rooms.a.example/ann'>"
                      "<x xmlns='http://jabber.org/protocol/muc#user'><item role='visitor'/></x>"
                      "</presence>"}) == "");
  t.speaks("late");
  t.run();
  CHECK(t.gets(kAnn, {"<message type='error' id='late'/>"}) == "");
  CHECK(t.gets("bob@b.example", {}) == "");
  CHECK(t.outcome() == "forbidden");
}

TEST_CASE("A+: rights survive a restart, and are gone with the membership") {
  Chosen t;
  t.right("member='ann@a.example' peer='bob@b.example'");
  t.crash();
  t.start();
  CHECK(t.outcome() == "yes");
  t.makes_member("ann@a.example", "none");
  t.makes_member("ann@a.example", "member");
  CHECK(t.outcome() == "forbidden");
  t.crash();
  t.start();
  CHECK(t.outcome() == "forbidden");
}

TEST_CASE("A+: persons and rooms are set apart") {
  Chosen t;
  t.sets("act-as#may_act", "members");
  t.sets("act-as#may_act_rooms", "owners");
  CHECK(t.outcome("lobby@muc.b.example") == "yes");  // not known yet what that is
  t.is_room("lobby@muc.b.example");
  CHECK(t.heard("lobby@muc.b.example/support").empty());  // it is not entered
  CHECK(t.outcome("lobby@muc.b.example") == "forbidden");
  CHECK(t.outcome("bob@b.example") == "yes");
  t.is_person("bob@b.example");
  CHECK(t.outcome("bob@b.example") == "yes");
  CHECK(t.outcome("hall@muc.b.example", "alice@a.example/1") == "yes");
  t.is_room("hall@muc.b.example");
  CHECK_FALSE(t.heard("hall@muc.b.example/support").empty());
}

TEST_CASE("A+: who sets but the one means both, while they are alike") {
  Chosen t;
  t.makes_member("ann@a.example", "admin");
  t.sets("act-as#may_act", "admins");
  CHECK(t.outcome("lobby@muc.b.example") == "yes");
  t.is_room("lobby@muc.b.example");
  CHECK(t.outcome("lobby@muc.b.example") == "yes");
}

TEST_CASE("A2: once a revocation is durable no act succeeds, wherever the two fall in time") {
  // The revocation comes `steps` of the node's work before the act. Its answer leaves when it is
  // durable: from then on nothing may pass.
  bool passed = false;
  bool refused = false;
  for (int steps = 0; steps < 40; ++steps) {
    CAPTURE(steps);
    Chosen t;
    t.right("member='ann@a.example'");
    t.opens("bob@b.example");
    t.is_person("bob@b.example");
    t.joins(kAnn, std::string(Chosen::kTalk) + "/ann");
    t.forget();
    t.hears_right("member='ann@a.example' allow='false'");
    for (int i = 0; i < steps; ++i) {
      t.engine->settle();
      t.queue.step();
    }
    const bool durable = !t.links.heard["alice@a.example/1"].empty();
    t.speaks("act");
    t.run();
    const bool left = !t.links.heard["bob@b.example"].empty();
    if (durable) CHECK_FALSE(left);
    passed = passed || left;
    refused = refused || (durable && !left);
    t.forget();
    t.speaks("later");
    t.run();
    CHECK(t.links.heard["bob@b.example"].empty());
  }
  CHECK(refused);
  static_cast<void>(passed);  // that an act before it may pass is no promise
}

TEST_CASE("A+: rights are the owners' to give; refused neighbours") {
  Chosen t;
  const auto refuses = [&](const std::string& attributes, const std::string& condition,
                           const std::string& who = "alice@a.example/1") {
    CAPTURE(attributes);
    t.right(attributes, who);
    CHECK(t.gets(who, {"<iq type='error' id='r'><error><" + condition + " " + kStanzas +
                       "/></error></iq>"}) == "");
  };
  refuses("member='ann@a.example'", "forbidden", kAnn);
  refuses("member='ann@a.example'", "forbidden", "carl@a.example/1");
  refuses("member='carl@a.example'", "not-acceptable");
  refuses("member='ann@a.example' until='2023-01-01T00:00:00Z'", "not-acceptable");
  refuses("member='ann@a.example' until='soon'", "bad-request");
  refuses("member='ann@a.example/x'", "jid-malformed");
  refuses("peer='bob@b.example'", "bad-request");
  refuses("member='ann@a.example' peer='bob@b.example/x'", "jid-malformed");
  refuses("member='ann@a.example' allow='false'", "item-not-found");
  t.sets("muc#roomconfig_publicroom", "0");
  refuses("member='ann@a.example'", "item-not-found", "carl@a.example/1");
}

TEST_CASE("A+: an owner sees who may act, others do not") {
  Chosen t;
  t.right("member='ann@a.example' peer='bob@b.example' until='2030-01-01T00:00:00Z'");
  t.forget();
  const auto asks = [&](const std::string& who) {
    t.says("<iq type='get' id='l' from='" + who +
           "' to='support@team.a.example'><rights "
           "xmlns='urn:xmpp:act-as:0'/></iq>");
  };
  asks("alice@a.example/1");
  CHECK(t.gets("alice@a.example/1",
               {"<iq type='result'><rights xmlns='urn:xmpp:act-as:0' persons='chosen' "
                "rooms='chosen'><right member='ann@a.example' peer='bob@b.example' "
                "until='2030-01-01T00:00:00.000Z'/></rights></iq>"}) == "");
  asks(kAnn);
  CHECK(t.gets(kAnn, {std::string("<iq type='error'><error><forbidden ") + kStanzas +
                      "/></error></iq>"}) == "");
}

TEST_CASE("A1, A+: the command gives the same") {
  Chosen t;
  t.says(
      "<iq type='set' id='k' from='alice@a.example/1' to='team.a.example'><command "
      "xmlns='http://jabber.org/protocol/commands' node='urn:xmpp:act-as:0#rights'/></iq>");
  CHECK(t.gets("alice@a.example/1",
               {"<iq type='result'><command xmlns='http://jabber.org/protocol/commands' "
                "status='executing'><x xmlns='jabber:x:data' type='form'><field var='identity'>"
                "<option label='support'><value>support@team.a.example</value></option></field>"
                "<field var='do' type='list-single'/><field var='member' type='jid-single'/>"
                "</x></command></iq>"}) == "");
  const std::string support = Chosen::field("identity", "support@team.a.example");
  const auto ends = [&](const std::string& words) {
    const auto all = t.heard("alice@a.example/1");
    REQUIRE(all.size() == 1);
    INFO(all[0]);
    CHECK(all[0].find(words) != std::string::npos);
  };
  t.command(support + Chosen::field("do", "give") + Chosen::field("member", "ann@a.example") +
            Chosen::field("peer", "bob@b.example"));
  ends("He may act now: ann@a.example towards bob@b.example.");
  CHECK(t.outcome() == "yes");
  t.forget();
  t.command(support + Chosen::field("do", "list"));
  ends("Chosen:\nann@a.example towards bob@b.example");
  t.command(support + Chosen::field("do", "take") + Chosen::field("member", "ann@a.example"));
  ends("He may not act any more: ann@a.example.");
  CHECK(t.outcome() == "forbidden");
  t.forget();
  t.command(support + Chosen::field("do", "give") + Chosen::field("member", "ann@"));
  ends("bad-payload");
  t.command(support + Chosen::field("do", "give"));
  ends("bad-payload");
  t.command(support + Chosen::field("do", "dance"));
  ends("bad-payload");
  t.command(Chosen::field("do", "list"));
  ends("bad-payload");
  t.command(support + Chosen::field("do", "list"), kAnn);
  CHECK(t.gets(kAnn, {std::string("<iq type='error'><error><forbidden ") + kStanzas +
                      "/></error></iq>"}) == "");
}

TEST_CASE("A+: a changed setting is felt at once by those who are in") {
  Chosen t;
  t.sets("act-as#may_act", "members");
  t.opens("bob@b.example");
  t.is_person("bob@b.example");
  t.joins(kAnn, std::string(Chosen::kTalk) + "/ann");
  t.joins("alice@a.example/1", std::string(Chosen::kTalk) + "/alice");
  t.sets("act-as#may_act", "owners");
  t.joins(kAnn, "support@rooms.a.example/ann");
  t.speaks("n1");
  t.run();
  CHECK(t.gets(kAnn, {"<message type='error' id='n1'/>"}) == "");
  t.forget();
  t.sets("act-as#may_act", "members");
  t.speaks("n2");
  t.run();
  CHECK(t.gets("bob@b.example", {"<message><body>n2</body></message>"}) == "");
}

TEST_CASE("A11: both notices of a conversation are settings") {
  for (const bool invite : {true, false}) {
    for (const bool announce : {true, false}) {
      CAPTURE(invite);
      CAPTURE(announce);
      Chosen t;
      if (!invite) t.sets("act-as#invite", "0");
      if (!announce) t.sets("act-as#announce", "0");
      t.says(
          "<message type='chat' from='bob@b.example/x' to='support@team.a.example' id='b1'>"
          "<body>Hello</body></message>");
      CHECK(t.heard("ann@a.example").size() == (invite ? 1 : 0));
      CHECK(t.heard("alice@a.example/1").size() == (announce ? 1 : 0));
    }
  }
}

TEST_CASE("A3, A+: who may act is said in the request that creates the room") {
  Chosen t;
  t.says(
      "<iq type='set' id='n' from='alice@a.example/1' to='sales@rooms.a.example'><query "
      "xmlns='http://jabber.org/protocol/muc#owner'><create xmlns='urn:xmpp:group-rooms:0'>"
      "<x xmlns='jabber:x:data' type='submit'>" +
      Chosen::field("act-as#may_act", "owners") +
      "</x><member jid='ann@a.example'/></create>"
      "</query></iq>");
  t.forget();
  t.opens("bob@b.example", "Hello", kAnn, "sales@team.a.example");
  CHECK(t.gets(kAnn, {std::string("<iq type='error'><error><forbidden ") + kStanzas +
                      "/></error></iq>"}) == "");
  t.opens("bob@b.example", "Hello", "alice@a.example/1", "sales@team.a.example");
  CHECK_FALSE(t.heard("bob@b.example").empty());
}

TEST_CASE("A+: a right that has ended makes room for another") {
  Chosen t;
  t.right("member='ann@a.example' until='2023-11-14T22:13:22Z'");
  t.advance(Millis(5'000));
  t.right("member='ann@a.example' allow='false'");
  const auto all = t.heard("alice@a.example/1");
  REQUIRE_FALSE(all.empty());
  CHECK(all.back().find("item-not-found") != std::string::npos);  // it is gone by itself
}
