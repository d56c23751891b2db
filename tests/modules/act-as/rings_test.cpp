// Rings and diamonds (requirement A+): rooms in each other never loop, a message enters each room
// at most once, and what one message can cause is bounded.

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/graph.h"

using namespace hansa;
using test::Graph;
using test::Nodes;

TEST_CASE("A+: a chain passes on what is heard, to member rooms, and no further out") {
  Graph g({"a", "b", "c"}, 3);
  REQUIRE(g.joins(0, 1));  // r0 in r1
  REQUIRE(g.joins(1, 2));  // r1 in r2
  g.speaks(g.person(2), g.room_jid(2), "from the top");
  CHECK(g.times(g.person(1), "from the top") == 1);
  CHECK(g.times(g.person(0), "from the top") == 1);
  g.speaks(g.person(0), g.talk(0, 1), "from below");
  CHECK(g.times(g.person(1), "from below") == 1);
  CHECK(g.times(g.person(2), "from below") == 0);  // never out to another peer
}

TEST_CASE("A+: an edge that closes a ring is refused where it is seen, and says why") {
  Graph g({"a", "b"}, 2);
  REQUIRE(g.joins(0, 1));
  g.heard.clear();
  g.opens(g.person(1), Nodes::identity("r1", "b"), g.room_jid(0));
  CHECK_FALSE(g.answers(g.person(0, "")));
  CHECK(g.was_told(g.person(1, ""), "would be in each other"));
}

TEST_CASE("A+: rings of 3 and 10 over three nodes: each room once, no loop") {
  for (const int size : {3, 10}) {
    CAPTURE(size);
    Graph g({"a", "b", "c"}, size);
    // r<i> in r<i+1>; no node sees the whole of it. (Two rooms of one node are never neighbours,
    // but at the seam of 10.)
    const int last = size == 10 ? size - 1 : size;
    for (int i = 0; i < last; ++i) REQUIRE(g.joins(i, (i + 1) % size));
    g.speaks(g.person(0), g.room_jid(0), "round");
    g.advance(Millis(10'000));
    for (int i = 0; i < size; ++i) {
      // Down the ring: the members of r0's members …
      const std::size_t times = g.times(g.person(i), "round");
      CHECK(times <= (i == 0 ? 2 : 1));
      if (size == 3) CHECK(times >= 1);
    }
    CHECK(g.times(g.person(0), "round") == 1);
    CHECK(g.messages() <= static_cast<std::size_t>(size));
  }
}

TEST_CASE("A+: a diamond gives each room what was said once") {
  // r0 in r1 and r3, both in r2: what is said in r2 comes to r1 and r3, and to r0 by both.
  Graph g({"a", "b", "c"}, 6);
  REQUIRE(g.joins(1, 2));
  REQUIRE(g.joins(3, 2));
  REQUIRE(g.joins(5, 1));  // r5 in r1 and in r3
  REQUIRE(g.joins(5, 3));
  REQUIRE(g.joins(4, 5));  // r4 in r5: by both ways it comes to r5
  g.speaks(g.person(2), g.room_jid(2), "news");
  CHECK(g.times(g.person(1), "news") == 1);
  CHECK(g.times(g.person(3), "news") == 1);
  CHECK(g.times(g.person(5), "news") == 2);  // in its conversations with r1 and with r3
  CHECK(g.times(g.person(4), "news") == 1);  // into one conversation, once
}

TEST_CASE("A+: a storm: one message causes at most one stanza for each edge") {
  Graph g({"a", "b", "c"}, 9);
  std::size_t edges = 0;
  for (int member = 0; member < 9; ++member) {
    for (int host = 0; host < 9; ++host) {
      if (member == host || g.node_of(member) == g.node_of(host)) continue;
      if (g.joins(member, host)) ++edges;
    }
  }
  CHECK(edges >= 20);
  g.crossed.clear();
  g.speaks(g.person(4), g.room_jid(4), "storm");
  g.advance(Millis(20'000));
  CHECK(g.messages() <= edges);
  CHECK(g.messages() >= 1);
  std::size_t before = g.messages();
  g.advance(Millis(120'000));
  CHECK(g.messages() == before);
  for (int i = 0; i < 9; ++i) {
    for (int host = 0; host < 9; ++host) {
      if (i == host) continue;
      std::size_t in_one = 0;
      for (const auto& one : g.heard[g.person(i)]) {
        const auto* body = one->root().child("body", xmpp::ns::kClient);
        const std::string from(one->root().attr("from"));
        if (body != nullptr && body->text() == "storm" && from.starts_with(g.talk(i, host))) {
          ++in_one;
        }
      }
      CHECK(in_one <= 1);
    }
  }
}

TEST_CASE("A+: two rooms of a foreign MUC that knows nothing: each hears it once, no loop") {
  Graph g({"a", "b"}, 2);
  const std::string muc = "market@muc.c.example";
  const auto sits = [&](int i) {
    const std::string full = Nodes::identity(g.local(i), g.node_of(i)) + "/hansa";
    g.opens(g.person(i), Nodes::identity(g.local(i), g.node_of(i)), muc);
    const std::string asked(g.heard[muc].back()->root().attr("id"));
    g.says("<iq type='result' id='" + asked + "' from='" + muc + "' to='" + full +
           "'><query xmlns='http://jabber.org/protocol/disco#info'><identity "
           "category='conference' type='text'/></query></iq>");
    g.says("<presence from='" + muc + "/" + g.local(i) + "' to='" + full +
           "'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' "
           "role='participant'/><status code='110'/></x></presence>");
    g.says("<message type='groupchat' from='" + muc + "' to='" + full +
           "' id='s'><subject/>"
           "</message>");
    g.enters(g.person(i),
             g.local(i) + "%market\\40muc.c.example@rooms." + g.node_of(i) + ".example");
    return full;
  };
  REQUIRE(g.joins(0, 1));
  const std::string full0 = sits(0);
  const std::string full1 = sits(1);
  g.heard.clear();
  g.crossed.clear();
  for (const std::string& to : {full0, full1}) {
    g.says("<message type='groupchat' from='" + muc + "/zoe' to='" + to +
           "' id='z1'><body>fish"
           "</body><stanza-id xmlns='urn:xmpp:sid:0' by='" +
           muc + "' id='f1'/></message>");
  }
  g.advance(Millis(5000));
  // p1 hears it in the conversation with the market; p0 there, and from r1 as its member.
  CHECK(g.times(g.person(1), "fish") == 1);
  CHECK(g.times(g.person(0), "fish") == 2);
  CHECK(g.heard[muc].empty());  // nothing goes out there
  CHECK(g.messages() == 1);
}

namespace {

// Keys of the index that hold an origin, on that node.
std::size_t origins_kept(Graph& g, const std::string& node) {
  std::size_t count = 0;
  g.parties.at(node)->store->scan_index("node", "", "\x7f", 100'000,
                                        [&](Result<std::vector<storage::KeyValue>> found) {
                                          REQUIRE(found.ok());
                                          for (const auto& [key, value] : *found)
                                            count += key.find("/origin/") != std::string::npos;
                                        });
  g.run();
  return count;
}

}  // namespace

TEST_CASE("A+: an origin is taken once, however late, and kept as long as what was said with it") {
  Graph g({"a", "b"}, 2);
  REQUIRE(g.joins(0, 1));
  REQUIRE(origins_kept(g, "b") == 0);
  std::string first;
  g.lose = [&](const xmpp::Element& root) {
    const bool said = xmpp::to_xml(root).find("<body>words 0.</body>") != std::string::npos;
    if (said && first.empty()) first = xmpp::to_xml(root);
    return false;
  };
  constexpr int kMessages = 600;  // more than are remembered beside the index
  for (int i = 0; i < kMessages; ++i) {
    g.speaks(g.person(0), g.talk(0, 1), "words " + std::to_string(i) + ".");
  }
  CHECK(g.times(g.person(1), "words 599.") == 1);
  REQUIRE(first.find("<origin ") != std::string::npos);
  CHECK(origins_kept(g, "b") == kMessages);  // one each, beside its entry
  g.advance(Millis(3'600'000));
  g.heard.clear();
  g.says(first);
  g.parties.at("b")->crash();
  g.parties.at("b")->start();
  g.advance(Millis(60'000));
  g.says(first);
  g.advance(Millis(1000));
  CHECK(g.times(g.person(1), "words 0.") == 0);
  CHECK(origins_kept(g, "b") == kMessages);
  const auto at = first.find("<origin ");
  std::string other = first;  // the same words, of another origin
  other.insert(first.find(" id='", at) + 5, "x");
  g.says(other);
  CHECK(g.times(g.person(1), "words 0.") == 1);
  g.says("<iq type='set' id='d' from='" + g.person(1) + "' to='" + g.room_jid(1) +
         "'><query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query></iq>");
  g.advance(Millis(10'000));
  CHECK(origins_kept(g, "b") == 0);  // they go with its log
}
