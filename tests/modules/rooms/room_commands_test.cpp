// What a room's people do by ad-hoc commands (XEP-0050) at the room.

#include <doctest/doctest.h>

#include "tests/support/room_words.h"

using namespace hansa::test;

namespace {

std::string command(std::string_view from, std::string_view node, std::string_view fields = {}) {
  const std::string form =
      fields.empty() ? std::string()
                     : joined({"<x xmlns='jabber:x:data' type='submit'>", fields, "</x>"});
  return ask("set", from,
             joined({"<command xmlns='http://jabber.org/protocol/commands' "
                     "node='urn:xmpp:group-rooms:0#",
                     node, "'>", form, "</command>"}));
}
std::string field(std::string_view var, std::string_view value) {
  return joined({"<field var='", var, "'><value>", value, "</value></field>"});
}
constexpr std::string_view kInfo = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
constexpr std::string_view kDone =
    "<iq type='result'><command xmlns='http://jabber.org/protocol/commands' status='completed'/>"
    "</iq>";
std::string asked(std::string_view var) {
  return joined(
      {"<iq type='result'><command xmlns='http://jabber.org/protocol/commands' "
       "status='executing'><x xmlns='jabber:x:data' type='form'><field var='",
       var, "'/></x></command></iq>"});
}

}  // namespace

TEST_CASE("room commands (A8, XEP-0050): an affiliation and a role are changed, and shown") {
  Support f;
  f.enters(kBob, "Bob");
  f.says(command(kAlice, "affiliation"));
  CHECK(f.gets(kAlice, {asked("affiliation")}) == "");
  f.says(command(kAlice, "affiliation",
                 field("jid", "bob@b.example") + field("affiliation", "member")));
  CHECK(f.gets(kAlice, {kDone, shown("Bob", "<item affiliation='member'/>")}) == "");
  f.says(command(kAlice, "role"));
  CHECK(f.gets(kAlice, {asked("role")}) == "");
  f.forget();
  f.says(command(kAlice, "role",
                 field("nick", "Bob") + field("role", "none") + field("reason", "late")));
  CHECK(f.gets(kBob, {gone("Bob",
                           "<item><actor nick='Alice'/><reason>late</reason></item>"
                           "<status code='307'/>")}) == "");
  CHECK(f.gets(kAlice, {kDone, gone("Bob", "<item role='none'/>")}) == "");
  f.says(command(kAlice, "people"));
  CHECK(f.gets(kAlice, {"<iq type='result'><command xmlns='http://jabber.org/protocol/commands' "
                        "status='completed'><x xmlns='jabber:x:data' type='result'><reported/>"
                        "<item><field var='jid'><value>alice@a.example</value></field></item>"
                        "<item><field var='jid'><value>bob@b.example</value></field></item>"
                        "</x></command></iq>"}) == "");
}

TEST_CASE("room commands: what XEP-0045 refuses is refused, with its error") {
  Support f;
  f.adds("ann@a.example");
  f.enters(kAnn, "Ann");
  f.forget();
  for (const char* node : {"settings", "affiliation", "role", "people", "destroy"}) {
    f.says(command(kAnn, node));
    CHECK(f.gets(kAnn, {error("iq", "forbidden")}) == "");
  }
  f.says(command(kAlice, "affiliation",
                 field("jid", "alice@a.example") + field("affiliation", "none")));
  CHECK(f.gets(kAlice, {error("iq", "conflict")}) == "");
  f.says(
      command(kAlice, "affiliation", field("jid", "bob@b.example") + field("affiliation", "king")));
  CHECK(f.gets(kAlice, {error("iq", "bad-request")}) == "");
  f.says(command(kAlice, "role", field("nick", "Nobody") + field("role", "visitor")));
  CHECK(f.gets(kAlice, {error("iq", "item-not-found")}) == "");
  f.says(command(kAlice, "settings", field("muc#roomconfig_maxusers", "many")));
  CHECK(f.gets(kAlice, {error("iq", "not-acceptable")}) == "");
  f.says(command("spy@c.example/x", "people"));
  CHECK(f.gets("spy@c.example/x", {error("iq", "forbidden")}) == "");
}

TEST_CASE("room commands: settings are the form of §10.2, and the end is §10.9's") {
  Support f;
  f.enters(kBob, "Bob");
  f.says(command(kAlice, "settings"));
  CHECK(f.gets(kAlice, {asked("muc#roomconfig_roomname")}) == "");
  f.says(command(kAlice, "settings", field("muc#roomconfig_roomname", "The desk")));
  CHECK(f.gets(kAlice, {kDone,
                        "<message><x xmlns='http://jabber.org/protocol/muc#user'>"
                        "<status code='104'/></x></message>"}) == "");
  f.forget();
  f.says(command(kAlice, "destroy", field("venue", "not an address")));
  CHECK(f.gets(kAlice, {error("iq", "jid-malformed")}) == "");
  f.says(command(kAlice, "destroy",
                 field("venue", "hall@rooms.a.example") + field("reason", "moved")));
  CHECK(f.gets(kBob, {"<presence type='unavailable'><x "
                      "xmlns='http://jabber.org/protocol/muc#user'><destroy "
                      "jid='hall@rooms.a.example'><reason>moved</reason></destroy></x>"
                      "</presence>"}) == "");
  f.says(command(kAlice, "settings"));
  f.forget();
  f.says(ask("get", kBob, kInfo));
  CHECK(f.gets(kBob, {error("iq", "item-not-found")}) == "");
}
