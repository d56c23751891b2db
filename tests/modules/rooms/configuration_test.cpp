#include <doctest/doctest.h>

#include "tests/support/room_words.h"

using namespace hansa::test;

namespace {

struct Desk : RoomFixture {
  Desk() {
    start();
    joins(kAlice, "support@rooms.a.example/Alice");
  }
  void enters(std::string_view who, std::string_view nick) {
    joins(who, joined({"support@rooms.a.example/", nick}));
  }
  std::string sets(std::string_view var, std::string_view value) {
    says(ask("set", kAlice, hansa::test::settings(var, value)));
    const auto got = heard(kAlice);
    return got.empty() ? std::string() : got.front();
  }
};

bool refused(const std::string& answer) {
  return answer.find("not-acceptable") != std::string::npos;
}
std::string field(std::string_view var, std::string_view value, std::string_view type) {
  return joined({"<field var='", var, "' type='", type, "'>",
                 value.empty() ? std::string_view() : std::string_view("<value>*</value>"),
                 "</field>"});
}

}  // namespace

TEST_CASE("rooms §10.2: the form has every registered field, with what holds now") {
  Desk f;
  f.says(ask("get", kAlice, owner("")));
  std::string fields;
  for (const auto& [var, type] : std::initializer_list<std::pair<const char*, const char*>>{
           {"muc#roomconfig_roomname", "text-single"},
           {"muc#roomconfig_roomdesc", "text-single"},
           {"muc#roomconfig_lang", "text-single"},
           {"muc#roomconfig_enablelogging", "boolean"},
           {"muc#roomconfig_changesubject", "boolean"},
           {"muc#roomconfig_allowinvites", "boolean"},
           {"muc#roomconfig_allowpm", "list-single"},
           {"muc#roomconfig_maxusers", "list-single"},
           {"muc#roomconfig_presencebroadcast", "list-multi"},
           {"muc#roomconfig_getmemberlist", "list-multi"},
           {"muc#roomconfig_publicroom", "boolean"},
           {"muc#roomconfig_persistentroom", "boolean"},
           {"muc#roomconfig_moderatedroom", "boolean"},
           {"muc#roomconfig_membersonly", "boolean"},
           {"muc#roomconfig_passwordprotectedroom", "boolean"},
           {"muc#roomconfig_roomsecret", "text-private"},
           {"muc#roomconfig_whois", "list-single"},
           {"muc#roomconfig_roomadmins", "jid-multi"},
           {"muc#roomconfig_roomowners", "jid-multi"},
           {"muc#roomconfig_pubsub", "text-single"},
           {"muc#maxhistoryfetch", "text-single"}}) {
    fields += field(var, {}, type);
  }
  CHECK(f.gets(kAlice,
               {joined({"<iq type='result'><query xmlns='http://jabber.org/protocol/muc#owner'>"
                        "<x xmlns='jabber:x:data' type='form'>",
                        fields, "</x></query></iq>"})}) == "");
}

TEST_CASE("rooms §10.2: what is no value of its field is refused, and nothing changes") {
  Desk f;
  const std::initializer_list<std::pair<const char*, const char*>> bad = {
      {"muc#roomconfig_allowpm", "some"},
      {"muc#roomconfig_maxusers", "-1"},
      {"muc#roomconfig_maxusers", "many"},
      {"muc#roomconfig_maxusers", "99999999"},
      {"muc#roomconfig_presencebroadcast", "owner"},
      {"muc#roomconfig_getmemberlist", "everybody"},
      {"muc#roomconfig_whois", "none"},
      {"muc#roomconfig_membersonly", "maybe"},
      {"muc#roomconfig_roomadmins", "@"},
      {"muc#roomconfig_roomowners", "a.example"},
      {"muc#maxhistoryfetch", "501"},
      {"FORM_TYPE", "http://jabber.org/protocol/muc#request"},
  };
  for (const auto& [var, value] : bad) {
    CAPTURE(var);
    CAPTURE(value);
    if (std::string_view(var) == "FORM_TYPE") {
      f.says(ask("set", kAlice,
                 owner(joined({"<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
                               "<value>",
                               value, "</value></field></x>"}))));
      CHECK(f.gets(kAlice, {error("iq", "not-acceptable")}) == "");
      continue;
    }
    CHECK(refused(f.sets(var, value)));
  }
  const std::initializer_list<std::pair<const char*, const char*>> good = {
      {"muc#roomconfig_allowpm", "participants"},
      {"muc#roomconfig_maxusers", "none"},
      {"muc#roomconfig_maxusers", "30"},
      {"muc#roomconfig_lang", "de"},
      {"muc#roomconfig_pubsub", "xmpp:pubsub.a.example?;node=x"},
      {"muc#maxhistoryfetch", "500"},
      {"muc#roomconfig_roomadmins", "ann@a.example"},
  };
  for (const auto& [var, value] : good) {
    CAPTURE(var);
    CHECK(f.sets(var, value).find("type='result'") != std::string::npos);
  }
}

TEST_CASE("rooms §10.2.1: what concerns privacy has a code of its own, the rest has 104") {
  Desk f;
  f.enters(kBob, "Bob");
  const auto told = [&](std::string_view codes) {
    return joined({"<message type='groupchat' from='", kRoom,
                   "'><x xmlns='http://jabber.org/protocol/muc#user'>", codes, "</x></message>"});
  };
  f.sets("muc#roomconfig_enablelogging", "1");
  CHECK(f.gets(kBob, {told("<status code='170'/>")}) == "");
  f.sets("muc#roomconfig_enablelogging", "0");
  CHECK(f.gets(kBob, {told("<status code='171'/>")}) == "");
  f.sets("muc#roomconfig_whois", "anyone");
  CHECK(f.gets(kBob, {told("<status code='172'/>")}) == "");
  f.sets("muc#roomconfig_whois", "moderators");
  CHECK(f.gets(kBob, {told("<status code='173'/>")}) == "");
  f.sets("muc#roomconfig_roomname", "Help");
  CHECK(f.gets(kBob, {told("<status code='104'/>")}) == "");
  f.sets("muc#roomconfig_roomname", "Help");  // no change
  CHECK(f.gets(kBob, {}) == "");
}

TEST_CASE("rooms §7.2.12: who enters a room whose talk is published is told so by 170") {
  Desk f;
  f.sets("muc#roomconfig_enablelogging", "1");
  f.says(join(kBob, "Bob", kNoHistory));
  CHECK(f.gets(kBob, {shown("Alice", ""), shown("Bob", "<status code='110'/><status code='170'/>"),
                      kSubject}) == "");
}

TEST_CASE("rooms §10.2: owners and admins named in the form are all of them") {
  Desk f;
  f.enters(kAnn, "Ann");
  f.sets("muc#roomconfig_roomadmins", "ann@a.example");
  CHECK(f.gets(kAnn, {"<message><x xmlns='http://jabber.org/protocol/muc#user'/></message>"}) !=
        "");
  f.says(ask("get", kAlice, admin("<item affiliation='admin'/>")));
  CHECK(f.gets(kAlice, {"<iq type='result'><query xmlns='http://jabber.org/protocol/muc#admin'>"
                        "<item affiliation='admin' jid='ann@a.example'/></query></iq>"}) == "");
  // She becomes an owner: both lists agree. Alice may resign while another owner stays.
  f.says(ask("set", kAlice,
             owner("<x xmlns='jabber:x:data' type='submit'>"
                   "<field var='muc#roomconfig_roomadmins'><value>alice@a.example</value></field>"
                   "<field var='muc#roomconfig_roomowners'><value>ann@a.example</value></field>"
                   "</x>")));
  f.forget();
  f.says(ask("get", kAnn, admin("<item affiliation='owner'/>")));
  CHECK(f.gets(kAnn, {"<iq type='result'><query xmlns='http://jabber.org/protocol/muc#admin'>"
                      "<item affiliation='owner' jid='ann@a.example'/></query></iq>"}) == "");
  f.says(ask("set", kAnn, settings("muc#roomconfig_roomowners", "")));
  CHECK(f.gets(kAnn, {error("iq", "conflict")}) == "");
  f.says(ask("set", kAlice, settings("muc#roomconfig_roomowners", "alice@a.example")));
  CHECK(f.gets(kAlice, {error("iq", "forbidden")}) == "");
}

TEST_CASE("rooms §7.5: the room says who may send private messages") {
  Desk f;
  f.enters(kAnn, "Ann");
  f.enters(kBob, "Bob");
  const auto whisper = [](std::string_view from, std::string_view nick) {
    return joined({"<message type='chat' from='", from, "' to='", kRoom, "/", nick,
                   "'><body>psst</body></message>"});
  };
  f.sets("muc#roomconfig_moderatedroom", "1");
  f.says(ask("set", kAlice, admin("<item nick='Ann' role='participant'/>")));
  f.forget();
  for (const auto& [value, ann, bob] :
       std::initializer_list<std::tuple<const char*, bool, bool>>{{"anyone", true, true},
                                                                  {"participants", true, false},
                                                                  {"moderators", false, false},
                                                                  {"none", false, false}}) {
    CAPTURE(value);
    f.sets("muc#roomconfig_allowpm", value);
    f.forget();
    f.says(whisper(kAnn, "Bob"));
    CHECK(f.gets(kAnn, {error("message", "forbidden")}).empty() == !ann);
    static_cast<void>(f.heard(kBob));
    f.says(whisper(kBob, "Ann"));
    static_cast<void>(f.heard(kAnn));
    CHECK(f.gets(kBob, {error("message", "forbidden")}).empty() == !bob);
  }
  f.forget();
  f.says(whisper(kAlice, "Bob"));
  CHECK(f.gets(kAlice, {error("message", "forbidden")}) == "");
}

TEST_CASE("rooms §9.5: the member list is open to those whom the room says") {
  Desk f;
  f.enters(kBob, "Bob");
  const auto list = admin("<item affiliation='member'/>");
  f.says(ask("get", kBob, list));
  CHECK(f.gets(kBob, {error("iq", "forbidden")}) == "");
  f.sets("muc#roomconfig_getmemberlist", "participant");
  f.forget();
  f.says(ask("get", kBob, list));
  CHECK(f.gets(kBob, {kResult}) == "");
  f.says(ask("get", kBob, admin("<item affiliation='outcast'/>")));
  CHECK(f.gets(kBob, {error("iq", "forbidden")}) == "");
  f.says(ask("get", kAnn, list));  // not in
  CHECK(f.gets(kAnn, {error("iq", "forbidden")}) == "");
}
