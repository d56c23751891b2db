// An acting room is destroyed: its conversations end with it, and whoever has its name later finds
// nothing of them (protocol §4).

#include <string>

#include <doctest/doctest.h>

#include "tests/support/nodes.h"

using namespace hansa;
using test::Nodes;

namespace {

const std::string kSupport = Nodes::room("support", "a");
const std::string kIdentity = Nodes::identity("support", "a");
const std::string kHall = Nodes::room("hall", "b");
const std::string kAlice = "alice@a.example/1";
const std::string kMallory = "mallory@a.example/1";
const std::string kBob = "bob@b.example/1";
const std::string kWithBob = "support%bob\\40b.example@rooms.a.example";
const std::string kWithHall = "support%hall\\40rooms.b.example@rooms.a.example";

struct Ended : Nodes {
  Ended() : Nodes({"a", "b"}) {
    found(kAlice, kSupport);
    found(kBob, kHall);
  }
  void talks_with_bob() {
    writes("I need help");
    enters(kAlice, kWithBob);
    speaks(kAlice, kWithBob, "a secret");
    advance(Millis(3000));
  }
  void writes(const std::string& words) {
    says("<message type='chat' id='w" + std::to_string(++count_) + "' from='" + kBob + "' to='" +
         kIdentity + "'><body>" + words + "</body></message>");
  }
  void is_in_hall() {
    opens(kAlice, kIdentity, kHall);
    REQUIRE(answers("bob@b.example"));
    enters(kAlice, kWithHall);
  }
  void destroys() {
    says("<iq type='set' id='d' from='" + kAlice + "' to='" + kSupport +
         "'><query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query></iq>");
  }
  std::string last(const std::string& who) {
    return heard[who].empty() ? std::string() : xmpp::to_xml(heard[who].back()->root());
  }
  std::string all(const std::string& who) {
    std::string out;
    for (const auto& one : heard[who]) out += xmpp::to_xml(one->root()) + "\n";
    return out;
  }
  std::string members_of_hall() {
    heard[kBob].clear();
    says("<iq type='get' id='l' from='" + kBob + "' to='" + kHall +
         "'><query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member'/>"
         "</query></iq>");
    return last(kBob);
  }

 private:
  int count_ = 0;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A10: with an acting room its conversation ends: the name's next owner sees none of it") {
  Ended t;
  t.talks_with_bob();
  t.destroys();
  t.advance(Millis(2000));
  CHECK(has(t.all(kAlice), "The room that spoke here was destroyed."));
  t.heard.clear();
  t.found(kMallory, kSupport);
  t.enters(kMallory, kWithBob);
  CHECK(has(t.last(kMallory), "type='error'"));
  CHECK_FALSE(has(t.all(kMallory), "secret"));
  t.says("<iq type='get' id='li' from='" + kMallory + "' to='" + kIdentity +
         "'><conversations xmlns='urn:xmpp:act-as:0'/></iq>");
  CHECK_FALSE(has(t.last(kMallory), "bob"));
  t.says("<iq type='get' id='ac' from='" + kMallory + "' to='" + kIdentity +
         "'><acts xmlns='urn:xmpp:act-as:0'/></iq>");
  CHECK(has(t.last(kMallory), "type='result'"));
  CHECK_FALSE(has(t.last(kMallory), "alice"));
}

TEST_CASE("A10: who writes to the name's next owner begins a conversation anew") {
  Ended t;
  t.talks_with_bob();
  t.destroys();
  t.advance(Millis(2000));
  t.found(kMallory, kSupport);
  t.heard.clear();
  t.writes("Are you there?");
  t.says("<presence from='" + kMallory + "' to='" + kWithBob +
         "/m'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
  CHECK(has(t.all(kMallory), "Are you there?"));
  CHECK_FALSE(has(t.all(kMallory), "secret"));
  CHECK_FALSE(has(t.all(kMallory), "need help"));
}

TEST_CASE("A10: a conversation that was not told sees it when it is next asked for anything") {
  Ended t;
  t.opens(kAlice, kIdentity, "bob@b.example", "");  // no words: nobody was told of it
  t.destroys();
  t.node("a").crash();
  t.node("a").start();
  t.found(kMallory, kSupport);
  t.heard.clear();
  t.enters(kMallory, kWithBob);
  CHECK(has(t.last(kMallory), "type='error'"));
  t.writes("Are you there?");
  t.advance(Millis(1000));
  t.writes("Hello?");
  t.says("<presence from='" + kMallory + "' to='" + kWithBob +
         "/m'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
  CHECK(has(t.all(kMallory), "Hello?"));
}

TEST_CASE("A6: with a room its memberships end, also where the other side is away meanwhile") {
  Ended t;
  t.is_in_hall();
  REQUIRE(has(t.members_of_hall(), kIdentity));
  bool away = false;
  SUBCASE("at once") {}
  SUBCASE("later") {
    away = true;
    t.node("b").crash();
  }
  t.destroys();
  t.advance(Millis(10'000));
  if (away) {
    t.node("b").start();
    t.advance(Millis(60'000));
    t.enters(kBob, kHall);
  }
  CHECK_FALSE(has(t.members_of_hall(), kIdentity));
  t.found(kMallory, kSupport);
  t.advance(Millis(5000));
  t.heard.clear();
  t.enters(kMallory, kWithHall);
  CHECK(has(t.last(kMallory), "type='error'"));
  t.speaks(kBob, kHall, "among us");
  CHECK_FALSE(has(t.all(kMallory), "among us"));
}

TEST_CASE("A10: who had subscribed to an identity has it no more when its room is gone") {
  Ended t;
  t.says("<presence type='subscribe' from='bob@b.example' to='" + kIdentity + "'/>");
  REQUIRE(has(t.all("bob@b.example"), "subscribed"));
  t.heard.clear();
  t.destroys();
  CHECK(has(t.all("bob@b.example"), "unavailable"));
  CHECK(has(t.all("bob@b.example"), "unsubscribed"));
}
