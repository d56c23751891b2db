#include <doctest/doctest.h>

#include "tests/support/room_words.h"

using namespace hansa::test;

namespace {

constexpr std::string_view kInfo = "<query xmlns='http://jabber.org/protocol/disco#info'/>";

std::string features(std::string_view vars) {
  return joined({"<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'>", vars,
                 "</query></iq>"});
}

}  // namespace

TEST_CASE("rooms §10.2: owners see the settings as a form, others do not") {
  Support f;
  f.says(ask("get", kAlice, owner("")));
  CHECK(f.gets(kAlice,
               {"<iq type='result'><query xmlns='http://jabber.org/protocol/muc#owner'>"
                "<x xmlns='jabber:x:data' type='form'>"
                "<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value>"
                "</field><field var='muc#roomconfig_persistentroom'><value>1</value></field>"
                "<field var='act-as#may_act' type='list-single'><value>members</value></field>"
                "</x></query></iq>"}) == "");
  f.says(ask("get", kBob, owner("")));
  CHECK(f.gets(kBob, {error("iq", "forbidden")}) == "");
  f.says(ask("set", kBob, settings("muc#roomconfig_roomname", "Mine")));
  CHECK(f.gets(kBob, {error("iq", "forbidden")}) == "");
}

TEST_CASE("rooms §10.2.1: a change is answered, then told; a bad field changes nothing") {
  Support f;
  f.enters(kBob, "Bob");
  f.says(ask("set", kAlice, settings("muc#roomconfig_whois", "anyone")));
  CHECK(f.gets(kBob, {"<message><x xmlns='http://jabber.org/protocol/muc#user'>"
                      "<status code='172'/></x></message>"}) == "");
  CHECK(f.gets(kAlice, {kResult, "<message/>"}) == "");
  f.says(ask("set", kAlice, settings("muc#roomconfig_whois", "nobody")));
  CHECK(f.gets(kAlice, {error("iq", "not-acceptable")}) == "");
  f.says(ask("set", kAlice, settings("act-as#may_act", "everybody")));
  CHECK(f.gets(kAlice, {error("iq", "not-acceptable")}) == "");
  f.says(ask("set", kAlice, settings("muc#roomconfig_unknown", "x")));
  CHECK(f.gets(kAlice, {kResult}) == "");
  CHECK(f.gets(kBob, {}) == "");
  // Real addresses are shown to all now, and newcomers are told so (§7.2.3).
  f.says(join(kAnn, "Ann", kNoHistory));
  CHECK(f.gets(kAnn, {shown("Alice", "<item jid='alice@a.example/desk'/>"), shown("Bob", ""),
                      shown("Ann", "<status code='100'/><status code='110'/>"), kSubject}) == "");
}

TEST_CASE("rooms §10.1.2: an instant room needs no more than an empty form") {
  Support f;
  f.says(ask("set", kAlice, owner("<x xmlns='jabber:x:data' type='submit'/>")));
  CHECK(f.gets(kAlice, {kResult}) == "");
  f.says(ask("set", kAlice, owner("<x xmlns='jabber:x:data' type='cancel'/>")));
  CHECK(f.gets(kAlice, {kResult}) == "");
  f.says(ask("set", kAlice, owner("<x xmlns='jabber:x:data' type='form'/>")));
  CHECK(f.gets(kAlice, {error("iq", "bad-request")}) == "");
}

TEST_CASE("rooms §7.2.5: a password opens, a wrong one or none does not") {
  Support f;
  f.says(ask("set", kAlice,
             owner("<x xmlns='jabber:x:data' type='submit'>"
                   "<field var='muc#roomconfig_passwordprotectedroom'><value>1</value></field>"
                   "<field var='muc#roomconfig_roomsecret'><value>cauldron</value></field></x>")));
  f.forget();
  f.says(join(kBob, "Bob"));
  CHECK(f.gets(kBob, {error("presence", "not-authorized")}) == "");
  f.says(join(kBob, "Bob", "<password>kettle</password>"));
  CHECK(f.gets(kBob, {error("presence", "not-authorized")}) == "");
  f.says(join(kBob, "Bob", "<password>cauldron</password>"));
  CHECK(f.gets(kBob, {shown("Alice", ""), shown("Bob", ""), kSubject}) == "");
}

TEST_CASE("rooms §7.2.9: a full room is closed, but not to its admins") {
  Support f;
  f.adds("ann@a.example", "admin");
  f.says(ask("set", kAlice, settings("muc#roomconfig_maxusers", "1")));
  f.says(join(kBob, "Bob"));
  CHECK(f.gets(kBob, {error("presence", "service-unavailable")}) == "");
  f.says(join(kAnn, "Ann", kNoHistory));
  CHECK(f.gets(kAnn, {shown("Alice", ""), shown("Ann", ""), kSubject}) == "");
}

TEST_CASE("rooms §7.2.9: it is people that fill a room, not their clients") {
  Support f;
  f.says(ask("set", kAlice, settings("muc#roomconfig_maxusers", "2")));
  f.says(join("alice@a.example/tablet", "Alice", kNoHistory));
  f.forget();
  f.says(join(kBob, "Bob", kNoHistory));
  CHECK(f.gets(kBob, {shown("Alice", ""), shown("Bob", ""), kSubject}) == "");
  f.says(join("bob@b.example/desk", "Bob", kNoHistory));
  CHECK(f.gets("bob@b.example/desk", {shown("Alice", ""), shown("Bob", ""), kSubject}) == "");
  f.forget();
  f.says(join("carol@c.example/x", "Carol"));
  CHECK(f.gets("carol@c.example/x", {error("presence", "service-unavailable")}) == "");
}

TEST_CASE("rooms §6.4: a room says what it is; a hidden one to those who may enter") {
  Support f;
  f.says(ask("get", kBob, kInfo));
  CHECK(f.gets(kBob, {features("<identity category='conference' type='text' name='support'/>"
                               "<feature var='http://jabber.org/protocol/muc'/>"
                               "<feature var='http://jabber.org/protocol/muc#stable_id'/>"
                               "<feature var='urn:xmpp:sid:0'/>"
                               "<feature var='urn:xmpp:occupant-id:0'/>"
                               "<feature var='muc_public'/><feature var='muc_open'/>"
                               "<feature var='muc_persistent'/>"
                               "<feature var='muc_semianonymous'/>")}) == "");
  f.says(ask("set", kAlice, settings("muc#roomconfig_publicroom", "0")));
  f.says(ask("get", kBob, kInfo));
  CHECK(f.gets(kBob, {features("<feature var='muc_hidden'/>")}) == "");
  f.says(ask("set", kAlice, settings("muc#roomconfig_membersonly", "1")));
  f.says(ask("get", kBob, kInfo));
  CHECK(f.gets(kBob, {error("iq", "item-not-found")}) == "");
  f.adds("bob@b.example");
  f.says(ask("get", kBob, kInfo));
  CHECK(f.gets(kBob, {features("<feature var='muc_membersonly'/>")}) == "");
  f.says(ask("get", kBob, kInfo, "none@rooms.a.example"));
  CHECK(f.gets(kBob, {error("iq", "item-not-found")}) == "");
}

TEST_CASE("rooms §6.5, §6.6, §18.1.1: who is in is told of an open room only, and not by itself") {
  Support f;
  constexpr std::string_view items = "<query xmlns='http://jabber.org/protocol/disco#items'/>";
  f.says(ask("get", "carol@a.example/x", items));
  CHECK(f.gets("carol@a.example/x",
               {"<iq type='result'><query xmlns='http://jabber.org/protocol/disco#items'>"
                "<item jid='support@rooms.a.example/Alice' name='Alice'/></query></iq>"}) == "");
  // Outside the enterprise a room is one (requirement A7).
  f.says(ask("get", kBob, items));
  const auto nobody = [&f](std::string_view who) {
    const auto heard = f.heard(who);
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].find("<item") == std::string::npos);
    CHECK(heard[0].find("type='result'") != std::string::npos);
  };
  nobody(kBob);
  f.says(ask("set", kAlice, settings("muc#roomconfig_membersonly", "1")));
  f.says(ask("get", "carol@a.example/x", items));
  nobody("carol@a.example/x");
  f.says(ask("get", kBob, kInfo, "support@rooms.a.example/Alice"));
  CHECK(f.gets(kBob, {error("iq", "bad-request")}) == "");
  f.says(ask("get", kBob,
             "<query xmlns='http://jabber.org/protocol/disco#info' "
             "node='http://jabber.org/protocol/muc#traffic'/>"));
  CHECK(f.gets(kBob, {error("iq", "feature-not-implemented")}) == "");
}

TEST_CASE("rooms XEP-0410: a ping to one's own nick says whether one is in") {
  Support f;
  constexpr std::string_view ping = "<ping xmlns='urn:xmpp:ping'/>";
  f.says(ask("get", kAlice, ping, "support@rooms.a.example/Alice"));
  CHECK(f.gets(kAlice, {kResult}) == "");
  f.says(ask("get", kBob, ping, "support@rooms.a.example/Bob"));
  CHECK(f.gets(kBob, {error("iq", "not-acceptable")}) == "");
  f.says(ask("get", kAlice, ping, "support@rooms.a.example/Other"));
  CHECK(f.gets(kAlice, {error("iq", "item-not-found")}) == "");
  f.says(ask("get", kBob, ping, "none@rooms.a.example/Bob"));
  CHECK(f.gets(kBob, {error("iq", "item-not-found")}) == "");
}

TEST_CASE("rooms §10.9: its owner destroys a room, and its name is free again") {
  Support f;
  f.enters(kBob, "Bob");
  f.says(ask("set", kBob, owner("<destroy/>")));
  CHECK(f.gets(kBob, {error("iq", "forbidden")}) == "");
  f.says(ask("set", kAlice,
             owner("<destroy jid='other@rooms.a.example'><reason>over</reason>"
                   "</destroy>")));
  const std::string content =
      "<item affiliation='none' role='none'/><destroy jid='other@rooms.a.example'>"
      "<reason>over</reason></destroy>";
  CHECK(f.gets(kBob, {gone("Bob", content)}) == "");
  CHECK(f.gets(kAlice, {gone("Alice", content), kResult}) == "");
  f.says(ask("get", kBob, kInfo));
  CHECK(f.gets(kBob, {error("iq", "item-not-found")}) == "");
  f.says(join(kAnn, "Ann", kNoHistory));
  CHECK(f.gets(kAnn, {shown("Ann", "<item affiliation='owner'/><status code='201'/>"), kSubject}) ==
        "");
  f.says(ask("get", kAnn, admin("<item affiliation='owner'/>")));
  const auto heard = f.heard(kAnn);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].find("alice") == std::string::npos);
}

TEST_CASE("rooms §7.14: a room that is not persistent ends with its last occupant") {
  Support f;
  f.says(ask("set", kAlice, settings("muc#roomconfig_persistentroom", "0")));
  f.enters(kBob, "Bob");
  f.says(leave(kAlice, "Alice"));
  f.forget();
  f.says(talk(kBob, "m1", "still here"));
  CHECK(f.gets(kBob, {said("Bob", "still here")}) == "");
  f.says(leave(kBob, "Bob"));
  f.forget();
  f.says(ask("get", kAlice, kInfo));
  CHECK(f.gets(kAlice, {error("iq", "item-not-found")}) == "");
}

TEST_CASE("rooms §7.8.2: an invitation goes out in the room's name; its decline comes back") {
  Support f;
  const auto invite = [](std::string_view from, std::string_view to) {
    return joined({"<message id='i' from='", from, "' to='", kRoom,
                   "'><x xmlns='http://jabber.org/protocol/muc#user'><invite to='", to,
                   "'><reason>come</reason></invite></x></message>"});
  };
  f.says(invite(kAlice, "bob@b.example"));
  CHECK(f.gets("bob@b.example",
               {"<message from='support@rooms.a.example' type='!'>"
                "<x xmlns='http://jabber.org/protocol/muc#user'>"
                "<invite from='alice@a.example'><reason>come</reason></invite></x></message>"}) ==
        "");
  f.says(invite(kBob, "ann@a.example"));
  CHECK(f.gets(kBob, {error("message", "not-acceptable")}) == "");
  const auto decline = [](std::string_view to) {
    return joined({"<message id='d' from='bob@b.example/home' to='", kRoom,
                   "'><x xmlns='http://jabber.org/protocol/muc#user'><decline to='", to,
                   "'><reason>busy</reason></decline></x></message>"});
  };
  f.says(decline("alice@a.example"));
  CHECK(f.gets("alice@a.example",
               {"<message from='support@rooms.a.example'>"
                "<x xmlns='http://jabber.org/protocol/muc#user'>"
                "<decline from='bob@b.example'><reason>busy</reason></decline></x></message>"}) ==
        "");
  f.forget();
  f.says(decline("alice@a.example"));  // once for each invitation
  f.says(decline("stranger@c.example"));
  CHECK(f.gets("alice@a.example", {}) == "");
  CHECK(f.gets("stranger@c.example", {}) == "");
  CHECK(f.gets("bob@b.example/home", {}) == "");
}

TEST_CASE("rooms §7.8.2: a decline of one who was not invited tells nobody anything") {
  Support f;
  f.adds("ann@a.example");
  f.forget();
  for (const std::string_view to :
       {"ann@a.example", "nobody@a.example", "alice@a.example", "support@rooms.a.example/Alice"}) {
    f.says(joined({"<message id='d' from='spy@c.example/x' to='", kRoom,
                   "'><x xmlns='http://jabber.org/protocol/muc#user'><decline to='", to,
                   "'><reason>hello</reason></decline></x></message>"}));
    CHECK(f.gets("spy@c.example/x", {}) == "");
    CHECK(f.gets(to, {}) == "");
    CHECK(f.gets(kAlice, {}) == "");
  }
}

TEST_CASE("rooms §7.8.2: who invites learns that it did not arrive, not that somebody is banned") {
  Support f;
  const auto invite = [](std::string_view from, std::string_view to) {
    return joined({"<message id='i' from='", from, "' to='", kRoom,
                   "'><x xmlns='http://jabber.org/protocol/muc#user'><invite to='", to,
                   "'/></x></message>"});
  };
  f.says(join(kBob, "Bob", kNoHistory));
  f.adds("banned@c.example", "outcast");
  f.forget();
  f.says(invite(kBob, "banned@c.example"));
  CHECK(f.gets(kBob, {}) == "");
  CHECK(f.gets("banned@c.example", {}) == "");
  f.says(invite(kAlice, "banned@c.example"));  // an owner knows
  CHECK(f.gets(kAlice, {error("message", "forbidden")}) == "");
  const auto bounces = [&](std::string_view from) {
    f.says(joined({"<message type='error' id='i' from='", from, "' to='", kRoom,
                   "'><error type='cancel'><item-not-found "
                   "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"}));
  };
  f.says(invite(kBob, "nobody@c.example"));
  f.forget();
  f.crash();
  f.start();
  f.forget();
  bounces("somebody@c.example");
  CHECK(f.gets(kBob, {}) == "");
  bounces("nobody@c.example");
  CHECK(f.gets(kBob,
               {"<message type='error' from='support@rooms.a.example' id='i'>"
                "<x xmlns='http://jabber.org/protocol/muc#user'><invite to='nobody@c.example'/></x>"
                "<error type='cancel'><item-not-found "
                "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"}) == "");
}

TEST_CASE("rooms §7.8.2: an invitation is no way past the limit of members") {
  Support f;
  f.settings.members = 2;
  f.says(ask("set", kAlice, settings("muc#roomconfig_membersonly", "1")));
  f.forget();
  const auto invite = [&](std::string_view to) {
    f.says(joined({"<message id='i' from='", kAlice, "' to='", kRoom,
                   "'><x xmlns='http://jabber.org/protocol/muc#user'><invite to='", to,
                   "'/></x></message>"}));
  };
  invite("bob@b.example");
  CHECK(f.heard("bob@b.example").size() == 1);
  f.forget();
  invite("carol@c.example");
  CHECK(f.gets(kAlice, {error("message", "not-allowed")}) == "");
  CHECK(f.gets("carol@c.example", {}) == "");
  f.says(ask("set", kAlice, admin("<item jid='carol@c.example' affiliation='member'/>")));
  CHECK(f.gets(kAlice, {error("iq", "not-allowed")}) == "");
}

TEST_CASE("rooms §7.8.2: into a members-only room admins invite; members if its owner says so") {
  Support f;
  f.says(ask("set", kAlice, settings("muc#roomconfig_membersonly", "1")));
  f.adds("ann@a.example");
  f.says(join(kAnn, "Ann", kNoHistory));
  const std::string invites =
      "<message from='" + std::string(kAnn) +
      "' to='support@rooms.a.example' id='i'><x xmlns='http://jabber.org/protocol/muc#user'>"
      "<invite to='bob@b.example'/></x></message>";
  f.forget();
  f.says(invites);
  CHECK(f.gets(kAnn, {error("message", "forbidden")}) == "");
  CHECK(f.gets("bob@b.example", {}) == "");
  f.says(ask("set", kAlice, settings("x-muc#roomconfig_membersinvite", "1")));
  f.forget();
  f.says(invites);
  CHECK(f.heard("bob@b.example").size() == 1);
  f.says(join(kBob, "Bob", kNoHistory));
  CHECK(f.heard(kBob).back().find("<subject") != std::string::npos);
}

TEST_CASE("rooms §7.8.2: into a members-only room an invitation brings membership") {
  Support f;
  f.says(ask("set", kAlice, settings("muc#roomconfig_membersonly", "1")));
  f.says(
      "<message from='alice@a.example/desk' to='support@rooms.a.example'>"
      "<x xmlns='http://jabber.org/protocol/muc#user'><invite to='bob@b.example'/></x>"
      "</message>");
  f.forget();
  f.says(join(kBob, "Bob", kNoHistory));
  CHECK(f.gets(kBob,
               {shown("Alice", ""), shown("Bob", "<item affiliation='member'/>"), kSubject}) == "");
  f.says(
      "<message from='bob@b.example/home' to='support@rooms.a.example'><body>x</body>"
      "</message>");
  CHECK(f.gets(kBob, {error("message", "bad-request")}) == "");
}
