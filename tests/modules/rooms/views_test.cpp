#include <doctest/doctest.h>

#include <set>

#include "tests/support/room_words.h"

using namespace hansa::test;
using hansa::Millis;

namespace {

std::string person(int i) { return "p" + std::to_string(i) + "@b.example/x"; }
std::string nick(int i) { return "P" + std::to_string(i); }

struct Desk : RoomFixture {
  explicit Desk(std::size_t reduced = 0) {
    settings.reduced_presence = reduced;
    start();
    joins(kAlice, "support@rooms.a.example/Alice");
  }
  void enters(std::string_view who, std::string_view nick) {
    joins(who, joined({"support@rooms.a.example/", nick}));
  }
  // Whom that client believes to be in, after what it was told on top of `before`.
  std::set<std::string> view(std::string_view who, std::set<std::string> before = {}) {
    for (const std::string& stanza : heard(who)) {
      if (!stanza.starts_with("<presence")) continue;
      const auto at = stanza.find("support@rooms.a.example/") + 24;
      const std::string nick = stanza.substr(at, stanza.find('\'', at) - at);
      if (stanza.find("type='unavailable'") == std::string::npos) {
        before.insert(nick);
      } else {
        before.erase(nick);
      }
    }
    return before;
  }
};

using Nicks = std::set<std::string>;

}  // namespace

TEST_CASE("rooms §7.2.2: only the presence of roles that the room broadcasts reaches all") {
  Desk f;
  f.says(ask("set", kAlice, settings("muc#roomconfig_presencebroadcast", "moderator")));
  f.enters(kAnn, "Ann");
  f.says(join(kBob, "Bob", kNoHistory));
  CHECK(f.view(kBob) == Nicks{"Alice", "Bob"});
  CHECK(f.view(kAnn) == Nicks{});
  CHECK(f.view(kAlice) == Nicks{"Bob"});
  f.says(
      "<presence from='bob@b.example/home' to='support@rooms.a.example/Bob'>"
      "<show>away</show></presence>");
  CHECK(f.view(kAnn) == Nicks{});
  CHECK(f.view(kBob) == Nicks{"Bob"});
  // They hear him, though.
  f.says(talk(kBob, "m", "hello"));
  CHECK(f.gets(kAnn, {said("Bob", "hello")}) == "");
  // As a moderator he is seen and sees; afterwards not any more.
  f.forget();
  f.says(ask("set", kAlice, admin("<item nick='Bob' role='moderator'/>")));
  CHECK(f.view(kAnn) == Nicks{"Bob"});
  CHECK(f.view(kBob, {"Alice", "Bob"}) == Nicks{"Alice", "Ann", "Bob"});
  f.says(ask("set", kAlice, admin("<item nick='Bob' role='participant'/>")));
  CHECK(f.view(kAnn, {"Bob"}) == Nicks{});
  CHECK(f.view(kBob, {"Alice", "Ann", "Bob"}) == Nicks{"Alice", "Bob"});
  f.forget();
  f.says(leave(kBob, "Bob"));
  CHECK(f.gets(kAnn, {}) == "");
  CHECK(f.gets(kAlice, {gone("Bob", "<item role='none'/>")}) == "");
}

TEST_CASE("rooms §10.2: when the room shows other roles, everybody's view follows") {
  Desk f;
  f.enters(kAnn, "Ann");
  f.enters(kBob, "Bob");
  f.says(ask("set", kAlice, settings("muc#roomconfig_presencebroadcast", "moderator")));
  CHECK(f.view(kAnn, {"Alice", "Ann", "Bob"}) == Nicks{"Alice", "Ann"});
  CHECK(f.view(kAlice, {"Alice", "Ann", "Bob"}) == Nicks{"Alice", "Ann", "Bob"});
  f.says(ask("set", kAlice,
             owner("<x xmlns='jabber:x:data' type='submit'>"
                   "<field var='muc#roomconfig_presencebroadcast'><value>moderator</value>"
                   "<value>participant</value><value>visitor</value></field></x>")));
  CHECK(f.view(kAnn, {"Alice", "Ann"}) == Nicks{"Alice", "Ann", "Bob"});
}

TEST_CASE("rooms: in a big room a join is told to the moderators alone, and sees them alone") {
  Desk f(4);
  for (int i = 1; i <= 3; ++i) f.enters(person(i), nick(i));
  f.forget();
  f.says(join(person(9), nick(9), kNoHistory));
  CHECK(f.view(person(9)) == Nicks{"Alice", "P9"});
  CHECK(f.view(kAlice) == Nicks{"P9"});
  CHECK(f.view(person(1)) == Nicks{});
  // Those who came before still see each other come and go; he does not.
  f.says(leave(person(1), nick(1)));
  CHECK(f.view(person(2), {"Alice", "P1", "P2", "P3"}) == Nicks{"Alice", "P2", "P3"});
  CHECK(f.gets(person(9), {}) == "");
  f.says(talk(person(9), "m", "hello"));
  CHECK(f.gets(person(2), {said("P9", "hello")}) == "");
}

TEST_CASE("rooms: a big room that has become small again is one for all who are in") {
  Desk f(6);
  for (int i = 1; i <= 8; ++i) f.enters(person(i), nick(i));
  std::map<int, Nicks> views;
  for (int i = 1; i <= 5; ++i) views[i] = {"Alice", "P1", "P2", "P3", "P4", "P5"};
  for (int i = 6; i <= 8; ++i) views[i] = {"Alice", nick(i)};
  f.forget();
  const auto look = [&] {
    for (auto& [i, view] : views) view = f.view(person(i), std::move(view));
  };
  for (int i = 2; i <= 6; ++i) f.says(leave(person(i), nick(i)));
  f.says(leave(person(8), nick(8)));
  f.advance(Millis(2000));
  look();
  CHECK(views[1] == Nicks{"Alice", "P1", "P7"});
  CHECK(views[7] == Nicks{"Alice", "P1", "P7"});
  f.says(join(kBob, "Bob", kNoHistory));
  CHECK(f.view(kBob) == Nicks{"Alice", "Bob", "P1", "P7"});
}

TEST_CASE("rooms: who came in apart is so after a crash") {
  Desk f(2);
  f.enters(person(1), nick(1));
  f.enters(person(2), nick(2));
  f.crash();
  f.start();
  f.forget();
  f.says(
      "<presence from='p2@b.example/x' to='support@rooms.a.example/P2'><show>dnd</show>"
      "</presence>");
  CHECK(f.view(person(1)) == Nicks{});
  CHECK(f.view(kAlice) == Nicks{"P2"});
}

TEST_CASE("rooms §6.5: who is in a crowd is a list in pages, for those who belong to it") {
  Desk f(5);
  for (int i = 0; i < 150; ++i) f.enters(person(i), "P" + std::to_string(100 + i));
  f.forget();
  const auto asks = [&](std::string_view who, std::string_view set) {
    f.says(
        ask("get", who,
            joined({"<query xmlns='http://jabber.org/protocol/disco#items'>", set, "</query>"})));
    const auto got = f.heard(who);
    return got.empty() ? std::string() : got.back();
  };
  const auto count = [](const std::string& xml) {
    std::size_t items = 0;
    for (auto at = xml.find("<item "); at != std::string::npos; at = xml.find("<item ", at + 1)) {
      ++items;
    }
    return items;
  };
  const std::string first = asks(person(3), "");
  CHECK(count(first) == 100);
  CHECK(first.find("<count>151</count>") != std::string::npos);
  CHECK(first.find("<first index='0'>support@rooms.a.example/Alice</first>") != std::string::npos);
  const std::string rest = asks(person(3),
                                "<set xmlns='http://jabber.org/protocol/rsm'><max>200</max>"
                                "<after>support@rooms.a.example/P198</after></set>");
  CHECK(count(rest) == 51);
  const std::string last = asks(person(3),
                                "<set xmlns='http://jabber.org/protocol/rsm'><max>2</max>"
                                "<before/></set>");
  CHECK(last.find("<last>support@rooms.a.example/P249</last>") != std::string::npos);
  CHECK(count(last) == 2);
  CHECK(count(asks("stranger@a.example/x", "")) == 0);
  f.says(ask("get", person(3),
             "<query xmlns='http://jabber.org/protocol/disco#items'>"
             "<set xmlns='http://jabber.org/protocol/rsm'><index>3</index></set></query>"));
  CHECK(f.gets(person(3), {error("iq", "feature-not-implemented")}) == "");
}
