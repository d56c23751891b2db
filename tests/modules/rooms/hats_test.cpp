// Hats (XEP-0317), by its sections.

#include <doctest/doctest.h>

#include "base/limits.h"
#include "tests/support/room_words.h"

namespace hansa::test {
namespace {

std::string field(std::string_view var, std::string_view value) {
  return joined({"<field var='", var, "'><value>", value, "</value></field>"});
}
// A command with a filled form; without fields: asks for the form.
std::string command(std::string_view who, std::string_view node, std::string_view fields = {}) {
  std::string form;
  if (!fields.empty()) {
    form =
        joined({"<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>"
                "urn:xmpp:hats:commands</value></field>",
                fields, "</x>"});
  }
  return ask("set", who,
             joined({"<command xmlns='http://jabber.org/protocol/commands' "
                     "node='urn:xmpp:hats:commands:",
                     node, "'>", form, "</command>"}));
}
std::string hat(std::string_view uri, std::string_view title, std::string_view hue = "") {
  return joined({field("hats#uri", uri), field("hats#title", title), field("hats#hue", hue)});
}
std::string wearer(std::string_view who, std::string_view uri) {
  return joined({field("hats#jid", who), field("hats#uri", uri)});
}
// Ann as she is shown, with these hats inside.
std::string ann(std::string_view hats) {
  return joined({"<presence from='", kRoom, "/Ann'><hats xmlns='urn:xmpp:hats:0'>", hats,
                 "</hats></presence>"});
}
constexpr std::string_view kDone =
    "<iq type='result'><command xmlns='http://jabber.org/protocol/commands' status='completed'/>"
    "</iq>";
constexpr std::string_view kChanged =
    "<message from='support@rooms.a.example'><x xmlns='http://jabber.org/protocol/muc#user'>"
    "<status code='104'/></x></message>";

struct Two : RoomFixture {
  Two() {
    start();
    joins(kAlice, "support@rooms.a.example/Alice");
    joins(kAnn, "support@rooms.a.example/Ann");
  }
  void does(std::string_view xml) {
    says(xml);
    forget();
  }
};

}  // namespace

TEST_CASE("hats: an admin makes one, gives it to a person, and all see it in presence") {
  Two f;
  f.says(command(kAlice, "create", hat("urn:h:1", "Teacher", "120.5")));
  CHECK(f.gets(kAlice, {kDone, kChanged}) == "");
  CHECK(f.gets(kAnn, {kChanged}) == "");
  f.says(command(kAlice, "assign", wearer("ann@a.example", "urn:h:1")));
  const std::string shown_hat = ann("<hat uri='urn:h:1' title='Teacher' hue='120.5'/>");
  CHECK(f.gets(kAlice, {kDone, shown_hat}) == "");
  CHECK(f.gets(kAnn, {shown_hat}) == "");
  f.crash();
  f.start();
  f.forget();
  f.says(join(kBob, "Bob", kNoHistory));
  CHECK(f.gets(kBob, {shown("Alice", ""), shown_hat, shown("Bob", ""), kSubject}) == "");
  f.does(leave(kAnn, "Ann"));
  f.says(join("ann@a.example/desk", "Ann", kNoHistory));  // a person's, not a session's
  CHECK(f.gets(kAlice, {shown_hat}) == "");
}

TEST_CASE("hats: changed, taken and destroyed, they are so for all who wear them") {
  Two f;
  f.does(command(kAlice, "create", hat("urn:h:1", "Teacher")));
  f.does(command(kAlice, "create", hat("urn:h:2", "Host")));
  f.does(command(kAlice, "assign", wearer("ann@a.example", "urn:h:1")));
  f.does(command(kAlice, "assign", wearer("ann@a.example", "urn:h:2")));
  f.says(command(kAlice, "create", hat("urn:h:1", "Professor")));
  CHECK(f.gets(kAnn, {kChanged, ann("<hat title='Professor'/><hat title='Host'/>")}) == "");
  f.says(command(kAlice, "unassign", wearer("ann@a.example", "urn:h:2")));
  CHECK(f.gets(kAnn, {ann("<hat title='Professor'/>")}) == "");
  f.forget();
  f.says(command(kAlice, "unassign", wearer("ann@a.example", "urn:h:2")));
  CHECK(f.gets(kAlice, {error("iq", "item-not-found")}) == "");
  f.says(command(kAlice, "destroy", field("hats#uri", "urn:h:1")));
  const auto heard_by_ann = f.heard(kAnn);
  REQUIRE(heard_by_ann.size() == 2);
  CHECK(heard_by_ann[1].find("hats") == std::string::npos);
  f.says(command(kAlice, "destroy", field("hats#uri", "urn:h:1")));
  f.forget();
  f.says(command(kAlice, "assign", wearer("ann@a.example", "urn:h:1")));
  CHECK(f.gets(kAlice, {error("iq", "item-not-found")}) == "");
}

TEST_CASE("hats: the list is for those who belong, who wears them for admins, making for admins") {
  Two f;
  f.does(command(kAlice, "create", hat("urn:h:1", "Teacher")));
  f.does(command(kAlice, "assign", wearer("ann@a.example", "urn:h:1")));
  f.says(command(kAnn, "list"));
  CHECK(f.gets(kAnn, {"<iq type='result'><command xmlns='http://jabber.org/protocol/commands' "
                      "status='completed'><x xmlns='jabber:x:data' type='result'><reported/><item>"
                      "<field var='hats#uri'><value>urn:h:1</value></field></item></x></command>"
                      "</iq>"}) == "");
  f.says(command(kAlice, "list-assigned"));
  CHECK(f.gets(kAlice, {"<iq type='result'><command xmlns='http://jabber.org/protocol/commands'>"
                        "<x xmlns='jabber:x:data'><item><field var='hats#jid'><value>ann@a.example"
                        "</value></field></item></x></command></iq>"}) == "");
  for (const char* node : {"create", "destroy", "assign", "unassign", "list-assigned"}) {
    f.says(command(kAnn, node, hat("urn:h:9", "Boss")));
    CHECK(f.gets(kAnn, {error("iq", "forbidden")}) == "");
  }
  f.says(command(kBob, "list"));
  CHECK(f.gets(kBob, {error("iq", "forbidden")}) == "");
  f.says(command(kAlice, "unheard-of"));
  CHECK(f.gets(kAlice, {error("iq", "item-not-found")}) == "");
}

TEST_CASE("hats: forms are given to who asks; bad ones are refused") {
  Two f;
  f.does(command(kAlice, "create", hat("urn:h:1", "Teacher")));
  for (const char* node : {"create", "destroy", "assign", "unassign"}) {
    f.says(command(kAlice, node));
    CHECK(f.gets(kAlice, {"<iq type='result'><command xmlns='http://jabber.org/protocol/commands' "
                          "status='executing'><x xmlns='jabber:x:data' type='form'/></command>"
                          "</iq>"}) == "");
  }
  const auto refused = [&](std::string_view node, std::string_view fields,
                           std::string_view condition) {
    f.says(command(kAlice, node, fields));
    return f.gets(kAlice, {error("iq", condition)});
  };
  CHECK(refused("create", hat("", "Teacher"), "bad-request") == "");
  CHECK(refused("create", hat("urn:h:2", ""), "bad-request") == "");
  CHECK(refused("create", hat("urn:h:2", "x", "red"), "not-acceptable") == "");
  CHECK(refused("create", hat("urn:h:2", "x", "361"), "not-acceptable") == "");
  CHECK(refused("create", hat("urn:h:2", std::string(limits::kHatBytes + 1, 'x')),
                "not-acceptable") == "");
  CHECK(refused("assign", wearer("@", "urn:h:1"), "jid-malformed") == "");
  CHECK(refused("assign", wearer("a.example", "urn:h:1"), "jid-malformed") == "");
  f.says(ask("get", kBob, "<query xmlns='http://jabber.org/protocol/disco#info'/>"));
  CHECK(f.gets(kBob, {"<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'>"
                      "<feature var='urn:xmpp:hats:0'/><x xmlns='jabber:x:data'>"
                      "<field var='hats#hash'><value>*</value></field></x></query></iq>"}) == "");
}

TEST_CASE("hats: a room's commands are found by who may use them") {
  Support f;
  const auto asks = [&](std::string_view who, std::string_view ns, std::string_view node) {
    f.forget();
    f.says(ask(
        "get", who,
        joined({"<query xmlns='http://jabber.org/protocol/disco#", ns, "' node='", node, "'/>"})));
    return f.heard(who).front();
  };
  constexpr std::string_view kCommands = "http://jabber.org/protocol/commands";
  const std::string all = asks(kAlice, "items", kCommands);
  CHECK(all.find("node='urn:xmpp:hats:commands:create'") != std::string::npos);
  CHECK(asks(kAlice, "info", kCommands).find("type='command-list'") != std::string::npos);
  CHECK(asks(kAlice, "info", "urn:xmpp:hats:commands:create").find("type='command-node'") !=
        std::string::npos);
  f.says(join(kBob, "Bob", kNoHistory));
  const std::string his = asks(kBob, "items", kCommands);
  CHECK(his.find("urn:xmpp:hats:commands:list'") != std::string::npos);
  CHECK(his.find("urn:xmpp:hats:commands:create") == std::string::npos);
  CHECK(asks(kBob, "info", "urn:xmpp:hats:commands:create").find("item-not-found") !=
        std::string::npos);
}

}  // namespace hansa::test
