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
};

}  // namespace

TEST_CASE("rooms §7.2.3: in a non-anonymous room all addresses are shown, and 100 says so") {
  Desk f;
  f.says(ask("set", kAlice, settings("muc#roomconfig_whois", "anyone")));
  f.enters(kAnn, "Ann");
  f.says(join(kBob, "Bob", kNoHistory));
  CHECK(f.gets(kBob, {shown("Alice", "<item jid='alice@a.example/desk'/>"),
                      shown("Ann", "<item jid='ann@a.example/phone'/>"),
                      shown("Bob",
                            "<item jid='bob@b.example/home'/><status code='100'/>"
                            "<status code='110'/>"),
                      kSubject}) == "");
  CHECK(f.gets(kAnn, {shown("Bob", "<item jid='bob@b.example/home'/>")}) == "");
}

TEST_CASE("rooms §7.2.4: in a semi-anonymous room only moderators see addresses") {
  Desk f;
  f.enters(kAnn, "Ann");
  f.says(join(kBob, "Bob", kNoHistory));
  CHECK(f.gets(kAlice, {shown("Bob", "<item jid='bob@b.example/home'/>")}) == "");
  CHECK(f.gets(kAnn, {shown("Bob", "<item jid='!'/>")}) == "");
  const auto all = f.heard(kBob);
  for (const auto& stanza : all) CHECK(stanza.find("alice@a.example") == std::string::npos);
}

TEST_CASE("rooms §7.2.7: whoever is banned does not come in, with any client") {
  Desk f;
  f.says(ask("set", kAlice, admin("<item affiliation='outcast' jid='bob@b.example'/>")));
  f.says(join(kBob, "Bob"));
  CHECK(f.gets(kBob, {error("presence", "forbidden")}) == "");
  f.says(join("bob@b.example/other", "Robert"));
  CHECK(f.gets("bob@b.example/other", {error("presence", "forbidden")}) == "");
  f.says(ask("set", kAlice, admin("<item affiliation='none' jid='bob@b.example'/>")));
  f.says(join(kBob, "Bob", kNoHistory));
  CHECK(f.gets(kBob, {shown("Alice", ""), shown("Bob", ""), kSubject}) == "");
}

TEST_CASE("rooms §7.2.15: the subject ends a join: empty, as it is, or as it was cleared") {
  Desk f;
  const auto change = [&](std::string_view subject) {
    f.says(talk_only(kAlice, "s", joined({"<subject>", subject, "</subject>"})));
    f.forget();
  };
  f.says(join(kAnn, "Ann", kNoHistory));
  CHECK(f.gets(kAnn, {shown("Alice", ""), shown("Ann", ""),
                      "<message type='groupchat' from='support@rooms.a.example'><subject/>"
                      "</message>"}) == "");
  change("Tea");
  f.says(join(kBob, "Bob", kNoHistory));
  CHECK(f.gets(kBob, {shown("Alice", ""), shown("Ann", ""), shown("Bob", ""),
                      "<message type='groupchat' from='support@rooms.a.example/Alice'>"
                      "<subject>Tea</subject><delay xmlns='urn:xmpp:delay'/></message>"}) == "");
  change("");
  f.says(join(kBob, "Bob", kNoHistory));
  const auto again = f.heard(kBob);
  REQUIRE(again.size() == 4);
  CHECK(again[3].find("<subject/>") != std::string::npos);
  CHECK(again[3].find("urn:xmpp:delay") != std::string::npos);
}

TEST_CASE("rooms §7.2.16: after the subject everything is live, and has no delay") {
  Desk f;
  f.enters(kBob, "Bob");
  f.says(talk(kAlice, "m", "now"));
  const auto heard = f.heard(kBob);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].find("urn:xmpp:delay") == std::string::npos);
}

TEST_CASE("rooms §17.1: a nick that is another one when it is prepared is told with 210") {
  Desk f;
  f.says(join(kBob, "B\u2070ob", kNoHistory));  // a superscript zero
  CHECK(f.gets(kBob, {shown("Alice", ""), shown("B0ob", "<status code='110'/><status code='210'/>"),
                      kSubject}) == "");
  f.says(join(kAnn, "B0ob"));
  CHECK(f.gets(kAnn, {error("presence", "conflict")}) == "");
}

TEST_CASE("rooms §11.1, §18.1.2: a client that is gone is removed, with 333 to the others") {
  Desk f;
  f.enters(kBob, "Bob");
  const auto bounce = [](std::string_view condition) {
    return joined({"<presence type='error' from='", kBob, "' to='", kRoom,
                   "/Alice'><error type='cancel'><", condition,
                   " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>"});
  };
  f.says(bounce("feature-not-implemented"));
  CHECK(f.gets(kAlice, {}) == "");
  f.says(bounce("recipient-unavailable"));
  CHECK(f.gets(kAlice, {gone("Bob", "<item role='none'/><status code='333'/>")}) == "");
  f.says(talk(kBob, "m", "I am back"));
  f.forget();
  for (const std::string_view condition :
       {"gone", "item-not-found", "redirect", "remote-server-not-found", "remote-server-timeout"}) {
    CAPTURE(condition);
    f.enters(kBob, "Bob");
    f.says(bounce(condition));
    CHECK(f.gets(kAlice, {gone("Bob", "<status code='333'/>")}) == "");
  }
}

TEST_CASE("rooms §7.2.2: a client's presence comes back to it with its id, and to nobody else") {
  RoomFixture f;
  f.start();
  f.joins(kAlice, "support@rooms.a.example/Alice");
  const std::string own = "support@rooms.a.example/Bob";
  const auto shown = [&](std::string_view id) {
    const std::string to_bob = f.heard(kBob).front();
    const std::string to_alice = f.heard(kAlice).front();
    const bool back = to_bob.find(" id='" + std::string(id) + "'") < to_bob.find('>');
    const bool to_others = to_alice.find(" id='") < to_alice.find('>');
    f.forget();
    return back && !to_others;
  };
  f.says(joined({"<presence id='j' from='", kBob, "' to='", own,
                 "'><x xmlns='http://jabber.org/protocol/muc'/></presence>"}));
  CHECK(f.heard(kAlice).front().find(" id='j'") == std::string::npos);
  f.forget();
  f.says(
      joined({"<presence id='s' from='", kBob, "' to='", own, "'><show>away</show></presence>"}));
  CHECK(shown("s"));
  f.says(joined({"<presence id='n' from='", kBob, "' to='support@rooms.a.example/Rob'/>"}));
  CHECK(f.heard(kBob).back().find(" id='n'") != std::string::npos);
  f.forget();
  f.says(joined({"<presence id='l&apos;' type='unavailable' from='", kBob,
                 "' to='support@rooms.a.example/Rob'/>"}));
  CHECK(shown("l&apos;"));
}
