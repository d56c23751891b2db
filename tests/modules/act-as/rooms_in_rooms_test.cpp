// A room joins a room of another node (requirements A6 to A9): it asks, somebody decides there, and
// from then on it is one member, by one entry and one stanza for each message.

#include <string>

#include <doctest/doctest.h>

#include "tests/support/two_rooms.h"

using namespace hansa;
using namespace hansa::test::two_rooms;
using test::Nodes;

TEST_CASE("A6: a room's request reaches the owner, names all three; yes makes one member of it") {
  Two t;
  t.asks();
  CHECK(t.was_told("bob@b.example", "It says that alice@a.example asks for it"));
  CHECK(t.was_told("bob@b.example", kIdentity));
  CHECK(t.was_told("bob@b.example", kHall));
  t.heard.clear();
  CHECK_FALSE(t.answers("bob@b.example"));
}

TEST_CASE("A6: accepted: it enters as one, and every member is told, absent ones too") {
  Two t;
  t.asks();
  REQUIRE(t.answers("bob@b.example"));
  CHECK(t.was_told("alice@a.example", "may join"));
  CHECK(t.was_told("ann@a.example", "in conversation"));
  t.says("<iq type='get' id='l' from='" + kBob + "' to='" + kHall +
         "'><query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member'/>"
         "</query></iq>");
  const auto& list = t.heard[kBob].back()->root();
  CHECK(xmpp::to_xml(list).find(kIdentity) != std::string::npos);
  CHECK(xmpp::to_xml(list).find("alice") == std::string::npos);
}

TEST_CASE("A6: declined: the one who asked is told, and nothing happens by itself") {
  Two t;
  t.asks();
  REQUIRE(t.answers("bob@b.example", "no"));
  CHECK(t.was_told("alice@a.example", "declined"));
  t.heard.clear();
  t.advance(Millis(3'600'000));
  CHECK(t.heard["bob@b.example"].empty());
  t.asks();  // asked again by somebody, it is another request
  CHECK(t.answers("bob@b.example"));
  CHECK(t.was_told("alice@a.example", "may join"));
}

TEST_CASE("A6: nobody is named who did not agree to it") {
  Two t;
  t.asks("");
  CHECK_FALSE(t.answers("bob@b.example"));
  t.enters(kAlice, kInside);
  t.asks();
  CHECK(t.answers("bob@b.example"));
}

TEST_CASE("A8, A9: each message crosses once, whatever the number of members, both ways") {
  Two t;
  t.joined();
  t.crossed.clear();
  t.speaks(kBob, kHall, "Welcome");
  CHECK(t.times(kAlice, "Welcome") == 1);
  CHECK(t.times(kAnn, "Welcome") == 1);
  CHECK(t.crossed["rooms.b.example message"] == 1);
  t.crossed.clear();
  t.speaks(kAlice, kInside, "Thank you");
  CHECK(t.times(kBob, "Thank you") == 1);
  CHECK(t.times(kAnn, "Thank you") == 1);
  CHECK(t.times(kAlice, "Thank you") == 1);
  CHECK(t.crossed["team.a.example message"] == 1);
  CHECK(t.crossed["rooms.b.example message"] == 1);  // its reflection
  t.advance(Millis(60'000));
  CHECK_FALSE(t.was_told(kAlice, "Not delivered"));
}

TEST_CASE("A9: what was said while its node was down comes when it is back: all, in order, once") {
  Two t;
  t.joined();
  t.speaks(kBob, kHall, "one");
  t.advance(Millis(3000));
  t.node("a").crash();
  for (int i = 2; i <= 120; ++i) t.speaks(kBob, kHall, std::to_string(i));
  t.advance(Millis(120'000));
  t.node("a").start();
  t.advance(Millis(5000));
  const auto all = t.bodies(kAlice);
  std::size_t next = 2;
  for (const std::string& body : all) {
    if (body == std::to_string(next)) ++next;
  }
  CHECK(next == 121);
  CHECK(t.times(kAlice, "2") == 1);
  CHECK(t.times(kAlice, "77") == 1);
}

TEST_CASE("A9: what is lost between two nodes is noticed, and comes once, in order") {
  Two t;
  t.joined();
  int count = 0;
  t.lose = [&](const xmpp::Element& stanza) {
    return stanza.attr("type") == "groupchat" && ++count % 3 == 0;
  };
  for (int i = 1; i <= 30; ++i) t.speaks(kBob, kHall, "n" + std::to_string(i));
  t.lose = nullptr;
  t.advance(Millis(90'000));
  int next = 1;
  for (const std::string& body : t.bodies(kAnn)) {
    if (body == "n" + std::to_string(next)) ++next;
  }
  CHECK(next == 31);
  CHECK(t.times(kAnn, "n3") == 1);
  CHECK(t.times(kAnn, "n29") == 1);
}

TEST_CASE("A9: neither node's crash loses what was said, or says it twice") {
  Two t;
  t.joined();
  for (int i = 1; i <= 12; ++i) {
    t.speaks(kBob, kHall, "n" + std::to_string(i));
    if (i % 4 == 1) {
      t.node("b").crash();
      t.node("b").start();
    }
    if (i % 4 == 3) {
      t.node("a").crash();
      t.node("a").start();
    }
  }
  t.advance(Millis(90'000));
  for (int i = 1; i <= 12; ++i) CHECK(t.times(kAnn, "n" + std::to_string(i)) == 1);
}

TEST_CASE("A9: what was taken there is not said twice, however late it is known here") {
  Two t;
  t.joined();
  t.lose = [](const xmpp::Element& stanza) {
    return stanza.attr("type") == "groupchat" && stanza.attr("from").starts_with("hall@");
  };
  t.speaks(kAlice, kInside, "late");
  CHECK(t.times(kBob, "late") == 1);
  t.node("a").crash();
  t.lose = nullptr;
  t.clock.now_ms += 11LL * 60 * 1000;  // longer than rooms remember what was said last
  for (int i = 0; i < 70; ++i) t.speaks(kBob, kHall, "n" + std::to_string(i));
  t.node("a").start();
  t.advance(Millis(60'000));
  CHECK(t.times(kBob, "late") == 1);
  CHECK(t.times(kAnn, "n69") == 1);
  CHECK_FALSE(t.was_told(kAlice, "Not delivered"));
}

TEST_CASE("A9: both nodes restart, in any order: it is in again at once, and hears what was said") {
  Two t;
  t.joined();
  t.node("b").crash();
  t.node("a").crash();
  t.node("a").start();
  t.advance(Millis(3000));  // it asks where it stands, in vain
  t.node("b").start();
  t.advance(Millis(3000));
  t.speaks(kBob, kHall, "We are back");
  t.advance(Millis(5000));
  CHECK(t.times(kAnn, "We are back") == 1);
}

TEST_CASE("A9: a member room that does not know that it is out is told so") {
  Two t;
  t.joined();
  t.node("a").up = false;  // for a moment its host says that it is not there
  t.speaks(kBob, kHall, "Hello?");
  t.node("a").up = true;
  t.advance(Millis(15'000));
  CHECK(t.times(kAnn, "Hello?") == 1);
  t.speaks(kAlice, kInside, "Here");
  CHECK(t.times(kBob, "Here") == 1);
}

TEST_CASE("A9: what was lost on its way did not arrive because something later did") {
  Two t;
  t.joined();
  t.lose = [](const xmpp::Element& stanza) {
    const xmpp::Element* const said = stanza.child("body", xmpp::ns::kClient);
    return said != nullptr && said->text() == "lost";
  };
  t.speaks(kAlice, kInside, "lost");
  t.speaks(kAlice, kInside, "next");
  CHECK(t.times(kBob, "next") == 1);
  SUBCASE("its speaker is told") {
    t.advance(Millis(40'000));
    CHECK(t.was_told(kAlice, "«lost»"));
    CHECK_FALSE(t.was_told(kAlice, "«next»"));
  }
  SUBCASE("or it is said again, when the room comes in again") {
    t.lose = nullptr;
    t.node("a").crash();
    t.node("a").start();
    t.advance(Millis(40'000));
    CHECK(t.times(kBob, "lost") == 1);
    CHECK_FALSE(t.was_told(kAlice, "Not delivered"));
  }
}

TEST_CASE("A8: a member room is in by one session, the newest: nothing crosses twice") {
  Two t;
  t.joined();
  t.says("<presence from='" + kIdentity + "/other' to='" + kHall +
         "/guild'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
  t.advance(Millis(3000));
  int crossed = 0;
  t.lose = [&](const xmpp::Element& stanza) {
    if (stanza.child("body", xmpp::ns::kClient) != nullptr) ++crossed;
    return false;
  };
  t.speaks(kBob, kHall, "Once");
  t.advance(Millis(3000));
  CHECK(crossed == 1);
  CHECK(t.times(kAnn, "Once") == 1);
}

TEST_CASE("A6: removed there: a notice here, no return; asked again it may come back") {
  Two t;
  t.joined();
  t.sets_member(kBob, kHall, kIdentity, "none");
  CHECK(t.was_told(kAlice, "not in " + kHall + " any more"));
  t.heard.clear();
  t.speaks(kBob, kHall, "among us");
  CHECK(t.times(kAlice, "among us") == 0);
  t.speaks(kAlice, kInside, "hello?");
  CHECK(t.times(kBob, "hello?") == 0);
  t.asks();
  REQUIRE(t.answers("bob@b.example"));
  t.speaks(kBob, kHall, "again");
  CHECK(t.times(kAlice, "again") == 1);
  CHECK(t.times(kAlice, "among us") == 0);
}

TEST_CASE("A5, A6: put out by a moderator: a notice, no return; opened again, it comes back") {
  Two t;
  t.joined();
  t.says("<iq type='set' id='k' from='" + kBob + "' to='" + kHall +
         "'><query xmlns='http://jabber.org/protocol/muc#admin'><item nick='guild' role='none'/>"
         "</query></iq>");
  CHECK(t.was_told(kAlice, "removed there"));
  t.heard.clear();
  t.speaks(kBob, kHall, "among us");
  t.node("a").crash();
  t.node("a").start();
  t.advance(Millis(2000));
  CHECK(t.times(kAlice, "among us") == 0);
  t.asks();
  CHECK_FALSE(t.answers("bob@b.example"));  // it is a member still
  t.advance(Millis(2000));
  CHECK(t.times(kAlice, "among us") == 1);  // and gets what members get
}

TEST_CASE("A6: an owner's settings: no rooms, rooms that only listen, so many") {
  Two t;
  t.configure("act-as#rooms_may", "no");
  t.asks();
  CHECK(t.was_told("alice@a.example", "takes no rooms"));
  CHECK_FALSE(t.answers("bob@b.example"));
  t.configure("act-as#rooms_may", "listen");
  t.asks();
  REQUIRE(t.answers("bob@b.example"));
  t.enters(kAlice, kInside);
  t.speaks(kAlice, kInside, "May I?");
  CHECK(t.times(kBob, "May I?") == 0);
  CHECK(t.was_told(kAlice, "Not delivered"));
  t.speaks(kBob, kHall, "Listen");
  CHECK(t.times(kAlice, "Listen") == 1);
  t.configure("act-as#max_rooms", "1");
  t.found("carl@a.example/1", Nodes::room("other", "a"));
  t.opens("carl@a.example/1", Nodes::identity("other", "a"), kHall);
  CHECK(t.was_told("carl@a.example", "At most 1 rooms"));
}

TEST_CASE("A6: a request that nobody answers expires on both sides") {
  Two t;
  t.asks();
  t.heard["alice@a.example"].clear();
  t.clock.now_ms += 15LL * 24 * 3600 * 1000;
  t.advance(Millis(3'600'000));
  CHECK(t.was_told("alice@a.example", "Nobody answered"));
}

TEST_CASE("A6: crashes of either node between the steps lose no request and no answer") {
  Two t;
  t.asks();
  t.node("a").crash();
  t.node("b").crash();
  t.node("b").start();
  REQUIRE(t.answers("bob@b.example"));  // while the asking node is down
  t.node("a").start();
  t.advance(Millis(5000));
  CHECK(t.was_told("alice@a.example", "may join"));
  t.enters(kAlice, kInside);
  t.speaks(kBob, kHall, "Welcome");
  CHECK(t.times(kAlice, "Welcome") == 1);
}

TEST_CASE("A6: members see which rooms theirs is in, take it out, and the other side agrees") {
  Two t;
  const auto rooms = [&] {
    t.heard[kAnn].clear();
    t.says("<iq type='get' id='r' from='" + kAnn + "' to='" + kIdentity +
           "'><rooms xmlns='urn:xmpp:act-as:0'/></iq>");
    return xmpp::to_xml(t.heard[kAnn].back()->root());
  };
  t.asks();
  CHECK(rooms().find("state='pending'") != std::string::npos);
  REQUIRE(t.answers("bob@b.example"));
  CHECK(rooms().find("state='in'") != std::string::npos);
  t.says("<iq type='get' id='r' from='" + kBob + "' to='" + kIdentity +
         "'><rooms xmlns='urn:xmpp:act-as:0'/></iq>");
  CHECK(t.heard[kBob].back()->root().attr("type") == "error");  // not for outsiders
  t.says("<iq type='set' id='x' from='" + kAnn + "' to='" + kIdentity +
         "'><leave xmlns='urn:xmpp:act-as:0' peer='" + kHall + "'/></iq>");
  CHECK(rooms().find("state='out'") != std::string::npos);
  t.says("<iq type='get' id='l' from='" + kBob + "' to='" + kHall +
         "'><query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member'/>"
         "</query></iq>");
  CHECK(xmpp::to_xml(t.heard[kBob].back()->root()).find(kIdentity) == std::string::npos);
}

TEST_CASE("A6: a request can be withdrawn by the side that asked") {
  Two t;
  t.asks();
  t.says("<iq type='set' id='x' from='" + kAlice + "' to='" + kIdentity +
         "'><leave xmlns='urn:xmpp:act-as:0' peer='" + kHall + "'/></iq>");
  REQUIRE(t.answers("bob@b.example"));
  CHECK_FALSE(t.was_told("alice@a.example", "may join"));
  t.enters(kAlice, kInside);
  t.speaks(kBob, kHall, "Welcome");
  CHECK(t.times(kAlice, "Welcome") == 0);
}
