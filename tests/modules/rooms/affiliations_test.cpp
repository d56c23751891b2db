#include <doctest/doctest.h>

#include "tests/support/room_words.h"

using namespace hansa::test;

namespace {

std::string set(std::string_view from, std::string_view items) {
  return ask("set", from, admin(items));
}

}  // namespace

TEST_CASE("rooms §9.3: a membership is answered, then shown to all who are in") {
  Support f;
  f.enters(kAnn, "Ann");
  f.says(set(kAlice, "<item jid='ann@a.example' affiliation='member'/>"));
  CHECK(f.gets(kAlice,
               {kResult, shown("Ann", "<item affiliation='member' role='participant'/>")}) == "");
  CHECK(f.gets(kAnn, {shown("Ann", "<item affiliation='member'/><status code='110'/>")}) == "");
  f.says(set(kAnn, "<item jid='bob@b.example' affiliation='member'/>"));
  CHECK(f.gets(kAnn, {error("iq", "forbidden")}) == "");
}

TEST_CASE("rooms §10.3, §10.6: only owners make admins and owners, who become moderators") {
  Support f;
  f.enters(kAnn, "Ann");
  f.says(set(kAlice, "<item jid='ann@a.example' affiliation='admin'/>"));
  f.forget();
  f.says(set(kAnn, "<item jid='bob@b.example' affiliation='admin'/>"));
  CHECK(f.gets(kAnn, {error("iq", "forbidden")}) == "");
  f.says(set(kAnn, "<item jid='alice@a.example' affiliation='none'/>"));
  CHECK(f.gets(kAnn, {error("iq", "forbidden")}) == "");
  f.says(set(kAnn, "<item jid='bob@b.example' affiliation='member'/>"));
  CHECK(f.gets(kAnn, {kResult}) == "");
  f.says(set(kAlice, "<item jid='ann@a.example' affiliation='member'/>"));
  CHECK(f.gets(kAnn, {shown("Ann", "<item affiliation='member' role='participant'/>")}) == "");
}

TEST_CASE("rooms §10.4: the last owner cannot resign, one of two can") {
  Support f;
  f.says(set(kAlice, "<item jid='alice@a.example' affiliation='admin'/>"));
  CHECK(f.gets(kAlice, {error("iq", "conflict")}) == "");
  f.says(set(kAlice,
             "<item jid='ann@a.example' affiliation='owner'/>"
             "<item jid='alice@a.example' affiliation='admin'/>"));
  CHECK(f.gets(kAlice, {kResult, shown("Alice", "<item affiliation='admin'/>")}) == "");
}

TEST_CASE("rooms §9: a change with one illegal item changes nothing") {
  Support f;
  for (const std::string_view bad :
       {"<item jid='alice@a.example' affiliation='outcast'/>",
        "<item jid='@' affiliation='member'/>", "<item jid='c@c.example' affiliation='emperor'/>",
        "<item nick='Nobody' role='none'/>",
        "<item jid='c@c.example' affiliation='member' role='visitor'/>",
        "<item jid='c.example' affiliation='member'/>"}) {
    f.says(set(kAlice, joined({"<item jid='bob@b.example' affiliation='member'/>", bad})));
    CHECK(f.gets(kAlice, {"<iq type='error'/>"}) == "");
  }
  f.says(ask("get", kAlice, admin("<item affiliation='member'/>")));
  const auto heard = f.heard(kAlice);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].find("<item") == std::string::npos);
}

TEST_CASE("rooms §9.1: a ban puts all clients out with 301, and nobody bans himself") {
  Support f;
  f.enters(kBob, "Bob");
  f.joins("bob@b.example/phone", "support@rooms.a.example/Bob");
  f.says(
      set(kAlice, "<item jid='bob@b.example' affiliation='outcast'><reason>rude</reason></item>"));
  const std::string out = gone("Bob",
                               "<item affiliation='outcast' role='none'><actor nick='Alice'/>"
                               "<reason>rude</reason></item><status code='301'/>");
  CHECK(f.gets(kAlice, {kResult, out}) == "");
  CHECK(f.gets(kBob, {out}) == "");
  CHECK(f.gets("bob@b.example/phone", {out}) == "");
  f.says(join(kBob, "Bob"));
  CHECK(f.gets(kBob, {error("presence", "forbidden")}) == "");
  f.says(set(kAlice, "<item jid='alice@a.example' affiliation='outcast'/>"));
  CHECK(f.gets(kAlice, {error("iq", "conflict")}) == "");
}

TEST_CASE("rooms §7.2.6, §9.4: a members-only room lets members in, and out with 321") {
  Support f;
  f.adds("ann@a.example");
  f.enters(kAnn, "Ann");
  f.enters(kBob, "Bob");
  f.says(ask("set", kAlice, settings("muc#roomconfig_membersonly", "1")));
  CHECK(f.gets(kBob, {"<message from='support@rooms.a.example'>"
                      "<x xmlns='http://jabber.org/protocol/muc#user'><status code='104'/></x>"
                      "</message>",
                      gone("Bob", "<status code='110'/><status code='322'/>")}) == "");
  f.says(join(kBob, "Bob"));
  CHECK(f.gets(kBob, {error("presence", "registration-required")}) == "");
  f.forget();
  f.says(set(kAlice, "<item jid='ann@a.example' affiliation='none'/>"));
  CHECK(f.gets(kAnn, {gone("Ann", "<item affiliation='none'/><status code='321'/>")}) == "");
}

TEST_CASE("rooms §7.10: a reserved nick is its member's; asking for it says so (§7.12)") {
  Support f;
  f.says(set(kAlice, "<item jid='ann@a.example' affiliation='member' nick='Queen'/>"));
  f.says(join(kBob, "Queen"));
  CHECK(f.gets(kBob, {error("presence", "conflict")}) == "");
  f.says(ask("get", kAnn,
             "<query xmlns='http://jabber.org/protocol/disco#info' node='x-roomuser-item'/>"));
  CHECK(f.gets(kAnn, {"<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info' "
                      "node='x-roomuser-item'><identity name='Queen'/></query></iq>"}) == "");
  f.says(join(kAnn, "Queen", kNoHistory));
  CHECK(f.gets(kAnn, {shown("Alice", ""), shown("Queen", "<status code='110'/>"), kSubject}) == "");
}

TEST_CASE("rooms §9.2, §9.5: lists are for admins, and for members where addresses are shown") {
  Support f;
  f.adds("ann@a.example");
  f.says(ask("get", kAnn, admin("<item affiliation='owner'/>")));
  CHECK(f.gets(kAnn, {error("iq", "forbidden")}) == "");
  f.says(ask("set", kAlice, settings("muc#roomconfig_whois", "anyone")));
  f.forget();
  f.says(ask("get", kAnn, admin("<item affiliation='owner'/>")));
  CHECK(f.gets(kAnn, {"<iq type='result'><query xmlns='http://jabber.org/protocol/muc#admin'>"
                      "<item affiliation='owner' jid='alice@a.example'/></query></iq>"}) == "");
  f.says(ask("get", kAnn, admin("<item affiliation='outcast'/>")));
  CHECK(f.gets(kAnn, {error("iq", "forbidden")}) == "");
  f.says(ask("get", kBob, admin("<item affiliation='owner'/>")));
  CHECK(f.gets(kBob, {error("iq", "forbidden")}) == "");
}

TEST_CASE("rooms §8.2: a moderator kicks with 307, but nobody above him") {
  Support f;
  f.enters(kAnn, "Ann");
  f.enters(kBob, "Bob");
  f.says(set(kBob, "<item nick='Ann' role='none'/>"));
  CHECK(f.gets(kBob, {error("iq", "forbidden")}) == "");
  f.says(set(kAlice, "<item nick='Bob' role='moderator'/>"));
  f.forget();
  f.says(set(kBob, "<item nick='Alice' role='none'/>"));
  CHECK(f.gets(kBob, {error("iq", "not-allowed")}) == "");
  f.says(set(kBob, "<item nick='Ann' role='none'><reason>out</reason></item>"));
  const std::string out = gone("Ann",
                               "<item affiliation='none' role='none'><actor nick='Bob'/>"
                               "<reason>out</reason></item><status code='307'/>");
  CHECK(f.gets(kAnn, {out}) == "");
  CHECK(f.gets(kAlice, {out}) == "");
  // He may come in again.
  f.says(join(kAnn, "Ann", kNoHistory));
  CHECK(f.gets(kAnn, {shown("Alice", ""), shown("Bob", "<item role='moderator'/>"),
                      shown("Ann", ""), kSubject}) == "");
}

TEST_CASE("rooms §8.4, §9.7: voice and moderators are taken from those below") {
  Support f;
  f.adds("ann@a.example");
  f.enters(kAnn, "Ann");
  f.says(set(kAlice, "<item nick='Ann' role='visitor'/>"));
  CHECK(f.gets(kAnn, {shown("Ann", "<item role='visitor'/>")}) == "");
  f.says(set(kAlice, "<item nick='Ann' role='moderator'/>"));
  CHECK(f.gets(kAnn, {shown("Ann", "<item role='moderator'/>")}) == "");
  f.says(set(kAnn, "<item nick='Alice' role='visitor'/>"));
  CHECK(f.gets(kAnn, {error("iq", "not-allowed")}) == "");
  // §9.6, §9.8: who is a moderator is for admins to say, and to see as a list.
  f.enters(kBob, "Bob");
  f.forget();
  f.says(set(kAnn, "<item nick='Bob' role='moderator'/>"));
  CHECK(f.gets(kAnn, {error("iq", "forbidden")}) == "");
  f.says(ask("get", kAnn, admin("<item role='moderator'/>")));
  CHECK(f.gets(kAnn, {error("iq", "forbidden")}) == "");
  f.says(ask("get", kAnn, admin("<item role='participant'/>")));
  CHECK(f.gets(kAnn, {"<iq type='result'><query xmlns='http://jabber.org/protocol/muc#admin'>"
                      "<item nick='Bob'/></query></iq>"}) == "");
  f.says(set(kAlice, "<item nick='Ann' role='participant'/>"));
  CHECK(f.gets(kAnn, {shown("Ann", "<item role='participant'/>")}) == "");
}

TEST_CASE("rooms §9.5: two of one request cannot reserve the same nick, however it is written") {
  Support f;
  f.says(set(kAlice,
             "<item jid='ann@a.example' nick='Doc B' affiliation='member'/>"
             "<item jid='bob@b.example' nick='Doc\u00a0B' affiliation='member'/>"));
  CHECK(f.gets(kAlice, {error("iq", "conflict")}) == "");
  CHECK(f.gets("ann@a.example", {}) == "");
}
