// XEP-0313 by its sections: what is in a room's archive, how it is asked for, who may.

#include <doctest/doctest.h>

#include "base/limits.h"
#include "tests/modules/archive/archive_fixture.h"

namespace hansa::test {
namespace {

using F = ArchiveFixture;

}  // namespace

TEST_CASE(
    "archive: a result is the message as it was said, under the id that everybody saw (4.3)") {
  F f;
  const std::string id = f.say(kAlice, "m1", "one", "<x xmlns='urn:example'>kept</x>");
  f.forget();
  f.says(ask("set", kAnn, "<query xmlns='urn:xmpp:mam:2' queryid='f27'/>"));
  const std::string result = joined(
      {"<message from='support@rooms.a.example' type='!'><result xmlns='urn:xmpp:mam:2' "
       "queryid='f27' id='",
       id,
       "'><forwarded xmlns='urn:xmpp:forward:0'>"
       "<delay xmlns='urn:xmpp:delay' stamp='2023-11-14T22:13:20.000Z'/>"
       "<message xmlns='jabber:client' from='support@rooms.a.example/Alice' to='!' id='m1' "
       "type='groupchat'><body>one</body><x xmlns='urn:example'>kept</x>"
       "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='*'/><stanza-id xmlns='urn:xmpp:sid:0' "
       "by='support@rooms.a.example' id='",
       id, "'/></message></forwarded></result></message>"});
  const std::string fin =
      joined({"<iq type='result' id='q'><fin xmlns='urn:xmpp:mam:2' complete='true' stable='true'>"
              "<set xmlns='http://jabber.org/protocol/rsm'><first index='0'>",
              id, "</first><last>", id, "</last><count>1</count></set></fin></iq>"});
  CHECK(f.gets(kAnn, {result, fin}) == "");
}

TEST_CASE("archive: an empty one answers at once; a room that is not there has none") {
  F f;
  f.says(ask("set", kAnn, "<query xmlns='urn:xmpp:mam:2'/>"));
  CHECK(f.gets(kAnn, {"<iq type='result'><fin xmlns='urn:xmpp:mam:2' complete='true'>"
                      "<set xmlns='http://jabber.org/protocol/rsm'><count>0</count></set></fin>"
                      "</iq>"}) == "");
  f.says(ask("set", kAnn, "<query xmlns='urn:xmpp:mam:2'/>", "none@rooms.a.example"));
  CHECK(f.gets(kAnn, {error("iq", "item-not-found")}) == "");
}

TEST_CASE(
    "archive: private messages, chat states and what asks not to be kept are not in it (5.1.2)") {
  F f;
  f.joins(kAnn, "support@rooms.a.example/Ann");
  f.say(kAlice, "m1", "one");
  f.says(joined({"<message type='chat' from='", kAlice, "' to='", kRoom,
                 "/Ann' id='p'><body>private</body></message>"}));
  f.says(talk_only(kAlice, "c", "<composing xmlns='http://jabber.org/protocol/chatstates'/>"));
  f.says(talk_only(kAlice, "n", "<no-store xmlns='urn:xmpp:hints'/><x xmlns='urn:example'/>"));
  f.says(talk_only(kAlice, "s", "<subject>Apples</subject>"));
  f.says(talk_only(kAlice, "r", "<reactions xmlns='urn:xmpp:reactions:0' id='m1'/>"));
  CHECK(f.bodies(kAnn) == "one - - | complete");  // a subject and a reaction are
}

TEST_CASE("archive: pages forward, one after the other, each message once") {
  F f;
  std::vector<std::string> ids;
  for (int i = 1; i <= 7; ++i) {
    ids.push_back(f.say(kAlice, "m" + std::to_string(i), std::to_string(i)));
  }
  CHECK(f.bodies(kAlice, F::page("<max>3</max>")) == "1 2 3 | more");
  const auto after = [&](std::size_t i) {
    return f.bodies(kAlice, F::page("<max>3</max><after>" + ids[i] + "</after>"));
  };
  CHECK(after(2) == "4 5 6 | more");
  CHECK(after(5) == "7 | complete");
  CHECK(after(6) == "| complete");
  CHECK(after(3) == "5 6 7 | complete");
}

TEST_CASE("archive: pages backward, from the last one on") {
  F f;
  std::vector<std::string> ids;
  for (int i = 1; i <= 7; ++i) {
    ids.push_back(f.say(kAlice, "m" + std::to_string(i), std::to_string(i)));
  }
  CHECK(f.bodies(kAlice, F::page("<max>3</max><before/>")) == "5 6 7 | more");
  const auto before = [&](std::size_t i) {
    return f.bodies(kAlice, F::page("<max>3</max><before>" + ids[i] + "</before>"));
  };
  CHECK(before(4) == "2 3 4 | more");
  CHECK(before(1) == "1 | complete");
  CHECK(before(0) == "| complete");
  CHECK(f.bodies(kAlice, F::page("<max>3</max><before>" + ids[6] + "</before><after>" + ids[3] +
                                 "</after>")) == "5 6 | complete");
}

TEST_CASE("archive: ids as fields bound what is asked for, and name single messages (4.1.4)") {
  F f;
  std::vector<std::string> ids;
  for (int i = 1; i <= 5; ++i) {
    ids.push_back(f.say(kAlice, "m" + std::to_string(i), std::to_string(i)));
  }
  const auto with = [&](std::string_view fields) { return f.bodies(kAlice, F::form(fields)); };
  CHECK(with(F::field("after-id", ids[1])) == "3 4 5 | complete");
  CHECK(with(F::field("before-id", ids[1])) == "1 | complete");
  CHECK(with(F::field("after-id", ids[0]) + F::field("before-id", ids[3])) == "2 3 | complete");
  CHECK(with("<field var='ids'><value>" + ids[3] + "</value><value>" + ids[0] +
             "</value></field>") == "1 4 | complete");
  for (const char* var : {"after-id", "before-id", "ids"}) {
    CHECK(with(F::field(var, "unknown")) == "error ");
  }
  CHECK(f.bodies(kAlice, F::page("<after>unknown</after>")) == "error ");
  CHECK(f.bodies(kAlice, F::page("<before>unknown</before>")) == "error ");
  f.says(ask("set", kAlice,
             "<query xmlns='urn:xmpp:mam:2'>" + F::page("<after>x</after>") + "</query>"));
  CHECK(f.gets(kAlice, {error("iq", "item-not-found")}) == "");
}

TEST_CASE(
    "archive: a time bounds what is asked for, to the millisecond and with both ends (4.1.2)") {
  F f;
  for (int i = 1; i <= 40; ++i) {
    f.say(kAlice, "m" + std::to_string(i), std::to_string(i));
    f.advance(Millis(1000));
  }
  const auto time = [&](std::string_view fields) { return f.bodies(kAlice, F::form(fields)); };
  CHECK(time(F::field("start", "2023-11-14T22:13:57.000Z")) == "38 39 40 | complete");
  CHECK(time(F::field("start", "2023-11-14T22:13:57.001Z")) == "39 40 | complete");
  CHECK(time(F::field("end", "2023-11-14T22:13:22.000Z")) == "1 2 3 | complete");
  CHECK(time(F::field("end", "2023-11-14T22:13:21.999Z")) == "1 2 | complete");
  CHECK(time(F::field("start", "2023-11-14T22:13:30.000Z") +
             F::field("end", "2023-11-14T23:13:31+01:00")) == "11 12 | complete");
  CHECK(time(F::field("start", "2030-01-01T00:00:00Z")) == "| complete");
  CHECK(time(F::field("end", "2020-01-01T00:00:00Z")) == "| complete");
  CHECK(time(F::field("start", "yesterday")) == "error ");
}

TEST_CASE("archive: times are found in a log that is long, on the disk") {
  F f;
  for (int i = 1; i <= 900; ++i) {
    f.says(talk(kAlice, "m" + std::to_string(i), std::to_string(i)));
    f.clock.now_ms += 1000;
  }
  f.forget();
  f.crash();
  f.start();
  CHECK(f.bodies(kAlice, F::form(F::field("start", "2023-11-14T22:17:00.000Z") +
                                 F::field("end", "2023-11-14T22:17:02.000Z"))) ==
        "221 222 223 | complete");
  CHECK(f.bodies(kAlice, F::page("<max>2</max><before/>")) == "899 900 | more");
  CHECK(f.bodies(kAlice, F::page("<max>2</max>")) == "1 2 | more");
  CHECK(f.query(kAlice, F::page("<max>100000</max>")).size() == limits::kArchivePageMost + 1);
  CHECK(f.query(kAlice).size() == limits::kArchivePage + 1);
  const auto counted = f.query(kAlice, F::page("<max>0</max>"));
  REQUIRE(counted.size() == 1);
  CHECK(has(counted[0], "<count>900</count>"));
}

TEST_CASE("archive: long messages make short pages, forward and backward") {
  F f;
  const std::string body(200'000, 'x');
  for (int i = 1; i <= 9; ++i) f.says(talk(kAlice, "m" + std::to_string(i), body));
  f.forget();
  const std::vector<std::string> forward = f.query(kAlice);
  CHECK(forward.size() == 7);  // 1 MiB and a little more
  CHECK(!has(forward.back(), "complete='true'"));
  const std::vector<std::string> backward = f.query(kAlice, F::page("<before/>"));
  CHECK(backward.size() >= 2);
  CHECK(has(backward[backward.size() - 2], "id='m9'"));
}

TEST_CASE("archive: a flipped page is the same page, its newest first (4.4)") {
  F f;
  for (int i = 1; i <= 4; ++i) f.say(kAlice, "m" + std::to_string(i), std::to_string(i));
  CHECK(f.bodies(kAlice, F::page("<max>3</max>") + "<flip-page/>") == "3 2 1 | more");
  CHECK(f.bodies(kAlice, F::page("<max>3</max><before/>") + "<flip-page/>") == "4 3 2 | more");
}

TEST_CASE("archive: metadata names the first and the last message (4.5)") {
  F f;
  constexpr std::string_view asked = "<metadata xmlns='urn:xmpp:mam:2'/>";
  f.says(ask("get", kAnn, asked));
  const std::vector<std::string> empty = f.heard(kAnn);
  REQUIRE(empty.size() == 1);
  CHECK(has(empty[0], "<metadata xmlns='urn:xmpp:mam:2'/>"));
  const std::string first = f.say(kAlice, "m1", "one");
  f.advance(Millis(60'000));
  f.say(kAlice, "m2", "two");
  const std::string last = f.say(kAlice, "m3", "three");
  f.says(ask("get", kAnn, asked));
  CHECK(f.gets(kAnn, {joined({"<iq type='result'><metadata xmlns='urn:xmpp:mam:2'><start id='",
                              first, "' timestamp='2023-11-14T22:13:20.000Z'/><end id='", last,
                              "' timestamp='2023-11-14T22:14:20.000Z'/></metadata></iq>"})}) == "");
}

TEST_CASE("archive: its form names the fields; another field or form is refused (4.1.6)") {
  F f;
  f.says(ask("get", kAnn, "<query xmlns='urn:xmpp:mam:2'/>"));
  CHECK(f.gets(kAnn, {"<iq type='result'><query xmlns='urn:xmpp:mam:2'><x xmlns='jabber:x:data' "
                      "type='form'><field type='hidden' var='FORM_TYPE'><value>urn:xmpp:mam:2"
                      "</value></field><field var='with'/><field var='start'/><field var='end'/>"
                      "<field var='before-id'/><field var='after-id'/><field var='ids'/></x>"
                      "</query></iq>"}) == "");
  const auto refused = [&](std::string_view content, std::string_view condition) {
    f.says(ask("set", kAnn, joined({"<query xmlns='urn:xmpp:mam:2'>", content, "</query>"})));
    return f.gets(kAnn, {error("iq", condition)});
  };
  CHECK(refused(F::form(F::field("include-groupchat", "1")), "feature-not-implemented") == "");
  CHECK(refused("<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>x</value>"
                "</field></x>",
                "bad-request") == "");
  CHECK(refused(F::page("<index>3</index>"), "feature-not-implemented") == "");
  f.says(ask("set", kAnn, "<query xmlns='urn:xmpp:mam:2' node='x'/>"));
  CHECK(f.gets(kAnn, {error("iq", "item-not-found")}) == "");
}

TEST_CASE(
    "archive: open to whoever may enter: not to the banned, members only to members (5.1.2)") {
  F f;
  f.say(kAlice, "m1", "one");
  CHECK(f.bodies(kBob) == "one | complete");  // never was in
  f.says(ask("set", kAlice, admin("<item jid='bob@b.example' affiliation='outcast'/>")));
  f.forget();
  f.says(ask("set", kBob, "<query xmlns='urn:xmpp:mam:2'/>"));
  CHECK(f.gets(kBob, {error("iq", "forbidden")}) == "");
  f.says(ask("set", kAlice, settings("muc#roomconfig_membersonly", "1")));
  f.says(ask("set", kAlice, admin("<item jid='ann@a.example' affiliation='member'/>")));
  f.forget();
  CHECK(f.bodies(kAnn) == "one | complete");
  f.says(ask("set", "carol@a.example/x", "<query xmlns='urn:xmpp:mam:2'/>"));
  CHECK(f.gets("carol@a.example/x", {error("iq", "forbidden")}) == "");
  f.says(ask("set", kAlice, settings("muc#roomconfig_publicroom", "0")));
  f.forget();
  for (const std::string_view payload :
       {"<query xmlns='urn:xmpp:mam:2'/>", "<metadata xmlns='urn:xmpp:mam:2'/>"}) {
    f.says(ask(payload.starts_with("<query") ? "set" : "get", "carol@a.example/x", payload));
    CHECK(f.gets("carol@a.example/x", {error("iq", "item-not-found")}) == "");
  }
}

TEST_CASE("archive: a password is asked at the door: strangers cannot read, who is in can") {
  F f;
  f.joins(kAnn, "support@rooms.a.example/Ann");
  f.say(kAlice, "m1", "one");
  f.says(ask("set", kAlice,
             owner("<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
                   "<value>http://jabber.org/protocol/muc#roomconfig</value></field>"
                   "<field var='muc#roomconfig_passwordprotectedroom'><value>1"
                   "</value></field><field var='muc#roomconfig_roomsecret'><value>"
                   "sesame</value></field></x>")));
  CHECK(f.bodies(kAnn) == "one | complete");
  CHECK(f.bodies(kBob) == "error ");
}

TEST_CASE("archive: real addresses stand in it for those who may see them, and no forged ones") {
  F f;
  f.joins(kAnn, "support@rooms.a.example/Ann");
  f.say(kAnn, "m1", "one",
        "<x xmlns='http://jabber.org/protocol/muc#user'><item jid='root@a.example'/></x>"
        "<a:x xmlns:a='http://jabber.org/protocol/muc#user'/>"
        "<stanza-id xmlns='urn:xmpp:sid:0' by='support@rooms.a.example' id='forged'/>"
        "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/>"
        "<delay xmlns='urn:xmpp:delay' stamp='2000-01-01T00:00:00Z'/>");
  const std::string own = f.query(kAlice)[0];
  CHECK(has(own, "<item jid='ann@a.example/phone'/>"));
  CHECK(!has(own, "forged"));
  CHECK(!has(own, "root@"));
  CHECK(!has(own, "2000-"));
  const std::string hers = f.query(kBob)[0];
  CHECK(!has(hers, "muc#user"));
  CHECK(!has(hers, "ann@a.example"));
  f.says(ask("set", kAlice, settings("muc#roomconfig_whois", "anyone")));
  CHECK(has(f.query(kBob)[0], "ann@a.example/phone"));
}

TEST_CASE("archive: one speaker's messages, by nickname or by address for those who may (4.1.1)") {
  F f;
  f.joins(kAnn, "support@rooms.a.example/Ann");
  f.say(kAnn, "m1", "hers");
  f.say(kAlice, "m2", "his");
  const auto with = [&](std::string_view who, std::string_view jid) {
    return f.bodies(who, F::form(F::field("with", jid)));
  };
  CHECK(with(kBob, "support@rooms.a.example/Ann") == "hers | complete");
  CHECK(with(kBob, "support@rooms.a.example") == "hers his | complete");
  CHECK(with(kBob, "ann@a.example") == "error ");
  CHECK(with(kAnn, "ann@a.example") == "hers | complete");
  CHECK(with(kAlice, "ann@a.example") == "hers | complete");
  CHECK(with(kAlice, "ann@a.example/phone") == "hers | complete");
  CHECK(with(kAlice, "ann@a.example/other") == "| complete");
  CHECK(with(kAlice, "@") == "error ");
}

TEST_CASE("archive: of a room that can only be read it is read; nothing is said there any more") {
  F f;
  f.say(kAlice, "m1", "one");
  const auto added =
      f.router->add({engine::Target::room, xmpp::StanzaKind::iq, "set", "later", "urn:example", ""},
                    [](engine::RoomTurn& turn, const xmpp::Stanza&) {
                      engine::Arrived entry;
                      entry.kind = static_cast<engine::EntryKind>(4711);
                      entry.must_understand = true;
                      turn.append(std::move(entry));
                      turn.reply();
                    });
  REQUIRE(added.ok());
  f.says(ask("set", kAlice, "<later xmlns='urn:example'/>"));
  f.says(talk(kAlice, "m2", "two"));
  f.forget();
  CHECK(f.bodies(kAlice) == "one | complete");
}

TEST_CASE("archive: a room says that it has one") {
  F f;
  f.says(ask("get", kAnn, "<query xmlns='http://jabber.org/protocol/disco#info'/>"));
  CHECK(f.gets(kAnn, {"<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'>"
                      "<feature var='urn:xmpp:mam:2'/><feature var='urn:xmpp:mam:2#extended'/>"
                      "<feature var='urn:xmpp:sid:0'/><feature var='urn:xmpp:occupant-id:0'/>"
                      "<feature var='urn:xmpp:message-moderate:1'/>"
                      "<feature var='urn:xmpp:message-retract:1'/>"
                      "<feature var='urn:xmpp:message-retract:1#tombstone'/></query></iq>"}) == "");
}

}  // namespace hansa::test
