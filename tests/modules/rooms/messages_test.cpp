#include <doctest/doctest.h>

#include "tests/support/room_words.h"

using namespace hansa::test;
using hansa::Millis;

TEST_CASE("rooms §7.4: what one says reaches all, the speaker too, with id and stanza-id") {
  Support f;
  f.enters(kBob, "Bob");
  f.says(talk(kBob, "m1", "hello"));
  const std::string pattern =
      said("Bob", "hello",
           "<stanza-id xmlns='urn:xmpp:sid:0' by='support@rooms.a.example' id='*'/>"
           "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='*'/>");
  const auto alice = f.heard(kAlice);
  REQUIRE(alice.size() == 1);
  CHECK(alice[0].find("id='m1'") != std::string::npos);
  CHECK(alice[0].find("delay") == std::string::npos);
  CHECK(f.gets(kBob, {pattern}) == "");
}

TEST_CASE("rooms §7.4: who is not in may not speak, and nobody speaks in a room that is not") {
  Support f;
  f.says(talk(kBob, "m1", "hello"));
  CHECK(f.gets(kBob, {error("message", "not-acceptable")}) == "");
  f.says(
      "<message type='groupchat' from='bob@b.example/home' to='none@rooms.a.example'>"
      "<body>hello</body></message>");
  CHECK(f.gets(kBob, {error("message", "item-not-found")}) == "");
  CHECK(f.gets(kAlice, {}) == "");
}

TEST_CASE("rooms §7.4: a message without an id is given one") {
  Support f;
  f.says(
      "<message type='groupchat' from='alice@a.example/desk' to='support@rooms.a.example'>"
      "<body>x</body></message>");
  CHECK(f.gets(kAlice, {"<message id='*'><body>x</body></message>"}) == "");
}

TEST_CASE("rooms §17.3: what only a room may say is removed, every copy, however it is written") {
  Support f;
  f.says(talk(kAlice, "m1", "hi",
              "<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='owner'/></x>"
              "<m:x xmlns:m='http://jabber.org/protocol/muc#user'><m:status code='110'/></m:x>"
              "<stanza-id xmlns='urn:xmpp:sid:0' by='support@rooms.a.example' id='forged'/>"
              "<stanza-id xmlns='urn:xmpp:sid:0' by='SUPPORT@rooms.a.example' id='forged'/>"
              "<s:stanza-id xmlns:s='urn:xmpp:sid:0' by='support@rooms.a.example/x' id='forged'/>"
              "<stanza-id xmlns='urn:xmpp:sid:0' id='forged'/>"
              "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/>"
              "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/>"
              "<delay xmlns='urn:xmpp:delay' stamp='2001-01-01T00:00:00Z'/>"
              "<x xmlns='jabber:x:delay' stamp='20010101T00:00:00'/>"
              "<addresses xmlns='http://jabber.org/protocol/address'>"
              "<address type='ofrom' jid='forged@a.example'/></addresses>"
              "<hats xmlns='urn:xmpp:hats:0'><hat title='forged'/></hats>"
              "<nick xmlns='http://jabber.org/protocol/nick'>forged</nick>"
              "<mav xmlns='urn:xmpp:muc:affiliations:1' since='forged'/>"
              "<fmuc xmlns='http://isode.com/protocol/fmuc' from='forged'/>"
              "<crossing xmlns='urn:xmpp:act-as:0' origin='forged'/>"));
  const auto heard = f.heard(kAlice);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].find("forged") == std::string::npos);
  CHECK(heard[0].find("2001") == std::string::npos);
  CHECK(heard[0].find("muc#user") == std::string::npos);
}

TEST_CASE("rooms §17.2: everything else passes as it is") {
  Support f;
  constexpr std::string_view more =
      "<replace xmlns='urn:xmpp:message-correct:0' id='m0'/>"
      "<stanza-id xmlns='urn:xmpp:sid:0' by='alice@a.example' id='hers'/>"
      "<origin-id xmlns='urn:xmpp:sid:0' id='o1'/>"
      "<x xmlns='jabber:x:oob'><url>https://a.example/f</url></x>"
      "<strange xmlns='urn:example:strange' a='1'>b<c>d</c></strange>";
  f.says(talk(kAlice, "m1", "hi", more));
  CHECK(f.gets(kAlice, {said("Alice", "hi", more)}) == "");
}

TEST_CASE("rooms §7.4: in a moderated room visitors read, and speak when they are given voice") {
  Support f;
  f.says(ask("set", kAlice, settings("muc#roomconfig_moderatedroom", "1")));
  f.enters(kBob, "Bob");
  f.says(talk(kBob, "m1", "hello"));
  CHECK(f.gets(kBob, {error("message", "forbidden")}) == "");
  CHECK(f.gets(kAlice, {}) == "");
  f.says(ask("set", kAlice, admin("<item nick='Bob' role='participant'/>")));
  f.forget();
  f.says(talk(kBob, "m2", "hello"));
  CHECK(f.gets(kAlice, {said("Bob", "hello")}) == "");
}

TEST_CASE("rooms: chat states and what asks not to be kept are shown, and not logged") {
  Support f;
  f.enters(kAnn, "Ann");
  f.says(talk_only(kAlice, "c1", "<composing xmlns='http://jabber.org/protocol/chatstates'/>"));
  f.says(
      talk_only(kAlice, "c2", "<custom xmlns='urn:example:x'/><no-store xmlns='urn:xmpp:hints'/>"));
  const auto heard = f.heard(kAnn);
  REQUIRE(heard.size() == 2);
  CHECK(heard[0].find("stanza-id") == std::string::npos);
  CHECK(heard[0].find("occupant-id") != std::string::npos);
  // The neighbour that is kept.
  f.says(talk_only(kAlice, "c3", "<custom xmlns='urn:example:x'/>"));
  f.forget();
  f.says(join(kBob, "Bob"));
  CHECK(f.gets(kBob, {shown("Alice", ""), shown("Ann", ""), shown("Bob", ""),
                      "<message id='c3'><custom xmlns='urn:example:x'/></message>", kSubject}) ==
        "");
}

TEST_CASE("rooms §8.1: a subject may be set by participants, or only by moderators") {
  Support f;
  f.enters(kAnn, "Ann");
  f.says(talk_only(kAnn, "s1", "<subject>One</subject>"));
  CHECK(f.gets(kAlice, {"<message from='support@rooms.a.example/Ann'><subject>One</subject>"
                        "</message>"}) == "");
  f.says(ask("set", kAlice, settings("muc#roomconfig_changesubject", "0")));
  f.forget();
  f.says(talk_only(kAnn, "s2", "<subject>Two</subject>"));
  CHECK(f.gets(kAnn, {error("message", "forbidden")}) == "");
  // A subject beside a body is a message (§8.1), and changes nothing.
  f.says(talk(kAnn, "s3", "text", "<subject>Three</subject>"));
  CHECK(f.gets(kAnn, {said("Ann", "text", "<subject>Three</subject>")}) == "");
  f.says(join(kBob, "Bob", kNoHistory));
  CHECK(f.gets(kBob, {shown("Alice", ""), shown("Ann", ""), shown("Bob", ""),
                      "<message><subject>One</subject></message>"}) == "");
  f.says(talk_only(kAlice, "s4", "<subject/>"));
  f.says(talk_only(kAlice, "s5", joined({"<subject>", std::string(4097, 'x'), "</subject>"})));
  CHECK(f.gets(kBob, {"<message><subject/></message>"}) == "");
}

TEST_CASE("rooms (protocol §2): a repeat is shown again to its sender only, under its first id") {
  Support f;
  f.enters(kAnn, "Ann");
  const std::string with_origin =
      talk(kAnn, "m1", "once", "<origin-id xmlns='urn:xmpp:sid:0' id='o1'/>");
  f.says(with_origin);
  const auto first = f.heard(kAnn);
  REQUIRE(first.size() == 1);
  f.says(with_origin);
  CHECK(f.heard(kAnn) == first);
  CHECK(f.gets(kAlice, {said("Ann", "once")}) == "");
  // The same origin-id from another client of hers, with another id: still the same message.
  f.joins("ann@a.example/desk", "support@rooms.a.example/Ann");
  f.says(talk("ann@a.example/desk", "m2", "once", "<origin-id xmlns='urn:xmpp:sid:0' id='o1'/>"));
  CHECK(f.gets(kAlice, {}) == "");
  // Without an origin-id: client, id and payload together.
  f.says(talk(kAnn, "m3", "twice"));
  f.says(talk(kAnn, "m3", "twice"));
  f.says(talk(kAnn, "m3", "other words"));
  f.says(talk(kAnn, "m4", "twice"));
  CHECK(f.gets(kAlice, {said("Ann", "twice"), said("Ann", "other words"),
                        "<message id='m4'><body>twice</body></message>"}) == "");
  // After ten minutes it is a new message.
  f.advance(Millis(11 * 60 * 1000));
  f.says(with_origin);
  CHECK(f.gets(kAlice, {said("Ann", "once")}) == "");
}

TEST_CASE("rooms (protocol §2): a repeat is known after a restart") {
  Support f;
  f.says(talk(kAlice, "m1", "once"));
  const auto first = f.heard(kAlice);
  f.crash();
  f.start();
  f.forget();
  f.says(talk(kAlice, "m1", "once"));
  CHECK(f.heard(kAlice) == first);
}

TEST_CASE("rooms §7.5: a private message reaches every client of a nick, and keeps its type") {
  Support f;
  f.enters(kAnn, "Ann");
  f.joins("ann@a.example/desk", "support@rooms.a.example/Ann");
  f.says(
      "<message type='chat' id='p1' from='alice@a.example/desk' "
      "to='support@rooms.a.example/Ann'><body>psst</body>"
      "<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='owner'/></x>"
      "</message>");
  const std::string pattern =
      "<message type='chat' id='p1' from='support@rooms.a.example/Alice'><body>psst</body>"
      "<x xmlns='http://jabber.org/protocol/muc#user'/>"
      "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='*'/></message>";
  CHECK(f.gets("ann@a.example/desk", {pattern}) == "");
  const auto heard = f.heard(kAnn);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].find("owner") == std::string::npos);
}

TEST_CASE("rooms §7.5: private messages to nobody, from outside, or to all are refused") {
  Support f;
  f.enters(kAnn, "Ann");
  const auto to = [](std::string_view from, std::string_view type, std::string_view nick) {
    return joined({"<message type='", type, "' from='", from, "' to='", kRoom, "/", nick,
                   "'><body>x</body></message>"});
  };
  f.says(to(kAlice, "chat", "Nobody"));
  CHECK(f.gets(kAlice, {error("message", "item-not-found")}) == "");
  f.says(to(kAlice, "groupchat", "Ann"));
  CHECK(f.gets(kAlice, {error("message", "bad-request")}) == "");
  f.says(to(kBob, "chat", "Ann"));
  CHECK(f.gets(kBob, {error("message", "not-acceptable")}) == "");
  f.says(ask("set", kAlice, settings("muc#roomconfig_allowpm", "moderators")));
  f.forget();
  f.says(to(kAnn, "chat", "Alice"));
  CHECK(f.gets(kAnn, {error("message", "forbidden")}) == "");
  f.says(to(kAlice, "chat", "Ann"));
  CHECK(f.gets(kAnn, {"<message type='chat'/>"}) == "");
}
