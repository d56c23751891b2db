#include <doctest/doctest.h>

#include "tests/support/room_words.h"

using namespace hansa::test;

namespace {

struct Node : RoomFixture {
  Node() {
    settings.initial_members = 3;
    settings.lock_new_rooms = true;
    start();
  }
};

std::string create(std::string_view members, std::string_view fields = {}) {
  return joined({"<create xmlns='urn:xmpp:group-rooms:0'><x xmlns='jabber:x:data' type='submit'>",
                 fields, "</x>", members, "</create>"});
}
std::string entering(std::string_view create) {
  return joined({"<presence id='j' from='", kAlice, "' to='", kRoom,
                 "/Alice'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x>",
                 create, "</presence>"});
}
constexpr std::string_view kMembersOnly =
    "<field var='muc#roomconfig_membersonly'><value>1</value></field>"
    "<field var='muc#roomconfig_roomname'><value>Help</value></field>";
constexpr std::string_view kTwo =
    "<member jid='ann@a.example' affiliation='admin' nick='Annie'/><member jid='bob@b.example'/>";
constexpr std::string_view kToldBob =
    "<message from='support@rooms.a.example' type='!'><body>*</body>"
    "<x xmlns='http://jabber.org/protocol/muc#user'><invite from='alice@a.example'/></x>"
    "<x xmlns='jabber:x:conference' jid='support@rooms.a.example'/></message>";
constexpr std::string_view kTooMany =
    "<iq type='error'><error><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
    "<too-many-members xmlns='urn:xmpp:group-rooms:0' limit='3'/></error></iq>";

}  // namespace

TEST_CASE(
    "rooms A3: a room with settings and members is created by entering it, and open at once") {
  Node f;
  f.says(entering(create(kTwo, kMembersOnly)));
  CHECK(f.gets(kAlice, {shown("Alice", "<item affiliation='owner'/><status code='201'/>"),
                        kSubject}) == "");
  CHECK(f.gets("bob@b.example", {kToldBob}) == "");
  CHECK(f.heard("ann@a.example").size() == 1);
  f.says(join(kBob, "Bob", kNoHistory));
  CHECK(f.gets(kBob,
               {shown("Alice", ""), shown("Bob", "<item affiliation='member'/>"), kSubject}) == "");
  f.says(join("carol@c.example/x", "Carol"));
  CHECK(f.gets("carol@c.example/x", {error("presence", "registration-required")}) == "");
  f.says(ask("get", kAnn, admin("<item affiliation='member'/>")));
  CHECK(f.gets(kAnn, {"<iq type='result'><query xmlns='http://jabber.org/protocol/muc#admin'>"
                      "<item affiliation='member' jid='bob@b.example'/></query></iq>"}) == "");
  // Each of them can look it up: name, creator, size.
  f.says(ask("get", kBob, "<query xmlns='http://jabber.org/protocol/disco#info'/>"));
  CHECK(f.gets(kBob, {"<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'>"
                      "<identity category='conference' type='text' name='Help'/>"
                      "<x xmlns='jabber:x:data' type='result'>"
                      "<field var='x-muc#roominfo_members'><value>3</value></field>"
                      "<field var='x-muc#roominfo_creator'><value>alice@a.example</value></field>"
                      "</x></query></iq>"}) == "");
}

TEST_CASE("rooms A3: whoever need not be in the room creates it by a query to its owner") {
  Node f;
  f.says(ask("set", kAlice, owner(create(kTwo))));
  CHECK(f.gets(kAlice, {kResult}) == "");
  CHECK(f.gets("bob@b.example", {kToldBob}) == "");
  // There is one now.
  f.says(ask("set", kAlice, owner(create(kTwo))));
  CHECK(f.gets(kAlice, {error("iq", "conflict")}) == "");
  f.says(entering(create(kTwo)));
  CHECK(f.gets(kAlice, {error("presence", "conflict")}) == "");
  CHECK(f.gets("bob@b.example", {}) == "");
}

TEST_CASE("rooms A3: over the limit nothing is created, and the limit is named") {
  Node f;
  f.says(ask("set", kAlice,
             owner(create("<member jid='a@b.example'/><member jid='b@b.example'/>"
                          "<member jid='c@b.example'/><member jid='d@b.example'/>"))));
  const auto heard = f.heard(kAlice);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].find("at most 3 members") != std::string::npos);
  f.says(ask("set", kAlice,
             owner(create("<member jid='a@b.example'/>",
                          "<field var='muc#roomconfig_roomadmins'><value>b@b.example</value>"
                          "<value>c@b.example</value><value>d@b.example</value></field>"))));
  CHECK(f.gets(kAlice, {kTooMany}) == "");
  CHECK(f.gets("a@b.example", {}) == "");
  f.says(ask("set", kAlice,
             owner(create("<member jid='a@b.example'/><member jid='b@b.example'/>"
                          "<member jid='c@b.example'/><member jid='alice@a.example'/>"))));
  CHECK(f.gets(kAlice, {kTooMany}) == "");  // as many were named
  f.says(ask("set", kAlice,
             owner(create("<member jid='a@b.example'/><member jid='b@b.example'/>"
                          "<member jid='c@b.example'/>"))));
  CHECK(f.gets(kAlice, {kResult}) == "");
}

TEST_CASE("rooms A3: bad members or settings, or no right to create, create nothing") {
  Node f;
  f.says(ask("set", kAlice, owner(create("<member jid='a.example'/>"))));
  CHECK(f.gets(kAlice, {error("iq", "jid-malformed")}) == "");
  f.says(ask("set", kAlice, owner(create("<member jid='a@b.example' affiliation='outcast'/>"))));
  CHECK(f.gets(kAlice, {error("iq", "bad-request")}) == "");
  f.says(ask("set", kAlice,
             owner(create("<member jid='a@b.example' nick='N'/>"
                          "<member jid='b@b.example' nick='N'/>"))));
  CHECK(f.gets(kAlice, {error("iq", "conflict")}) == "");
  f.says(ask("set", kAlice,
             owner(create("", "<field var='muc#roomconfig_whois'><value>no</value></field>"))));
  CHECK(f.gets(kAlice, {error("iq", "not-acceptable")}) == "");
  f.says(ask("set", kBob, owner(create(""))));
  CHECK(f.gets(kBob, {error("iq", "not-allowed")}) == "");
  // Without <create/> a room that is not there has no owner's form.
  f.says(ask("set", kAlice, settings("muc#roomconfig_membersonly", "1")));
  CHECK(f.gets(kAlice, {error("iq", "item-not-found")}) == "");
  f.says(ask("set", kAlice, owner(create(""))));
  CHECK(f.gets(kAlice, {kResult}) == "");
}

TEST_CASE("rooms §9.5: who becomes a member of a members-only room is invited, if he is not in") {
  Node f;
  f.says(entering(create("", kMembersOnly)));
  f.forget();
  f.says(ask("set", kAlice, admin("<item affiliation='member' jid='bob@b.example'/>")));
  CHECK(f.gets("bob@b.example", {kToldBob}) == "");
  f.joins(kBob, "support@rooms.a.example/Bob");
  f.says(ask("set", kAlice, admin("<item affiliation='admin' jid='bob@b.example'/>")));
  CHECK(f.gets("bob@b.example", {}) == "");
}
