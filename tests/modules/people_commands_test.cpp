#include <doctest/doctest.h>

#include <algorithm>

#include "modules/commands/commands.h"
#include "tests/support/room_words.h"

using namespace hansa::test;

namespace {

constexpr std::string_view kService = "rooms.a.example";

struct Node : RoomFixture {
  Node()
      : RoomFixture({}, [this](hansa::rooms::Rooms& all, hansa::engine::Router& rows) {
          commands = hansa::commands::Commands();
          for (const auto& command : all.commands()) {
            REQUIRE(commands.add(hansa::engine::Target::rooms_service, command).ok());
          }
          REQUIRE(commands.add_to(rows).ok());
        }) {
    start();
    joins(kAlice, "support@rooms.a.example/Alice");
  }
  hansa::commands::Commands commands;
};

std::string command(std::string_view from, std::string_view node, std::string_view fields = {}) {
  const std::string form =
      fields.empty() ? std::string()
                     : joined({"<x xmlns='jabber:x:data' type='submit'>", fields, "</x>"});
  return ask("set", from,
             joined({"<command xmlns='http://jabber.org/protocol/commands' node='", node, "'>",
                     form, "</command>"}),
             kService);
}
std::string field(std::string_view var, std::string_view value) {
  return joined({"<field var='", var, "'><value>", value, "</value></field>"});
}
constexpr std::string_view kCreate = "urn:xmpp:group-rooms:0#create";
constexpr std::string_view kRequests = "urn:xmpp:group-rooms:0#requests";

std::string offered(std::string_view fields) {
  return joined(
      {"<iq type='result'><command xmlns='http://jabber.org/protocol/commands' "
       "status='executing'><x xmlns='jabber:x:data' type='form'>",
       fields, "</x></command></iq>"});
}
constexpr std::string_view kDone =
    "<iq type='result'><command xmlns='http://jabber.org/protocol/commands' status='completed'>"
    "<note>*</note></command></iq>";

}  // namespace

TEST_CASE("rooms A3: by ad-hoc command, with members picked from rooms that one is in") {
  Node f;
  f.says(ask("set", kAlice, admin("<item affiliation='member' jid='bob@b.example'/>")));
  f.forget();
  f.says(command(kAlice, kCreate));
  CHECK(f.gets(kAlice, {offered("<field var='name'/><field var='members' type='jid-multi'/>"
                                "<field var='candidates' type='list-multi'><option>"
                                "<value>bob@b.example</value></option></field>")}) == "");
  f.says(command(kAlice, kCreate,
                 field("name", "sales") + field("muc#roomconfig_membersonly", "1") +
                     field("members", "ann@a.example") + field("candidates", "bob@b.example")));
  CHECK(f.gets(kAlice, {kDone}) == "");
  CHECK(f.heard("bob@b.example").size() == 1);
  CHECK(f.heard("ann@a.example").size() == 1);
  f.joins(kBob, "sales@rooms.a.example/Bob");
  f.says(
      "<message type='groupchat' from='bob@b.example/home' to='sales@rooms.a.example' id='m'>"
      "<body>hi</body></message>");
  CHECK(f.gets(kBob, {"<message><body>hi</body></message>"}) == "");
}

TEST_CASE("rooms A3: by ad-hoc command, refusals are those of any request") {
  Node f;
  f.says(command(kBob, kCreate, field("name", "sales")));
  CHECK(f.gets(kBob, {error("iq", "not-allowed")}) == "");
  f.says(command(kAlice, kCreate, field("name", "")));
  CHECK(f.gets(kAlice, {error("iq", "bad-request")}) == "");
  f.says(command(kAlice, kCreate, field("name", "support")));
  CHECK(f.gets(kAlice, {error("iq", "conflict")}) == "");
  // A member of a semi-anonymous room is shown no addresses of others.
  f.says(ask("set", kAlice, admin("<item affiliation='member' jid='ann@a.example'/>")));
  f.says(command(kAnn, kCreate));
  const auto heard = f.heard(kAnn);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].find("alice@a.example") == std::string::npos);
}

TEST_CASE("rooms A4: requests are listed to those who may answer, and answered") {
  Node f;
  f.says(ask("set", kBob,
             "<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>"
             "<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#register</value></field>"
             "</x></query>"));
  f.forget();
  f.says(command(kAnn, kRequests));
  CHECK(f.gets(kAnn, {kDone}) == "");  // nothing for her
  f.says(command(kAlice, kRequests));
  const auto heard = f.heard(kAlice);
  REQUIRE(heard.size() == 1);
  const auto at = heard[0].find("<value>", heard[0].find("<option")) + 7;
  const std::string token = heard[0].substr(at, 16);
  const std::string yes = field("request", token) + field("answer", "yes");
  f.says(command(kAnn, kRequests, yes));
  CHECK(f.gets(kAnn, {error("iq", "forbidden")}) == "");
  f.says(command(kAlice, kRequests, field("request", token) + field("answer", "well")));
  CHECK(f.gets(kAlice, {error("iq", "bad-request")}) == "");
  f.says(command(kAlice, kRequests, yes));
  CHECK(f.gets(kAlice, {kDone}) == "");
  CHECK(f.heard("bob@b.example").size() == 1);
  f.says(command(kAlice, kRequests, yes));
  CHECK(f.gets(kAlice, {error("iq", "item-not-found")}) == "");
}

TEST_CASE("rooms 0050: commands of the service's admins are shown to them, and run by them only") {
  Node f;
  f.settings.admins = {"alice@a.example"};
  const auto has = [&](std::string_view who, std::string_view node) {
    const auto all =
        f.commands.list(hansa::engine::Target::rooms_service, *hansa::xmpp::Jid::parse(who));
    return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.first == node; });
  };
  constexpr std::string_view kDestroy = "room-destroy";
  CHECK(has(kAlice, kDestroy));
  CHECK_FALSE(has(kBob, kDestroy));
  CHECK(has(kBob, kCreate));
  f.says(command(kBob, kDestroy));
  CHECK(f.gets(kBob, {error("iq", "forbidden")}) == "");
  f.says(command(kAlice, kDestroy));
  CHECK(f.gets(kAlice, {offered("<field var='venue'/>")}) == "");
}
