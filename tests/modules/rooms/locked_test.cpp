#include <doctest/doctest.h>

#include "tests/support/room_words.h"

using namespace hansa::test;

namespace {

constexpr std::string_view kInfo = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
constexpr std::string_view kInstant = "<x xmlns='jabber:x:data' type='submit'/>";

// Rooms are locked until they are configured, as the program has it.
struct Locking : RoomFixture {
  Locking() {
    settings.lock_new_rooms = true;
    start();
  }
};

}  // namespace

TEST_CASE(
    "rooms §10.1.1, §7.2.10: a new room is there for its creator only until he configures it") {
  Locking f;
  f.says(join(kAlice, "Alice"));
  CHECK(f.gets(kAlice, {shown("Alice",
                              "<item affiliation='owner' role='moderator'/><status code='110'/>"
                              "<status code='201'/>"),
                        kSubject}) == "");
  f.says(join(kAnn, "Ann"));
  CHECK(f.gets(kAnn, {error("presence", "item-not-found")}) == "");
  f.says(talk(kAnn, "m", "hello?"));
  CHECK(f.gets(kAnn, {error("message", "item-not-found")}) == "");
  f.says(ask("get", kAnn, kInfo));
  CHECK(f.gets(kAnn, {error("iq", "item-not-found")}) == "");
  f.says(ask("get", kAnn, owner("")));
  CHECK(f.gets(kAnn, {error("iq", "item-not-found")}) == "");
  f.says(ask("get", kAnn, "<ping xmlns='urn:xmpp:ping'/>", "support@rooms.a.example/Ann"));
  CHECK(f.gets(kAnn, {error("iq", "item-not-found")}) == "");
  // §10.1.2: an instant room. The creator alone is in, and is told nothing of a change.
  f.says(ask("set", kAlice, owner(kInstant)));
  CHECK(f.gets(kAlice, {kResult}) == "");
  f.says(join(kAnn, "Ann", kNoHistory));
  CHECK(f.gets(kAnn, {shown("Alice", ""), shown("Ann", "<status code='110'/>"), kSubject}) == "");
}

TEST_CASE(
    "rooms §10.1.3: the first form configures the room and opens it; a bad one does neither") {
  Locking f;
  f.joins(kAlice, "support@rooms.a.example/Alice");
  f.says(ask("get", kAlice, owner("")));
  CHECK(f.gets(kAlice, {"<iq type='result'><query xmlns='http://jabber.org/protocol/muc#owner'>"
                        "<x xmlns='jabber:x:data' type='form'>"
                        "<field var='FORM_TYPE' type='hidden'>"
                        "<value>http://jabber.org/protocol/muc#roomconfig</value></field>"
                        "</x></query></iq>"}) == "");
  // §10.1.3: the password of a room that has one is not blank.
  f.says(ask("set", kAlice, settings("muc#roomconfig_passwordprotectedroom", "1")));
  CHECK(f.gets(kAlice, {error("iq", "not-acceptable")}) == "");
  f.says(join(kAnn, "Ann"));
  CHECK(f.gets(kAnn, {error("presence", "item-not-found")}) == "");
  f.says(ask("set", kAlice, settings("muc#roomconfig_membersonly", "1")));
  CHECK(f.gets(kAlice, {kResult}) == "");
  f.says(join(kAnn, "Ann"));
  CHECK(f.gets(kAnn, {error("presence", "registration-required")}) == "");
}

TEST_CASE("rooms §10.1.3: a room whose configuration is cancelled never was") {
  Locking f;
  f.joins(kAlice, "support@rooms.a.example/Alice");
  f.says(ask("set", kAlice, owner("<x xmlns='jabber:x:data' type='cancel'/>")));
  CHECK(f.gets(kAlice, {kResult, gone("Alice", "<item role='none'/><destroy/>")}) == "");
  f.says(join(kAnn, "Ann", kNoHistory));
  CHECK(f.gets(kAnn, {shown("Ann", "<status code='201'/>"), kSubject}) == "");
}

TEST_CASE("rooms §10.1.3: whoever goes before he has configured the room takes it with him") {
  Locking f;
  f.joins(kAlice, "support@rooms.a.example/Alice");
  f.says(leave(kAlice, "Alice"));
  CHECK(f.gets(kAlice, {gone("Alice", "<status code='!'/><destroy/>")}) != "");
  f.says(join(kAnn, "Ann", kNoHistory));
  CHECK(f.gets(kAnn, {shown("Ann", "<status code='201'/>"), kSubject}) == "");
  // So does one whose client is gone, and a crash changes nothing.
  f.crash();
  f.start();
  f.forget();
  f.says(join(kBob, "Bob"));
  CHECK(f.gets(kBob, {error("presence", "item-not-found")}) == "");
  f.says(
      "<message type='error' id='x' from='ann@a.example/phone' to='support@rooms.a.example'>"
      "<error type='cancel'><recipient-unavailable "
      "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
  f.forget();
  f.says(join(kAlice, "Alice", kNoHistory));
  CHECK(f.gets(kAlice, {shown("Alice", "<status code='201'/>"), kSubject}) == "");
}

TEST_CASE("rooms §10.2: cancelling a later configuration leaves the room as it was") {
  Locking f;
  f.joins(kAlice, "support@rooms.a.example/Alice");
  f.says(ask("set", kAlice, owner(kInstant)));
  f.forget();
  f.says(ask("set", kAlice, owner("<x xmlns='jabber:x:data' type='cancel'/>")));
  CHECK(f.gets(kAlice, {kResult}) == "");
  f.says(talk(kAlice, "m", "still here"));
  CHECK(f.gets(kAlice, {said("Alice", "still here")}) == "");
}

TEST_CASE("rooms §10.1.3: a room that ends and begins again at once answers both") {
  Locking f;
  f.says(join(kAlice, "Alice", kNoHistory));
  f.forget();
  f.hears(leave(kAlice, "Alice"));
  f.hears(join(kAlice, "Alice", kNoHistory));
  f.run();
  CHECK(f.gets(kAlice, {gone("Alice", "<status code='110'/><destroy/>"),
                        shown("Alice", "<status code='110'/><status code='201'/>"), kSubject}) ==
        "");
}
