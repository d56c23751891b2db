#include <doctest/doctest.h>

#include "tests/support/room_words.h"

using namespace hansa::test;

namespace {

// Alice's moderated room; Bob may only read.
struct Moderated : RoomFixture {
  Moderated() {
    start();
    joins(kAlice, "support@rooms.a.example/Alice");
    says(ask("set", kAlice, hansa::test::settings("muc#roomconfig_moderatedroom", "1")));
    joins(kBob, "support@rooms.a.example/Bob");
  }
};

std::string form(std::string_view from, std::string_view fields, std::string_view type = "submit") {
  return joined({"<message id='v' from='", from, "' to='", kRoom,
                 "'><x xmlns='jabber:x:data' type='", type,
                 "'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#request"
                 "</value></field>",
                 fields, "</x></message>"});
}
std::string role(std::string_view role) {
  return joined({"<field var='muc#role'><value>", role, "</value></field>"});
}
std::string decision(std::string_view nick, std::string_view jid, std::string_view allow) {
  return joined({role("participant"), "<field var='muc#jid'><value>", jid,
                 "</value></field><field var='muc#roomnick'><value>", nick,
                 "</value></field><field var='muc#request_allow'><value>", allow,
                 "</value></field>"});
}

}  // namespace

TEST_CASE("rooms §7.13: a visitor asks for voice, and the moderators who are in are asked") {
  Moderated f;
  f.says(form(kBob, role("participant")));
  CHECK(f.gets(kBob, {}) == "");
  CHECK(f.gets(kAlice, {"<message from='support@rooms.a.example' type='!'>"
                        "<x xmlns='jabber:x:data' type='form'><field var='FORM_TYPE'>"
                        "<value>http://jabber.org/protocol/muc#request</value></field>"
                        "<field var='muc#role'><value>participant</value></field>"
                        "<field var='muc#jid'><value>bob@b.example/home</value></field>"
                        "<field var='muc#roomnick'><value>Bob</value></field>"
                        "<field var='muc#request_allow' type='boolean'/></x></message>"}) == "");
}

TEST_CASE("rooms §7.13: who is not in, has voice, or wants more, is refused") {
  Moderated f;
  f.says(form(kAnn, role("participant")));
  CHECK(f.gets(kAnn, {error("message", "not-acceptable")}) == "");
  f.says(form(kAlice, role("participant")));
  CHECK(f.gets(kAlice, {error("message", "bad-request")}) == "");
  f.says(form(kBob, role("moderator")));
  CHECK(f.gets(kBob, {error("message", "bad-request")}) == "");
  f.says(form(kBob, role("participant"), "form"));
  CHECK(f.gets(kBob, {error("message", "bad-request")}) == "");
  f.says(form(kBob, "", "cancel"));
  CHECK(f.gets(kBob, {}) == "");
  f.says(leave(kAlice, "Alice"));
  f.forget();
  f.says(form(kBob, role("participant")));
  CHECK(f.gets(kBob, {error("message", "recipient-unavailable")}) == "");
}

TEST_CASE("rooms §8.6: a moderator's yes gives voice and is shown, his no changes nothing") {
  Moderated f;
  f.says(form(kAlice, decision("Bob", "bob@b.example/home", "0")));
  CHECK(f.gets(kBob, {}) == "");
  f.says(form(kAlice, decision("Bob", "bob@b.example/home", "1")));
  CHECK(f.gets(kBob, {shown("Bob", "<item role='participant'/>")}) == "");
  CHECK(f.gets(kAlice, {shown("Bob", "<item role='participant'/>")}) == "");
  f.says(talk(kBob, "m", "thanks"));
  CHECK(f.gets(kBob, {said("Bob", "thanks")}) == "");
}

TEST_CASE("rooms §8.6: only moderators give voice, to whom it was asked for") {
  Moderated f;
  f.says(form(kBob, decision("Bob", "bob@b.example/home", "1")));
  CHECK(f.gets(kBob, {error("message", "forbidden")}) == "");
  f.says(form(kAlice, decision("Carol", "carol@c.example/x", "1")));
  CHECK(f.gets(kAlice, {error("message", "item-not-found")}) == "");
  f.says(form(kAlice, decision("Bob", "carol@c.example/x", "1")));
  CHECK(f.gets(kAlice, {error("message", "item-not-found")}) == "");
  f.says(form(kAlice, decision("Bob", "bob@b.example/home", "maybe")));
  CHECK(f.gets(kAlice, {error("message", "bad-request")}) == "");
  CHECK(f.gets(kBob, {}) == "");
}
