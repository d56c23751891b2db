// Rooms of one node in each other: what they say to each other never leaves the node, and all else
// is as between nodes (requirements A6 to A9, A+).

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/graph.h"

using namespace hansa;
using test::Graph;
using test::Nodes;

namespace {

// Two rooms of one company: p0's r0 joins p1's r1.
struct Company : Graph {
  Company() : Graph({"a"}, 2) {}
  void joined() { REQUIRE(joins(0, 1)); }
  void changes(const std::string& whom, const std::string& affiliation) {
    says("<iq type='set' id='m' from='" + person(1) + "' to='" + room_jid(1) +
         "'><query xmlns='http://jabber.org/protocol/muc#admin'><item " + whom + " " + affiliation +
         "/></query></iq>");
  }
  // The service answers (modules/disco): it has rooms.
  void shows_its_service() {
    const auto answer = [](engine::ServiceTurn& turn, const xmpp::Stanza&) {
      turn.reply(
          "<query xmlns='http://jabber.org/protocol/disco#info'><identity "
          "category='conference' type='text'/></query>");
    };
    REQUIRE(node("a")
                .router
                ->add({engine::Target::rooms_service, xmpp::StanzaKind::iq, "get", "query",
                       "http://jabber.org/protocol/disco#info", ""},
                      answer)
                .ok());
  }
  // p1 says b1, b2 … in one go; how many of them p0 has heard, in their order.
  void speaks_at_once(int number) {
    for (int i = 1; i <= number; ++i) {
      const std::string body = "b" + std::to_string(i);
      auto said = xmpp::parse_element("<message type='groupchat' from='" + person(1) + "' to='" +
                                          room_jid(1) + "' id='" + body + "'><body>" + body +
                                          "</body></message>",
                                      xmpp::ns::kClient);
      node("a").engine->on_stanza("rooms.a.example", xmpp::Stanza::parse(*said).value());
    }
    run();
  }
  [[nodiscard]] int heard_in_order() {
    int number = 0;
    for (const std::string& body : bodies(person(0))) {
      if (body == "b" + std::to_string(number + 1)) ++number;
    }
    return number;
  }
  void restarts() {
    node("a").crash();
    node("a").start();
    advance(Millis(5000));
  }
};

// A ring: each asks first, then all are taken; so nobody sees it before it is there.
Graph& ring(Graph& g, int size) {
  for (int i = 0; i < size; ++i) g.asks(i, (i + 1) % size);
  for (int i = 0; i < size; ++i) {
    // heard is forgotten by the first yes: each question is answered from what is kept here.
    REQUIRE(g.answers(g.person((i + 1) % size, "")));
  }
  for (int i = 0; i < size; ++i) g.enters(g.person(i), g.talk(i, (i + 1) % size));
  g.heard.clear();
  g.crossed.clear();
  return g;
}

}  // namespace

TEST_CASE("A6: a room joins another one of its node: asked, accepted, in, all are told") {
  Company c;
  c.asks(0, 1);
  CHECK(c.was_told(c.person(1, ""), "p0@a.example asks for it"));
  REQUIRE(c.answers(c.person(1, "")));
  CHECK(c.was_told("p0@a.example", "may join"));
  c.says("<iq type='get' id='l' from='" + c.person(1) + "' to='" + c.room_jid(1) +
         "'><query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member'/>"
         "</query></iq>");
  const std::string list = xmpp::to_xml(c.heard[c.person(1)].back()->root());
  CHECK(list.find("jid='" + c.identity(0) + "' nick='r0'><kind xmlns='urn:xmpp:act-as:0'>room") !=
        std::string::npos);
  CHECK(list.find("p0@") == std::string::npos);
}

TEST_CASE("A8, A9: between rooms of one node each message goes once, both ways, within it") {
  Company c;
  c.joined();
  c.speaks(c.person(1), c.room_jid(1), "Welcome");
  CHECK(c.times(c.person(0), "Welcome") == 1);
  CHECK(c.crossed["rooms.a.example message"] == 1);
  c.crossed.clear();
  c.speaks(c.person(0), c.talk(0, 1), "Thank you");
  CHECK(c.times(c.person(1), "Thank you") == 1);
  CHECK(c.times(c.person(0), "Thank you") == 1);
  CHECK(c.messages() == 2);  // there, and its reflection
  c.advance(Millis(60'000));
  CHECK_FALSE(c.was_told(c.person(0), "Not delivered"));
  CHECK(c.heard[c.identity(0) + "/hansa"].empty());  // nothing of it came out
}

TEST_CASE("A8: the host may be away meanwhile: rooms of one node do not need it") {
  Company c;
  c.joined();
  c.node("a").link(false);
  c.node("a").up = true;  // what it read before
  c.speaks(c.person(1), c.room_jid(1), "Quiet here");
  c.advance(Millis(5000));
  CHECK(c.crossed["rooms.a.example message"] == 1);
  c.node("a").link(true);
  c.advance(Millis(5000));
  CHECK(c.times(c.person(0), "Quiet here") == 1);
  CHECK(c.times(c.person(1), "Quiet here") == 1);
}

TEST_CASE("A6: declined, withdrawn, expired: as between nodes") {
  Company c;
  c.asks(0, 1);
  REQUIRE(c.answers(c.person(1, ""), "no"));
  CHECK(c.was_told("p0@a.example", "declined"));
  c.heard.clear();
  c.asks(0, 1);
  c.says("<iq type='set' id='x' from='" + c.person(0) + "' to='" + c.identity(0) +
         "'><leave xmlns='urn:xmpp:act-as:0' peer='" + c.room_jid(1) + "'/></iq>");
  REQUIRE(c.answers(c.person(1, "")));
  CHECK_FALSE(c.was_told("p0@a.example", "may join"));
  c.heard.clear();
  c.asks(0, 1);
  c.clock.now_ms += 15LL * 24 * 3600 * 1000;
  c.advance(Millis(3'600'000));
  CHECK(c.was_told("p0@a.example", "Nobody answered"));
}

TEST_CASE("A6: removed, put out, left, banned: a notice, and both sides agree") {
  Company c;
  c.joined();
  const auto is_out = [&] {
    c.heard.clear();
    c.speaks(c.person(1), c.room_jid(1), "among us");
    c.speaks(c.person(0), c.talk(0, 1), "hello?");
    return c.times(c.person(0), "among us") == 0 && c.times(c.person(1), "hello?") == 0;
  };
  c.changes("jid='" + c.identity(0) + "'", "affiliation='none'");
  CHECK(c.was_told(c.person(0), "not in " + c.room_jid(1) + " any more"));
  CHECK(is_out());
  c.joined();
  c.changes("nick='r0'", "role='none'");
  CHECK(c.was_told(c.person(0), "removed there"));
  CHECK(is_out());
  c.asks(0, 1);  // it is a member still
  c.speaks(c.person(1), c.room_jid(1), "back");
  CHECK(c.times(c.person(0), "back") == 1);
  c.says("<iq type='set' id='x' from='" + c.person(0) + "' to='" + c.identity(0) +
         "'><leave xmlns='urn:xmpp:act-as:0' peer='" + c.room_jid(1) + "'/></iq>");
  CHECK(is_out());
  c.joined();
  c.changes("jid='" + c.identity(0) + "'", "affiliation='outcast'");
  CHECK(c.was_told(c.person(0), "not in " + c.room_jid(1) + " any more"));
  CHECK(is_out());
}

TEST_CASE("A5: one of the two is destroyed: the other is told, and nothing goes on") {
  Company c;
  c.joined();
  const auto destroy = [&](int i) {
    c.says("<iq type='set' id='d' from='" + c.person(i) + "' to='" + c.room_jid(i) +
           "'><query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query></iq>");
  };
  SUBCASE("the one that it is in") {
    destroy(1);
    CHECK(c.was_told(c.person(0), "destroyed"));
    c.advance(Millis(60'000));
    c.crossed.clear();
    c.advance(Millis(3'600'000));
    CHECK(c.messages() == 0);
  }
  SUBCASE("the one that is in it") {
    destroy(0);
    c.advance(Millis(60'000));
    c.speaks(c.person(1), c.room_jid(1), "Anybody?");
    CHECK(c.times(c.person(1), "Anybody?") == 1);
  }
}

TEST_CASE("A9: a crash loses nothing that was said, and says nothing twice") {
  Company c;
  c.joined();
  for (int i = 1; i <= 12; ++i) {
    c.speaks(c.person(1), c.room_jid(1), "n" + std::to_string(i));
    c.speaks(c.person(0), c.talk(0, 1), "m" + std::to_string(i));
    if (i % 3 == 0) c.restarts();
  }
  c.advance(Millis(90'000));
  for (int i = 1; i <= 12; ++i) {
    CAPTURE(i);
    CHECK(c.times(c.person(0), "n" + std::to_string(i)) == 1);
    CHECK(c.times(c.person(1), "m" + std::to_string(i)) == 1);
  }
  CHECK_FALSE(c.was_told(c.person(0), "Not delivered"));
}

TEST_CASE("A5, A9: into a hidden room of its own node as a person would go: it hears and speaks") {
  Company c;
  c.shows_its_service();
  c.says("<iq type='set' id='h' from='" + c.person(1) + "' to='" + c.room_jid(1) +
         "'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' "
         "type='submit'><field var='muc#roomconfig_publicroom'><value>0</value></field><field "
         "var='muc#roomconfig_membersonly'><value>1</value></field></x></query></iq>");
  c.asks(0, 1);
  c.advance(Millis(60'000));
  c.changes("jid='" + c.identity(0) + "'", "affiliation='member'");
  c.advance(Millis(600'000));
  c.enters(c.person(0), c.talk(0, 1));
  c.heard.clear();
  c.speaks(c.person(1), c.room_jid(1), "Among us");
  CHECK(c.times(c.person(0), "Among us") == 1);
  c.speaks(c.person(0), c.talk(0, 1), "Indeed");
  CHECK(c.times(c.person(1), "Indeed") == 1);
  CHECK(c.times(c.person(0), "Indeed") == 1);
  c.speaks_at_once(50);
  CHECK(c.heard_in_order() == 50);
  c.restarts();
  c.speaks(c.person(1), c.room_jid(1), "Still here");
  c.advance(Millis(60'000));
  CHECK(c.times(c.person(0), "Still here") == 1);
  CHECK(c.heard[c.identity(0) + "/hansa"].empty());  // nothing of it came out
}

TEST_CASE("A9: many at once come all, in order, once") {
  Company c;
  c.joined();
  c.speaks_at_once(1000);
  c.advance(Millis(5000));
  CHECK(c.heard_in_order() == 1000);
}

TEST_CASE("A10, A11: a room writes to another room's identity, of the same node, as to a person") {
  Company c;
  c.opens(c.person(0), c.identity(0), c.identity(1), "");
  const auto with = [](const std::string& local, std::string peer) {
    peer.replace(peer.find('@'), 1, "\\40");
    return local + "%" + peer + "@rooms.a.example";
  };
  const std::string here = with("r0", c.identity(1));
  const std::string there = with("r1", c.identity(0));
  c.advance(Millis(15'000));
  c.enters(c.person(0), here);
  c.speaks(c.person(0), here, "Have you an hour?");
  c.enters(c.person(1), there);
  c.speaks(c.person(1), there, "At ten");
  CHECK(c.was_told(c.person(0), "At ten"));
  c.restarts();
  c.advance(Millis(10'000));
  CHECK(c.times(c.person(0), "At ten") == 1);
  for (const std::string& who : {c.person(0), c.person(1)}) {
    for (const auto& one : c.heard[who]) {
      const std::string xml = xmpp::to_xml(one->root());
      const bool both =
          xml.find("@a.example/1' from") != std::string::npos && xml.find("Have") != xml.npos;
      CHECK_FALSE(both);
    }
  }
}

TEST_CASE("A5: a room is not in conversation with itself") {
  Company c;
  for (const std::string& peer : {c.room_jid(0), c.identity(0)}) {
    c.opens(c.person(0), c.identity(0), peer);
    const std::string answer = xmpp::to_xml(c.heard[c.person(0)].back()->root());
    CHECK(answer.find("with itself") != std::string::npos);
  }
}

TEST_CASE("A+: within a node a ring is refused, and says why") {
  Graph g({"a"}, 3);
  REQUIRE(g.joins(0, 1));
  REQUIRE(g.joins(1, 2));
  g.heard.clear();
  g.asks(2, 0);
  CHECK_FALSE(g.answers(g.person(0, "")));
  CHECK(g.was_told(g.person(2, ""), "would be in each other"));
}

TEST_CASE("A+: within a node a diamond gives each room what was said once") {
  Graph g({"a"}, 6);
  REQUIRE(g.joins(1, 2));
  REQUIRE(g.joins(3, 2));
  REQUIRE(g.joins(5, 1));  // r5 in r1 and in r3, both in r2
  REQUIRE(g.joins(5, 3));
  REQUIRE(g.joins(4, 5));
  g.speaks(g.person(2), g.room_jid(2), "news");
  g.advance(Millis(5000));
  CHECK(g.times(g.person(1), "news") == 1);
  CHECK(g.times(g.person(3), "news") == 1);
  CHECK(g.times(g.person(5), "news") == 2);  // in its conversations with r1 and with r3
  CHECK(g.times(g.person(4), "news") == 1);  // into one conversation, once
}

TEST_CASE("A+: within a node a storm: one message causes at most one stanza for each edge") {
  constexpr int kRooms = 6;
  Graph g({"a"}, kRooms);
  // All ask before anybody is in: nobody sees a ring.
  for (int host = 0; host < kRooms; ++host) {
    for (int member = 0; member < kRooms; ++member) {
      if (member != host) g.asks(member, host);
    }
  }
  std::size_t edges = 0;
  for (int host = 0; host < kRooms; ++host) {
    const std::deque<xmpp::DocumentPtr> asked = g.heard[g.person(host, "")];
    for (const auto& one : asked) {
      if (!one->root().attr("from").starts_with("ask-")) continue;
      g.heard[g.person(host, "")] = {one};
      edges += g.answers(g.person(host, "")) ? 1 : 0;
    }
  }
  CHECK(edges == kRooms * (kRooms - 1));
  g.advance(Millis(10'000));
  g.crossed.clear();
  g.speaks(g.person(0), g.room_jid(0), "storm");
  g.advance(Millis(20'000));
  CHECK(g.messages() <= edges);
  CHECK(g.messages() >= kRooms - 1);
  const std::size_t before = g.messages();
  g.advance(Millis(120'000));
  CHECK(g.messages() == before);
}

TEST_CASE("A+: rings of 2, 3 and 10 within a node, closed: each room once, no loop") {
  for (const int size : {2, 3, 10}) {
    CAPTURE(size);
    Graph g({"a"}, size);
    ring(g, size);
    g.speaks(g.person(0), g.room_jid(0), "round");
    g.advance(Millis(10'000));
    for (int i = 0; i < size; ++i) {
      CAPTURE(i);
      CHECK(g.times(g.person(i), "round") == 1);
    }
    CHECK(g.messages() <= static_cast<std::size_t>(size));
    const std::size_t before = g.messages();
    g.advance(Millis(120'000));
    CHECK(g.messages() == before);
  }
}
