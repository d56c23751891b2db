// Mentions of members who are away (XEP-0452), and members of a kind that is not known (A8).

#include <doctest/doctest.h>

#include "engine/fields.h"
#include "tests/support/room_words.h"

namespace hansa::test {
namespace {

std::string mention(std::string_view uri) {
  return joined({"<reference xmlns='urn:xmpp:reference:0' type='mention' begin='0' end='3' uri='",
                 uri, "'/>"});
}

struct Room : RoomFixture {
  explicit Room(bool forward = true) {
    start();
    joins(kAlice, "support@rooms.a.example/Alice");
    says(ask("set", kAlice,
             admin("<item jid='ann@a.example' affiliation='member' nick='Ann'/>"
                   "<item jid='carol@a.example' affiliation='member'/>")));
    if (forward) says(ask("set", kAlice, test::settings("muc#roomconfig_forwardmentions", "1")));
    forget();
  }
};

}  // namespace

TEST_CASE("mentions: a member who is away gets the message, as it was said") {
  Room f;
  f.says(talk(kAlice, "m1", "Ann: come", mention("xmpp:ann@a.example")));
  CHECK(f.gets("ann@a.example",
               {"<message from='support@rooms.a.example' id='*' type='!'>"
                "<mentions xmlns='urn:xmpp:mmn:0'><forwarded xmlns='urn:xmpp:forward:0'>"
                "<delay xmlns='urn:xmpp:delay' stamp='*'/>"
                "<message xmlns='jabber:client' type='groupchat' id='m1' "
                "to='support@rooms.a.example' from='support@rooms.a.example/Alice'>"
                "<body>Ann: come</body><reference xmlns='urn:xmpp:reference:0'/>"
                "<stanza-id xmlns='urn:xmpp:sid:0' by='support@rooms.a.example'/></message>"
                "</forwarded></mentions></message>"}) == "");
  f.says(talk(kAlice, "m2", "Ann: come", mention("xmpp:support@rooms.a.example/Ann")));
  CHECK(f.gets("ann@a.example", {"<message/>"}) == "");
}

TEST_CASE("mentions: nobody else, not twice, and not who is in") {
  Room f;
  f.says(talk(kAlice, "m1", "x",
              mention("xmpp:bob@b.example") + mention("ann@a.example") +
                  mention("xmpp:support@rooms.a.example/Nobody") + mention("xmpp:@")));
  CHECK(f.heard("bob@b.example").empty());
  CHECK(f.heard("ann@a.example").empty());
  f.says(talk(kAlice, "m2", "x",
              mention("xmpp:ann@a.example") + mention("xmpp:ann@a.example") +
                  mention("xmpp:support@rooms.a.example/Ann")));
  CHECK(f.heard("ann@a.example").size() == 1);
  f.joins(kAnn, "support@rooms.a.example/Ann");
  f.says(talk(kAlice, "m3", "x", mention("xmpp:ann@a.example")));
  CHECK(f.heard("ann@a.example").empty());
}

TEST_CASE("mentions: only where the owners want it") {
  Room f(false);
  f.says(talk(kAlice, "m1", "x", mention("xmpp:ann@a.example")));
  CHECK(f.heard("ann@a.example").empty());
}

}  // namespace hansa::test
