// What a crash of the node leaves of a conversation (design ideas 3 and 7, requirement A11).

#include <string>

#include <doctest/doctest.h>

#include "tests/support/acting_fixture.h"

using hansa::Millis;
using hansa::test::ActingFixture;

namespace {

struct Crash : ActingFixture {
  Crash() { found_support(); }
  void restart() {
    crash();
    forget();
    start();
  }
  void says_inside(const std::string& body) {
    says("<message type='groupchat' from='alice@a.example/1' id='a' to='" + std::string(kTalk) +
         "'><body>" + body + "</body></message>");
  }
};

}  // namespace

TEST_CASE("restart: what the host did not confirm is sent to the person again, with the same id") {
  Crash t;
  t.opens("bob@b.example");
  t.is_person("bob@b.example");
  t.joins(t.kAlice, std::string(Crash::kTalk) + "/alice");
  t.says_inside("Confirmed");
  t.advance(Millis(2'000));
  t.confirming = false;
  t.says_inside("Not confirmed");
  const std::string id = t.last_id("bob@b.example");
  t.restart();
  CHECK(t.gets("bob@b.example",
               {"<message type='chat' id='" + id +
                "'><body>Not confirmed</body>"
                "<delay xmlns='urn:xmpp:delay' from='support@team.a.example'/></message>"}) == "");
  t.confirming = true;
  t.run();
  t.advance(Millis(5'000));
  t.restart();
  CHECK(t.gets("bob@b.example", {}) == "");
}

TEST_CASE("restart: a first message whose peer was not known yet is not lost") {
  Crash t;
  t.opens("bob@b.example", "Good morning");
  t.restart();
  t.advance(Millis(500));
  CHECK(t.gets("bob@b.example", {"<iq type='get'/>"}) == "");
  CHECK(t.links.heard["bob@b.example"].empty());
  t.advance(Millis(21'000));
  CHECK(t.gets("bob@b.example", {"<message type='chat'><body>Good morning</body></message>"}) ==
        "");
}

TEST_CASE("restart: invitations that the host did not confirm are sent again, with the same ids") {
  Crash t;
  t.confirming = false;
  t.opens("bob@b.example", "Good morning");
  const std::string id = t.last_id("ann@a.example");
  REQUIRE_FALSE(id.empty());
  t.restart();
  CHECK(t.gets("ann@a.example",
               {"<message id='" + id + "'><x xmlns='jabber:x:conference'/></message>"}) == "");
  t.confirming = true;
  t.run();
  t.advance(Millis(5'000));
  t.restart();
  CHECK(t.gets("ann@a.example", {}) == "");
}

TEST_CASE("restart: a broken link repeats nothing that was confirmed, and all that was not") {
  Crash t;
  t.opens("bob@b.example");
  t.is_person("bob@b.example");
  t.joins(t.kAlice, std::string(Crash::kTalk) + "/alice");
  t.says_inside("One");
  t.confirming = false;
  t.says_inside("Two");
  t.forget();
  t.link(false);
  t.says_inside("Three");
  t.link(true);
  CHECK(t.gets("bob@b.example", {"<message><body>Two</body></message>",
                                 "<message><body>Three</body></message>"}) == "");
}

TEST_CASE("restart: names of messages hold over it, so that corrections still find them") {
  Crash t;
  t.opens("bob@b.example");
  t.is_person("bob@b.example");
  t.joins(t.kAlice, std::string(Crash::kTalk) + "/alice");
  t.says("<message type='groupchat' from='alice@a.example/1' id='first' to='" +
         std::string(Crash::kTalk) + "'><body>Helo</body></message>");
  const std::string id = t.last_id("bob@b.example");
  t.advance(Millis(3'000));
  t.restart();
  t.forget();
  t.says("<message type='groupchat' from='alice@a.example/1' id='second' to='" +
         std::string(Crash::kTalk) +
         "'><body>Hello</body><replace xmlns='urn:xmpp:message-correct:0' id='first'/></message>");
  CHECK(t.gets("bob@b.example", {"<message><replace xmlns='urn:xmpp:message-correct:0' id='" + id +
                                 "'/></message>"}) == "");
}

namespace {

struct Looks : Crash {
  // What the conversation says of itself to him.
  std::string told(const std::string& who) {
    forget();
    says("<iq type='get' id='d' from='" + who + "' to='" + std::string(kTalk) +
         "'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
    std::string all;
    for (const std::string& xml : heard(who)) all += xml;
    return all;
  }
  // Rows of the node's list of rooms.
  std::string rows() {
    std::string all;
    store.scan_index("node", "listed/", "listed0", 100, [&](auto found) {
      for (const auto& [key, value] : *found) all += key + " ";
    });
    while (queue.step()) {
    }
    return all;
  }
};

}  // namespace

TEST_CASE("restart: a conversation that is loaded again is what it was, and as hidden") {
  Looks t;
  t.opens("bob@b.example");
  t.is_person("bob@b.example");
  t.joins("ann@a.example/1", std::string(Crash::kTalk) + "/ann");
  const std::string stranger = t.told("carl@a.example/1");
  const std::string member = t.told("alice@a.example/1");
  CHECK(stranger.find("<item-not-found") != std::string::npos);
  CHECK(member.find("name='bob@b.example (Support)'") != std::string::npos);
  for (int i = 0; i < 2; ++i) {
    t.restart();
    CHECK(t.told("carl@a.example/1") == stranger);
    CHECK(t.told("alice@a.example/1") == member);
    CHECK(t.rows() == "listed/support@rooms.a.example ");
  }
}

TEST_CASE("restart: a conversation of before its settings were noted is as hidden as any") {
  Looks t;
  t.opens("bob@b.example");
  t.is_person("bob@b.example");
  const std::string stranger = t.told("carl@a.example/1");
  t.crash();
  std::string log;
  t.store.lookup("node", std::string(Crash::kTalk), [&](auto id) { log = id.value().value(); });
  hansa::storage::BatchNumber last = 0;
  while (t.queue.step()) {
  }
  t.store.load({"node", log}, [&](auto loaded) { last = loaded->last_batch; });
  while (t.queue.step()) {
  }
  hansa::storage::Batch batch;
  batch.notes.push_back({"settings", std::nullopt});
  t.store.append({"node", log}, last, std::move(batch), [](auto) {});
  while (t.queue.step()) {
  }
  t.start();
  CHECK(t.told("carl@a.example/1") == stranger);
  CHECK(t.told("alice@a.example/1").find("muc_hidden") != std::string::npos);
  CHECK(t.rows() == "listed/support@rooms.a.example ");
}
