#include <doctest/doctest.h>

#include "tests/support/ids.h"
#include "tests/support/room_words.h"

using namespace hansa::test;
using hansa::Millis;

TEST_CASE("rooms (protocol §2): after a crash the occupants are in without a rejoin") {
  Support f;
  f.enters(kAnn, "Ann");
  f.says(
      "<presence from='ann@a.example/phone' to='support@rooms.a.example/Ann'>"
      "<show>away</show></presence>");
  f.advance(Millis(3000));
  f.forget();
  f.crash();
  f.start();
  CHECK(f.gets(kAnn, {}) == "");
  f.says(talk(kAnn, "m1", "still here"));
  CHECK(f.gets(kAlice, {said("Ann", "still here")}) == "");
  f.says(join(kBob, "Bob", kNoHistory));
  CHECK(f.gets(kBob, {shown("Alice", "<item affiliation='owner' role='moderator'/>"),
                      "<presence from='support@rooms.a.example/Ann'><show>away</show></presence>",
                      shown("Bob", "<status code='110'/>"), kSubject}) == "");
}

TEST_CASE("rooms (protocol §2): what was not confirmed is repeated, same ids, marked late") {
  Support f;
  f.enters(kAnn, "Ann");
  f.says(talk(kAlice, "m1", "one"));
  f.advance(Millis(3000));
  f.forget();
  f.confirming = false;
  f.says(talk(kAlice, "m2", "two"));
  const auto before = f.heard(kAnn);
  REQUIRE(before.size() == 1);
  f.crash();
  f.confirming = true;
  f.start();
  const auto after = f.heard(kAnn);
  REQUIRE(after.size() == 1);
  CHECK(after[0].find("<body>two</body>") != std::string::npos);
  CHECK(after[0].find("<delay") != std::string::npos);
  const auto at = before[0].find("<stanza-id");
  const std::string id = before[0].substr(at, before[0].find("/>", at) - at);
  CHECK(after[0].find(id) != std::string::npos);
  CHECK(after[0].find("id='m2'") != std::string::npos);
}

TEST_CASE("rooms: stanza ids say nothing, and two starts have none alike") {
  Support f;
  f.enters(kAnn, "Ann");
  std::vector<std::string> ids;
  for (const std::uint64_t seed : {1U, 2U}) {
    f.crash();
    f.random = hansa::SeededRandom(seed);
    f.start();
    f.forget();
    for (int i = 0; i < 50; ++i) f.says(talk(kAlice, std::to_string(seed * 100 + i), "one"));
    std::vector<std::string> now;
    for (const std::string& message : f.heard(kAnn)) {
      const auto id = message.find(" id='", message.find("<stanza-id")) + 5;
      now.push_back(message.substr(id, message.find('\'', id) - id));
    }
    REQUIRE(now.size() == 50);
    CHECK(what_ids_say(now) == "");
    ids.insert(ids.end(), now.begin(), now.end());
  }
  CHECK(what_ids_say(ids) == "");
}

TEST_CASE(
    "rooms (protocol §2): whoever was still getting his history gets it again, and a subject") {
  Support f;
  f.says(talk(kAlice, "m1", "one"));
  f.says(talk_only(kAlice, "s1", "<subject>Help</subject>"));
  f.forget();
  f.confirming = false;
  f.says(join(kBob, "Bob"));
  f.forget();
  f.crash();
  f.confirming = true;
  f.start();
  CHECK(f.gets(kBob,
               {said("Alice", "one", kDelay), "<message><subject>Help</subject></message>"}) == "");
  f.advance(Millis(5000));
  f.crash();
  f.start();
  CHECK(f.gets(kBob, {}) == "");
}

TEST_CASE("rooms (protocol §2): whoever wanted no history is not sent it after a crash either") {
  Support f;
  f.enters(kAnn, "Ann");
  f.advance(Millis(3000));
  f.confirming = false;
  f.says(talk(kAlice, "m1", "one"));
  f.says(join(kBob, "Bob", kNoHistory));
  f.says(talk(kAlice, "m2", "two"));
  f.advance(Millis(3000));
  f.forget();
  f.crash();
  f.confirming = true;
  f.start();
  // Nobody confirmed either; what was said before he came is Ann's alone.
  CHECK(f.gets(kAnn, {said("Alice", "one", kDelay), said("Alice", "two", kDelay)}) == "");
  CHECK(f.gets(kBob, {said("Alice", "two", kDelay)}) == "");
}

TEST_CASE("rooms: a subject that went into a broken link is told when it is back") {
  Support f;
  f.enters(kAnn, "Ann");
  f.confirming = false;
  f.says(talk_only(kAlice, "s1", "<subject>Help</subject>"));
  f.link(false);
  f.forget();
  f.confirming = true;
  f.link(true);
  CHECK(f.gets(kAnn, {"<message><subject>Help</subject></message>"}) == "");
}

TEST_CASE("rooms: the member list survives everybody leaving and a restart") {
  Support f;
  f.adds("ann@a.example");
  f.says(leave(kAlice, "Alice"));
  f.crash();
  f.start();
  f.forget();
  f.says(ask("get", kAlice, admin("<item affiliation='member'/>")));
  CHECK(f.gets(kAlice,
               {"<iq type='result'><query xmlns='http://jabber.org/protocol/muc#admin'>"
                "<item affiliation='member' jid='ann@a.example' role='!'/></query></iq>"}) == "");
  f.says(join(kAlice, "Alice", kNoHistory));
  CHECK(f.gets(kAlice,
               {shown("Alice", "<item affiliation='owner' role='moderator'/>"), kSubject}) == "");
}

TEST_CASE("rooms: settings and subject survive a restart") {
  Support f;
  f.says(ask("set", kAlice, settings("muc#roomconfig_roomname", "Help desk")));
  f.says(talk_only(kAlice, "s1", "<subject>Help</subject>"));
  f.crash();
  f.start();
  f.forget();
  f.says(ask("get", kBob, "<query xmlns='http://jabber.org/protocol/disco#info'/>"));
  CHECK(f.gets(kBob, {"<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'>"
                      "<identity category='conference' type='text' name='Help desk'/>"
                      "<x xmlns='jabber:x:data'><field var='muc#roominfo_subject'>"
                      "<value>Help</value></field></x></query></iq>"}) == "");
}

TEST_CASE("rooms §11.2: an orderly stop tells all with 332; members find what they missed later") {
  Support f;
  f.adds("ann@a.example");
  f.enters(kAnn, "Ann");
  f.says(talk(kAlice, "m1", "one"));
  f.forget();
  f.stop();
  CHECK(f.gets(kAnn, {gone("Ann", "<status code='110'/><status code='332'/>")}) == "");
  CHECK(f.gets(kAlice, {gone("Alice", "<status code='110'/><status code='332'/>")}) == "");
  f.start();
  f.says(talk(kAlice, "m2", "two"));
  CHECK(f.gets(kAlice, {error("message", "not-acceptable")}) == "");
}
