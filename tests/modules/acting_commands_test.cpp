// Acting as a room by ad-hoc commands alone (requirements A1, A12), and the discovery of them.

#include <string>

#include <doctest/doctest.h>

#include "modules/commands/commands.h"
#include "modules/disco/identities_domain.h"
#include "tests/support/acting_services.h"

using hansa::test::ActingServices;

namespace {

struct Services : ActingServices {
  Services() { found_support(); }
  void runs(const std::string& node, const std::string& inner = {},
            const std::string& action = "execute", const std::string& who = "alice@a.example/1") {
    says("<iq type='set' id='k' from='" + who +
         "' to='team.a.example'><command "
         "xmlns='http://jabber.org/protocol/commands' node='" +
         node + "' action='" + action + "'>" + inner + "</command></iq>");
  }
  void looks(const std::string& what, const std::string& node) {
    says(
        "<iq type='get' id='d' from='alice@a.example/1' to='team.a.example'><query "
        "xmlns='http://jabber.org/protocol/disco#" +
        what + "' node='" + node + "'/></iq>");
  }
};

std::string form(const std::string& identity, const std::string& peer, const std::string& body) {
  return "<x xmlns='jabber:x:data' type='submit'><field var='identity'><value>" + identity +
         "</value></field><field var='peer'><value>" + peer +
         "</value></field><field var='body'><value>" + body + "</value></field></x>";
}

constexpr const char* kOpen = "urn:xmpp:act-as:0#open";
constexpr const char* kCommands = "http://jabber.org/protocol/commands";

}  // namespace

TEST_CASE("A12: the commands are found where clients look for them") {
  Services t;
  t.looks("items", kCommands);
  t.looks("info", kCommands);
  t.looks("info", kOpen);
  t.looks("info", "nowhere");
  t.looks("items", "nowhere");
  CHECK(t.gets("alice@a.example/1",
               {"<iq type='result'><query xmlns='http://jabber.org/protocol/disco#items'>"
                "<item jid='team.a.example' node='urn:xmpp:act-as:0#identities' name='*'/>"
                "<item jid='team.a.example' node='urn:xmpp:act-as:0#open' name='*'/></query></iq>",
                "<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'>"
                "<identity category='automation' type='command-list'/></query></iq>",
                "<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'>"
                "<identity category='automation' type='command-node'/></query></iq>",
                "<iq type='error'/>", "<iq type='error'/>"}) == "");
}

TEST_CASE("A1: a standard client opens a conversation by a command, first message and all") {
  Services t;
  t.runs(kOpen);
  CHECK(t.gets("alice@a.example/1",
               {"<iq type='result'><command xmlns='http://jabber.org/protocol/commands' "
                "status='executing' sessionid='*'><actions execute='complete'><complete/></actions>"
                "<x xmlns='jabber:x:data' type='form'><field var='identity' type='list-single'>"
                "<option label='Support'><value>support@team.a.example</value></option></field>"
                "<field var='peer' type='jid-single'><required/></field></x></command></iq>"}) ==
        "");
  t.runs(kOpen, form("support@team.a.example", "bob@b.example", "Good morning"), "complete");
  const auto answers = t.heard("alice@a.example/1");
  REQUIRE_FALSE(answers.empty());
  CHECK(answers[0].find("status='completed'") != std::string::npos);
  CHECK(answers[0].find("<field var='conversation' type='jid-single'") != std::string::npos);
  t.is_person("bob@b.example");
  CHECK(t.gets("bob@b.example",
               {"<iq type='get'/>",
                "<message type='chat' from='support@team.a.example/hansa'><body>Good morning"
                "</body></message>"}) == "");
}

TEST_CASE("A2: the command is refused as the query is") {
  Services t;
  const char* const forbidden =
      "<iq type='error'><error type='auth'><forbidden "
      "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";
  t.runs(kOpen, {}, "execute", "carl@a.example/1");
  t.runs(kOpen, form("support@team.a.example", "bob@b.example", "x"), "complete",
         "carl@a.example/1");
  CHECK(t.gets("carl@a.example/1", {forbidden, forbidden}) == "");
  CHECK(t.gets("bob@b.example", {}) == "");
}

TEST_CASE("XEP-0050: bad requests of commands") {
  Services t;
  t.runs("nowhere");
  t.runs(kOpen, {}, "dance");
  t.runs(kOpen, {}, "prev");
  t.runs(kOpen, form("elsewhere@b.example", "bob@b.example", "x"), "complete");
  t.runs(kOpen, form("support@team.a.example", "", "x"), "complete");
  t.runs(kOpen, {}, "cancel");
  const std::string ns = "xmlns='http://jabber.org/protocol/commands'/>";
  CHECK(t.gets("alice@a.example/1",
               {"<iq type='error'><error><item-not-found "
                "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
                "<iq type='error'><error><malformed-action " + ns + "</error></iq>",
                "<iq type='error'><error><bad-action " + ns + "</error></iq>",
                "<iq type='error'><error><bad-payload " + ns + "</error></iq>",
                "<iq type='error'><error><bad-payload " + ns + "</error></iq>",
                "<iq type='result'><command xmlns='http://jabber.org/protocol/commands' "
                "status='canceled'/></iq>"}) == "");
}

TEST_CASE("A1: the command of identities says as whom one may speak") {
  Services t;
  t.runs("urn:xmpp:act-as:0#identities");
  CHECK(t.gets("alice@a.example/1",
               {"<iq type='result'><command xmlns='http://jabber.org/protocol/commands' "
                "status='completed'><x xmlns='jabber:x:data' type='result'>"
                "<field var='identities' type='jid-multi'><value>alice@a.example</value>"
                "<value>support@team.a.example</value></field></x><note type='info'>*</note>"
                "</command></iq>"}) == "");
}
