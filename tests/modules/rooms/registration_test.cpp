#include <doctest/doctest.h>

#include "base/limits.h"
#include "tests/support/room_words.h"

using namespace hansa::test;
using hansa::Millis;

namespace {

constexpr std::string_view kAsk = "<query xmlns='jabber:iq:register'/>";
constexpr std::string_view kAliceBare = "alice@a.example";
constexpr std::string_view kBobBare = "bob@b.example";

// The room takes questions at ask-…@team.a.example, too.
struct Desk : RoomFixture {
  Desk()
      : RoomFixture("team.a.example", [](hansa::rooms::Rooms&, hansa::engine::Router& rows) {
          const auto added = rows.add(
              {hansa::engine::Target::identity, hansa::xmpp::StanzaKind::message, "", "", "", ""},
              [](hansa::engine::RoomTurn& turn, const hansa::xmpp::Stanza& message) {
                if (!hansa::rooms::Rooms::take_question(turn, message)) {
                  turn.refuse(hansa::Error(hansa::Condition::service_unavailable));
                }
              });
          REQUIRE(added.ok());
        }) {
    settings.identities = "team.a.example";
    start();
    joins(kAlice, "support@rooms.a.example/Alice");
  }
  void enters(std::string_view who, std::string_view nick) {
    joins(who, joined({"support@rooms.a.example/", nick}));
  }
  // Bob asks; the address at which Alice is asked about it.
  std::string bob_asks(std::string_view nick = "Bobby") {
    says(request(kBob, nick));
    CHECK(gets(kBob, {kResult}) == "");
    std::string address;
    for (const auto& stanza : heard(kAliceBare)) {
      const auto at = stanza.find("ask-");
      if (at != std::string::npos && address.empty()) {
        address = stanza.substr(at, stanza.find('\'', at) - at);
      }
    }
    return address;
  }
  static std::string request(std::string_view from, std::string_view nick) {
    return ask("set", from,
               joined({"<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>"
                       "<field var='FORM_TYPE'><value>"
                       "http://jabber.org/protocol/muc#register</value></field>"
                       "<field var='muc#register_roomnick'><value>",
                       nick,
                       "</value></field><field var='muc#register_faqentry'><value>I help"
                       "</value></field></x></query>"}));
  }
  static std::string approval(std::string_view from, std::string_view jid, std::string_view allow) {
    return joined({"<message id='a' from='", from, "' to='", kRoom,
                   "'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>"
                   "http://jabber.org/protocol/muc#register</value></field><field var='muc#jid'>"
                   "<value>",
                   jid, "</value></field><field var='muc#register_allow'><value>", allow,
                   "</value></field></x></message>"});
  }
  static std::string chat(std::string_view from, std::string_view to, std::string_view body) {
    return joined({"<message type='chat' id='c' from='", from, "' to='", to, "'><body>", body,
                   "</body></message>"});
  }
};

std::string letter(std::string_view content) {
  return joined({"<message from='", kRoom, "' type='!'><body>*</body>", content, "</message>"});
}

}  // namespace

TEST_CASE("rooms §7.10: whoever may ask is given the form; a member learns that he is one") {
  Desk f;
  f.says(ask("get", kBob, kAsk));
  CHECK(f.gets(kBob, {"<iq type='result'><query xmlns='jabber:iq:register'>"
                      "<x xmlns='jabber:x:data' type='form'><field var='FORM_TYPE'>"
                      "<value>http://jabber.org/protocol/muc#register</value></field>"
                      "<field var='muc#register_roomnick'/><field var='muc#register_first'/>"
                      "<field var='muc#register_last'/><field var='muc#register_url'/>"
                      "<field var='muc#register_email'/><field var='muc#register_faqentry'/>"
                      "</x></query></iq>"}) == "");
  f.says(
      ask("set", kAlice, admin("<item affiliation='member' jid='ann@a.example' nick='Annie'/>")));
  f.says(ask("get", kAnn, kAsk));
  CHECK(f.gets(kAnn, {"<iq type='result'><query xmlns='jabber:iq:register'><registered/>"
                      "<username>Annie</username></query></iq>"}) == "");
  f.says(ask("get", kBob, kAsk, "none@rooms.a.example"));
  CHECK(f.gets(kBob, {error("iq", "item-not-found")}) == "");
}

TEST_CASE("rooms §7.10: who may not ask is told so") {
  Desk f;
  f.says(ask("set", kAlice, admin("<item affiliation='outcast' jid='bob@b.example'/>")));
  f.forget();
  f.says(ask("get", kBob, kAsk));
  CHECK(f.gets(kBob, {error("iq", "not-allowed")}) == "");
  f.says(ask("set", kAlice, settings("x-muc#roomconfig_registration", "0")));
  f.says(ask("get", kAnn, kAsk));
  CHECK(f.gets(kAnn, {error("iq", "not-allowed")}) == "");
  f.says(Desk::request(kAnn, "Ann"));
  CHECK(f.gets(kAnn, {error("iq", "not-allowed")}) == "");
  // A hidden room is not there for those who may not enter it.
  f.says(ask("set", kAlice, settings("muc#roomconfig_membersonly", "1")));
  f.says(ask("set", kAlice, settings("muc#roomconfig_publicroom", "0")));
  f.says(ask("get", kAnn, kAsk));
  CHECK(f.gets(kAnn, {error("iq", "item-not-found")}) == "");
}

TEST_CASE("rooms §7.10: a request without its form, or for a nick that is taken, is refused") {
  Desk f;
  f.says(ask("set", kBob, "<query xmlns='jabber:iq:register'><username>Bob</username></query>"));
  CHECK(f.gets(kBob, {error("iq", "bad-request")}) == "");
  f.says(Desk::request(kBob, "Alice"));
  CHECK(f.gets(kBob, {error("iq", "conflict")}) == "");
  f.says(
      ask("set", kAlice, admin("<item affiliation='member' jid='ann@a.example' nick='Annie'/>")));
  f.says(Desk::request(kBob, "Annie"));
  CHECK(f.gets(kBob, {error("iq", "conflict")}) == "");
  f.says(Desk::request(kBob, "Bob"));
  CHECK(f.gets(kBob, {kResult}) == "");
}

TEST_CASE("rooms §9.9: owners and admins are asked by form and by plain text, at their addresses") {
  Desk f;
  f.says(ask("set", kAlice, admin("<item affiliation='admin' jid='ann@a.example'/>")));
  f.forget();
  f.says(Desk::request(kBob, "Bobby"));
  CHECK(f.gets(kBob, {kResult}) == "");
  const std::string form = letter(
      "<x xmlns='jabber:x:data' type='form'><field var='FORM_TYPE'>"
      "<value>http://jabber.org/protocol/muc#register</value></field>"
      "<field var='muc#jid'><value>bob@b.example</value></field>"
      "<field var='muc#register_roomnick'><value>Bobby</value></field>"
      "<field var='muc#register_allow' type='boolean'><value>0</value></field></x>");
  const std::string question = "<message type='chat' from='*'><body>*</body></message>";
  CHECK(f.gets(kAliceBare, {form, question}) == "");
  CHECK(f.gets("ann@a.example", {form, question}) == "");
  CHECK(f.gets(kAlice, {}) == "");  // not in the room
}

TEST_CASE("rooms §9.9: yes makes a member with his nick, who is told though he is away") {
  Desk f;
  f.bob_asks();
  f.says(Desk::approval(kAlice, kBobBare, "1"));
  CHECK(f.gets(kAlice, {}) == "");
  CHECK(f.gets(kBobBare,
               {letter("<x xmlns='jabber:x:conference' jid='support@rooms.a.example'/>")}) == "");
  f.says(ask("get", kAlice, admin("<item affiliation='member'/>")));
  CHECK(f.gets(kAlice, {"<iq type='result'><query xmlns='http://jabber.org/protocol/muc#admin'>"
                        "<item affiliation='member' jid='bob@b.example' nick='Bobby'/>"
                        "</query></iq>"}) == "");
  // The second answer comes too late.
  f.says(Desk::approval(kAlice, kBobBare, "0"));
  CHECK(f.gets(kAlice, {error("message", "item-not-found")}) == "");
}

TEST_CASE("rooms §9.9: no is told as well; only admins and owners are heard") {
  Desk f;
  f.bob_asks();
  f.enters(kAnn, "Ann");
  f.says(Desk::approval(kAnn, kBobBare, "1"));
  CHECK(f.gets(kAnn, {error("message", "forbidden")}) == "");
  f.says(Desk::approval(kAlice, "carol@c.example", "1"));
  CHECK(f.gets(kAlice, {error("message", "item-not-found")}) == "");
  f.says(Desk::approval(kAlice, kBobBare, "perhaps"));
  CHECK(f.gets(kAlice, {error("message", "bad-request")}) == "");
  f.says(Desk::approval(kAlice, kBobBare, "0"));
  CHECK(f.gets(kBobBare, {letter("")}) == "");
  f.says(ask("get", kAlice, admin("<item affiliation='member'/>")));
  CHECK(f.heard(kAlice)[0].find("<item") == std::string::npos);
  // He may ask again.
  CHECK(f.bob_asks() != "");
}

TEST_CASE("rooms §9.9: one who is in when he becomes a member is shown as one to all") {
  Desk f;
  f.enters(kBob, "Bob");
  f.bob_asks();
  f.forget();
  f.says(Desk::approval(kAlice, kBobBare, "1"));
  CHECK(f.gets(kBob, {shown("Bob", "<item affiliation='member'/>")}) == "");
  CHECK(f.gets(kAlice, {shown("Bob", "<item affiliation='member' jid='bob@b.example/home'/>")}) ==
        "");
}

TEST_CASE("rooms: a question is answered in plain words, by the asked alone, once") {
  Desk f;
  const std::string address = f.bob_asks();
  REQUIRE(address.ends_with("@team.a.example"));
  const auto told = [&](std::string_view to) {
    const auto heard = f.heard(to);
    return heard.size() == 1 ? heard.front() : std::string();
  };
  f.says(Desk::chat(kAnn, address, "yes"));
  CHECK(f.gets(kAnn, {error("message", "item-not-found")}) == "");
  f.says(Desk::chat(kAlice, "ask-aaaaaaaaaaaaaaaa@team.a.example", "yes"));
  CHECK(f.gets(kAlice, {error("message", "item-not-found")}) == "");
  f.says(Desk::chat(kAlice, address, "who is that?"));
  CHECK(told(kAlice).find("yes or no") != std::string::npos);
  f.crash();
  f.start();
  f.forget();
  f.says(Desk::chat(kAlice, address, "  Yes, please!"));
  CHECK(told(kAlice).find("member now") != std::string::npos);
  CHECK(f.gets(kBobBare, {letter("<x xmlns='jabber:x:conference'/>")}) == "");
  f.says(Desk::chat(kAlice, address, "no"));
  CHECK(told(kAlice).find("already answered") != std::string::npos);
  // Other addresses are none of ours.
  f.says(Desk::chat(kAlice, "support@team.a.example", "yes"));
  CHECK(f.gets(kAlice, {error("message", "service-unavailable")}) == "");
}

TEST_CASE("rooms: a request that nobody answers expires, and the applicant is told") {
  Desk f;
  const std::string address = f.bob_asks();
  f.forget();
  f.clock.now_ms += hansa::limits::kApplication_ms;
  f.advance(Millis(1000));
  CHECK(f.gets(kBobBare, {letter("")}) == "");
  f.says(Desk::approval(kAlice, kBobBare, "1"));
  CHECK(f.gets(kAlice, {error("message", "item-not-found")}) == "");
  f.says(Desk::chat(kAlice, address, "yes"));
  CHECK(f.gets(kAlice, {error("message", "item-not-found")}) == "");
}

TEST_CASE("rooms §7.10: a member changes his nick without asking, and leaves for good") {
  Desk f;
  f.says(ask("set", kAlice, admin("<item affiliation='member' jid='ann@a.example'/>")));
  f.forget();
  f.says(Desk::request(kAnn, "Annie"));
  CHECK(f.gets(kAnn, {kResult}) == "");
  CHECK(f.gets(kAliceBare, {}) == "");
  f.says(join(kBob, "Annie"));
  CHECK(f.gets(kBob, {error("presence", "conflict")}) == "");
  f.says(ask("set", kAnn, "<query xmlns='jabber:iq:register'><remove/></query>"));
  CHECK(f.gets(kAnn, {kResult}) == "");
  f.says(join(kBob, "Annie", kNoHistory));
  CHECK(f.gets(kBob, {shown("Alice", ""), shown("Annie", ""), kSubject}) == "");
  // An owner does not lose a room by it.
  f.forget();
  f.says(ask("set", kAlice, "<query xmlns='jabber:iq:register'><remove/></query>"));
  CHECK(f.gets(kAlice, {error("iq", "not-allowed")}) == "");
}

TEST_CASE("rooms §7.10: whoever has asked may take it back") {
  Desk f;
  f.bob_asks();
  f.says(ask("set", kBob, "<query xmlns='jabber:iq:register'><remove/></query>"));
  CHECK(f.gets(kBob, {kResult}) == "");
  f.says(Desk::approval(kAlice, kBobBare, "1"));
  CHECK(f.gets(kAlice, {error("message", "item-not-found")}) == "");
}

TEST_CASE("rooms §10.9: with a room its requests end") {
  Desk f;
  const std::string address = f.bob_asks();
  f.says(ask("set", kAlice, owner("<destroy/>")));
  f.forget();
  f.says(Desk::chat(kAlice, address, "yes"));
  CHECK(f.gets(kAlice, {error("message", "item-not-found")}) == "");
  f.enters(kAlice, "Alice");
  f.says(Desk::approval(kAlice, kBobBare, "1"));
  CHECK(f.gets(kAlice, {error("message", "item-not-found")}) == "");
}
