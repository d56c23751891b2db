// What crosses between two rooms in each other refers to the right thing on each side, or to
// nothing (requirements A7, A9).

#include <string>

#include <doctest/doctest.h>

#include "tests/support/two_rooms.h"

using namespace hansa;
using namespace hansa::test::two_rooms;
using test::Nodes;

TEST_CASE("A7: what a member room is passed names nothing of the conversation it is from") {
  Two t;
  t.joined();
  const std::string talk = "hall%carl\\40c.example@rooms.b.example";
  const auto carl_says = [&](const std::string& content, const std::string& id) {
    t.says("<message type='chat' from='carl@c.example/1' to='" + Nodes::identity("hall", "b") +
           "' id='" + id + "'>" + content + "</message>");
  };
  carl_says("<body>Hello</body>", "id-of-carl");
  t.enters(kBob, talk);
  t.speaks(kBob, talk, "What is it?");
  const std::string asked(t.heard["carl@c.example"].back()->root().attr("id"));
  t.heard[kAlice].clear();
  carl_says(
      "<body>&gt; What is it?\nMy kettle</body><reply xmlns='urn:xmpp:reply:0' "
      "to='hall@team.b.example' id='" +
          asked +
          "'/><fallback xmlns='urn:xmpp:fallback:0' "
          "for='urn:xmpp:reply:0'><body start='0' end='14'/></fallback><reference "
          "xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:hall@team.b.example'/>",
      "other-id-of-carl");
  REQUIRE_FALSE(t.heard[kAlice].empty());
  const std::string seen = xmpp::to_xml(t.heard[kAlice].back()->root());
  CHECK(seen.find("My kettle") != std::string::npos);
  CHECK(seen.find("&gt; What is it?") != std::string::npos);  // the text that stands for it
  for (const char* inside : {"hall%carl", "/bob", "bob@b", "id-of-carl", "urn:xmpp:reply",
                             "urn:xmpp:fallback", "urn:xmpp:reference"}) {
    CAPTURE(inside);
    CHECK(seen.find(inside) == std::string::npos);
  }
  // On its way between the nodes there is no more of it either.
  CHECK(t.crossing.find("hall%carl") == std::string::npos);
  const std::size_t at = t.crossing.find("My kettle");
  REQUIRE(at != std::string::npos);
  CHECK(t.crossing.find("stanza-id", at) == std::string::npos);
  // Its subject and what he takes back stay where they are named.
  t.heard[kAlice].clear();
  carl_says("<retract xmlns='urn:xmpp:message-retract:1' id='other-id-of-carl'/>", "r1");
  CHECK(t.heard[kAlice].empty());
}

TEST_CASE(
    "A7, A9: replies, reactions, corrections and mentions name the right message on each side") {
  Two t;
  t.joined();
  const auto last = [&](const std::string& who) {
    return xmpp::to_xml(t.heard[who].back()->root());
  };
  const auto sid = [&](const std::string& who) {
    const auto* const id = t.heard[who].back()->root().child("stanza-id", "urn:xmpp:sid:0");
    return std::string(id == nullptr ? "" : id->attr("id"));
  };
  t.speaks(kBob, kHall, "Tea or coffee?");
  const std::string here = sid(kAlice);
  const std::string there = sid(kBob);
  CHECK(here != there);
  t.speaks(
      kAlice, kInside, "Tea",
      "<reply xmlns='urn:xmpp:reply:0' to='" + kInside + "/bob' id='" + here +
          "'/>"
          "<reference xmlns='urn:xmpp:reference:0' type='mention' begin='0' end='3' uri='xmpp:" +
          kInside + "/bob'/>");
  CHECK(last(kBob).find("id='" + there + "'") != std::string::npos);
  CHECK(last(kBob).find("to='" + kHall + "/bob'") != std::string::npos);
  CHECK(last(kBob).find("uri='xmpp:" + kHall + "/bob'") != std::string::npos);
  CHECK(last(kBob).find("guild%") == std::string::npos);
  const std::string tea_there = sid(kBob);
  const std::string tea_here = sid(kAnn);
  t.says("<message type='groupchat' from='" + kBob + "' to='" + kHall +
         "' id='x1'><reactions "
         "xmlns='urn:xmpp:reactions:0' id='" +
         tea_there +
         "'><reaction>+</reaction></reactions>"
         "</message>");
  CHECK(last(kAnn).find("id='" + tea_here + "'") != std::string::npos);
  t.speaks(kBob, kHall, "guild: good",
           "<reference xmlns='urn:xmpp:reference:0' type='mention' "
           "begin='0' end='5' uri='xmpp:" +
               kHall + "/guild'/>");
  CHECK(last(kAnn).find("uri='xmpp:" + kInside + "'") != std::string::npos);
  // Corrections, both ways: `said` is the id that speaks() gave last.
  t.speaks(kBob, kHall, "Biscits?");
  const auto replaces = [&](int said) {
    return "<replace xmlns='urn:xmpp:message-correct:0' id='m" + std::to_string(said) + "'/>";
  };
  t.speaks(kBob, kHall, "Biscuits?", replaces(t.said()));
  CHECK(t.times(kAnn, "Biscuits?") == 1);
  const auto id_of = [&](const std::string& who, const std::string& body) {
    for (const auto& one : t.heard[who]) {
      const auto* const text = one->root().child("body", xmpp::ns::kClient);
      if (text != nullptr && text->text() == body) return std::string(one->root().attr("id"));
    }
    return std::string();
  };
  CHECK(last(kAnn).find("message-correct:0' id='" + id_of(kAnn, "Biscits?") + "'") !=
        std::string::npos);
  t.speaks(kAlice, kInside, "Yess");
  t.speaks(kAlice, kInside, "Yes", replaces(t.said()));
  const std::string yess = id_of(kBob, "Yess");
  CHECK(last(kBob).find("message-correct:0' id='" + yess + "'") != std::string::npos);
  // Ann may not correct what Alice said, nor Bob what the guild said.
  t.speaks(kAlice, kInside, "Mine");
  t.speaks(kAnn, kInside, "Ours", replaces(t.said()));
  CHECK(last(kBob).find("Ours") != std::string::npos);
  CHECK(last(kBob).find("message-correct") == std::string::npos);
  t.says("<message type='groupchat' from='" + kBob + "' to='" + kHall +
         "' id='x2'><body>Bad</body><replace xmlns='urn:xmpp:message-correct:0' id='" + yess +
         "'/></message>");
  CHECK(last(kAnn).find("Bad") != std::string::npos);
  CHECK(last(kAnn).find("message-correct") == std::string::npos);
}
