// What leaves a conversation and what does not (requirements A7, A10, A+): notes for members, who
// may correct, chat states and markers.

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/acting_life.h"

using namespace hansa::test;
using hansa::Millis;

TEST_CASE("A7: not a byte of a note leaves, however it is marked, changed or answered") {
  Life t;
  t.joins(kAnn, std::string(Life::kTalk) + "/ann");
  const auto stays = [&](const std::string& content, const std::string& id) {
    CAPTURE(content);
    const std::size_t before = t.links.bytes.size();
    t.inside(content, id);
    const std::string sent = t.links.bytes.substr(before);
    CHECK(t.links.heard["bob@b.example"].empty());
    CHECK_FALSE(has(sent, "to='bob@b.example'"));
    const auto seen = t.heard(kAnn);  // colleagues have it
    REQUIRE(seen.size() == 1);
    const auto from = seen[0].find("<stanza-id");
    const std::string mark = "id='";
    const auto at = seen[0].find(mark, from) + mark.size();
    return seen[0].substr(at, seen[0].find('\'', at) - at);
  };
  const std::string plain = stays("<body>note: he is a liar</body>", "n1");
  stays("<body>  NOTE:also this</body>", "n2");
  stays("<body>he is a liar</body><note xmlns='urn:xmpp:act-as:0'/>", "n3");
  stays("<body>he is a thief</body><replace xmlns='urn:xmpp:message-correct:0' id='n1'/>", "n4");
  stays(
      "<body>&gt; he is a liar\nIs he?</body><reply xmlns='urn:xmpp:reply:0' id='" + plain + "'/>",
      "n5");
  stays("<reactions xmlns='urn:xmpp:reactions:0' id='" + plain +
            "'><reaction>x</reaction>"
            "</reactions>",
        "n6");
  stays("<retract xmlns='urn:xmpp:message-retract:1' id='" + plain +
            "'/><body>gone</body>"
            "<note xmlns='urn:xmpp:act-as:0'/>",
        "n7");
  stays("<body>hello</body><body xml:lang='de'>note: hallo</body>", "n8");
  // Nor after a restart, when everything that was not confirmed is sent again.
  t.crash();
  t.start();
  t.link(true);
  t.advance(Millis(5'000));
  CHECK_FALSE(has(t.links.bytes, "liar</body></message><message type='chat'"));
  for (const std::string& one : t.heard("bob@b.example")) CHECK_FALSE(has(one, "he is"));
  t.inside("<body>Dear Bob</body>", "a9");
  CHECK(has(t.all_heard("bob@b.example"), "Dear Bob"));
}

TEST_CASE("A7: an old note answered from the archive is still one") {
  Life t;
  t.inside("<body>note: secret</body>", "n1");
  std::string seen = t.all_heard(kMe);
  const auto at = seen.find("id='", seen.find("<stanza-id")) + 4;
  const std::string id = seen.substr(at, seen.find('\'', at) - at);
  for (int i = 0; i < 300; ++i) {
    t.inside("<body>x</body>", "f" + std::to_string(i));
    if (i % 20 == 0) t.advance(Millis(1'000));
  }
  t.forget();
  t.inside("<body>&gt; secret\nWell</body><reply xmlns='urn:xmpp:reply:0' id='" + id + "'/>", "r");
  CHECK(t.heard("bob@b.example").empty());
  // What it corrects cannot be looked at any more: it may have been a note.
  t.forget();
  t.inside("<body>secret2</body><replace xmlns='urn:xmpp:message-correct:0' id='n1'/>", "c");
  CHECK(t.gets(kMe, {std::string("<message type='error' id='c'><error><not-acceptable ") +
                     kStanzas + "/></error></message>"}) == "");
  CHECK(t.heard("bob@b.example").empty());
}

TEST_CASE("A7: how a note begins is a setting; what does not begin so leaves") {
  Life t;
  const auto leaves = [&](const std::string& body, const std::string& id) {
    t.forget();
    t.inside("<body>" + body + "</body>", id);
    return !t.heard("bob@b.example").empty();
  };
  CHECK(leaves("Please note: we are closed", "1"));
  CHECK(leaves("#1", "2"));
  t.sets("act-as#notes", "#");
  CHECK_FALSE(leaves("#1", "3"));
  CHECK(leaves("note: x", "4"));
  t.sets("act-as#notes", "none");
  CHECK(leaves("#1", "5"));
  t.forget();
  t.opens("bob@b.example", "#2");
  CHECK_FALSE(t.heard("bob@b.example").empty());
  t.sets("act-as#notes", "!");
  t.forget();
  t.opens("bob@b.example", "! hush");
  CHECK(t.heard("bob@b.example").empty());
}

TEST_CASE("A+: who else may correct and take back is a setting") {
  const auto crossing = [](const std::string& setting, const std::string& rank) {
    Life t;
    t.makes_member("ann@a.example", rank);
    if (!setting.empty()) t.sets("act-as#change", setting);
    t.joins(kAnn, std::string(Life::kTalk) + "/ann");
    t.inside("<body>Mine</body>", "a1");
    const std::string seen = t.all_heard(kMe);
    const auto at = seen.find("id='", seen.find("<stanza-id")) + 4;
    const std::string id = seen.substr(at, seen.find('\'', at) - at);
    t.forget();
    t.inside("<body>Ours</body><replace xmlns='urn:xmpp:message-correct:0' id='a1'/>", "n1", kAnn);
    const bool corrected = has(t.all_heard("bob@b.example"), "<replace");
    t.forget();
    t.inside("<retract xmlns='urn:xmpp:message-retract:1' id='" + id + "'/>", "n2", kAnn);
    const bool retracted = has(t.all_heard("bob@b.example"), "<retract");
    CHECK(corrected == retracted);
    return corrected;
  };
  CHECK_FALSE(crossing({}, "admin"));
  CHECK(crossing("admins", "admin"));
  CHECK_FALSE(crossing("admins", "member"));
  CHECK(crossing("all", "member"));
}

TEST_CASE("A10: an author's retraction reaches the peer") {
  Life t;
  t.inside("<body>Mine</body>", "a1");
  const std::string outgoing = t.last_id("bob@b.example");
  const std::string seen = t.all_heard(kMe);
  const auto at = seen.find("id='", seen.find("<stanza-id")) + 4;
  const std::string id = seen.substr(at, seen.find('\'', at) - at);
  t.forget();
  t.inside("<retract xmlns='urn:xmpp:message-retract:1' id='" + id + "'/>", "a2");
  CHECK(t.gets("bob@b.example", {"<message type='chat'><retract "
                                 "xmlns='urn:xmpp:message-retract:1' id='" +
                                 outgoing + "'/></message>"}) == "");
}

// --- chat states and markers ------------------------------------------------------------------

TEST_CASE(
    "A7: colleagues see who is answering; outside it is seen by none unless the room says so") {
  Life t;
  t.joins(kAnn, std::string(Life::kTalk) + "/ann");
  t.bob_says("<body>Hi</body><active xmlns='http://jabber.org/protocol/chatstates'/>");
  t.forget();
  t.inside("<composing xmlns='http://jabber.org/protocol/chatstates'/>", "s1");
  CHECK(t.gets(kAnn, {"<message from='support%bob\\40b.example@rooms.a.example/alice'>"
                      "<composing xmlns='http://jabber.org/protocol/chatstates'/></message>"}) ==
        "");
  t.advance(Millis(120'000));
  CHECK(t.gets("bob@b.example", {}) == "");
}

TEST_CASE("A7: chat states that may leave have no name, and are held for a minute") {
  Life t;
  t.joins(kAnn, std::string(Life::kTalk) + "/ann");
  t.sets("act-as#states", "1");
  const std::string ns = "xmlns='http://jabber.org/protocol/chatstates'/>";
  const auto state = [&](const std::string& name) {
    return "<message type='chat' from='support@team.a.example/hansa' id='*'><" + name + " " + ns +
           "</message>";
  };
  t.inside("<composing " + ns, "s1");
  CHECK(t.gets("bob@b.example", {}) == "");  // his client never showed that it has them
  t.bob_says("<body>Hi</body><active " + ns);
  t.inside("<composing " + ns, "s2");
  t.inside("<composing " + ns, "s3", kAnn);
  t.inside("<paused " + ns, "s4");
  t.advance(Millis(59'000));
  CHECK(t.gets("bob@b.example", {state("composing")}) == "");
  t.advance(Millis(2'000));
  CHECK(t.gets("bob@b.example", {state("paused")}) == "");
  t.inside("<composing " + ns, "s5", kAnn);
  t.advance(Millis(30'000));
  CHECK(t.gets("bob@b.example", {}) == "");
}

TEST_CASE("A7: a displayed marker leaves once, a minute later, if the room says so") {
  const auto markers = [](bool allowed) {
    Life t;
    t.joins(kAnn, std::string(Life::kTalk) + "/ann");
    if (allowed) t.sets("act-as#states", "1");
    t.bob_says("<body>Hi</body><markable xmlns='urn:xmpp:chat-markers:0'/>", "b7");
    const std::string seen = t.all_heard(kMe);
    const auto at = seen.find("id='", seen.find("<stanza-id")) + 4;
    const std::string id = seen.substr(at, seen.find('\'', at) - at);
    t.forget();
    for (const char* who : {kMe, kAnn}) {
      t.inside("<displayed xmlns='urn:xmpp:chat-markers:0' id='" + id + "'/>", "d", who);
    }
    t.advance(Millis(59'000));
    CHECK(t.gets("bob@b.example", {}) == "");
    t.advance(Millis(2'000));
    return t.all_heard("bob@b.example");
  };
  CHECK(markers(false).empty());
  const std::string sent = markers(true);
  CHECK(has(sent, "<displayed xmlns='urn:xmpp:chat-markers:0' id='b7'/>"));
  CHECK(std::count(sent.begin(), sent.end(), '\n') == 1);
}

TEST_CASE("A7: each marker is held for a minute, and only what asks for one gets one") {
  Life t;
  t.sets("act-as#states", "1");
  const auto hears = [&](const std::string& id, bool markable) {
    t.forget();
    t.bob_says("<body>Hi</body>" + std::string(markable ? "<markable "
                                                          "xmlns='urn:xmpp:chat-markers:0'/>"
                                                        : ""),
               id);
    const std::string seen = t.all_heard(kMe);
    const auto at = seen.find("id='", seen.find("<stanza-id")) + 4;
    return seen.substr(at, seen.find('\'', at) - at);
  };
  const auto reads = [&](const std::string& id) {
    t.inside("<displayed xmlns='urn:xmpp:chat-markers:0' id='" + id + "'/>", "d" + id);
  };
  const std::string plain = hears("b6", false);
  reads(plain);
  t.advance(Millis(120'000));
  CHECK(t.gets("bob@b.example", {}) == "");
  const std::string first = hears("b7", true);
  const std::string second = hears("b8", true);
  const std::string third = hears("b9", false);
  reads(first);
  t.advance(Millis(59'000));
  reads(third);  // with it the second, which asked for it
  t.advance(Millis(2'000));
  const std::string minute = t.all_heard("bob@b.example");
  CHECK(has(minute, "id='b7'"));
  CHECK_FALSE(has(minute, "id='b8'"));
  t.advance(Millis(56'000));
  CHECK(t.gets("bob@b.example", {}) == "");
  t.advance(Millis(3'000));
  CHECK(has(t.all_heard("bob@b.example"), "id='b8'"));
}

TEST_CASE("A11: a receipt that a member asks for is asked for, and comes back under his own id") {
  Life t;
  t.inside("<body>Hello</body><request xmlns='urn:xmpp:receipts'/>", "a1");
  const std::string outgoing = t.last_id("bob@b.example");
  CHECK(t.gets("bob@b.example", {"<message><body>Hello</body><request "
                                 "xmlns='urn:xmpp:receipts'/></message>"}) == "");
  t.bob_says("<body>Hi</body>", "b1");
  t.forget();
  t.bob_says("<received xmlns='urn:xmpp:receipts' id='" + outgoing + "'/>", "b2");
  t.bob_says("<received xmlns='urn:xmpp:receipts' id='b1'/>", "b3");  // nothing that we said
  t.bob_says("<received xmlns='urn:xmpp:receipts' id='a1'/>", "b4");  // our name for it is not his
  CHECK(t.gets(kMe, {"<message type='groupchat' from='" + std::string(Life::kTalk) +
                     "/bob'><received xmlns='urn:xmpp:receipts' id='a1'/></message>"}) == "");
  CHECK(t.gets("bob@b.example", {}) == "");
  t.inside("<body>Without</body>", "a2");
  CHECK_FALSE(has(t.all_heard("bob@b.example"), "receipts"));
}

TEST_CASE("A11: the peer's chat states and markers are shown inside, and call nobody") {
  Life t;
  t.bob_says("<body>Hi</body>");
  const std::string outgoing = [&] {
    t.forget();
    t.inside("<body>Hello</body>", "a1");
    return t.last_id("bob@b.example");
  }();
  t.forget();
  t.bob_says("<composing xmlns='http://jabber.org/protocol/chatstates'/>", "b2");
  t.bob_says("<displayed xmlns='urn:xmpp:chat-markers:0' id='" + outgoing + "'/>", "b3");
  t.bob_says("<displayed xmlns='urn:xmpp:chat-markers:0' id='unknown'/>", "b4");
  t.bob_says("<received xmlns='urn:xmpp:receipts' id='" + outgoing + "'/>", "b5");
  CHECK(t.gets(kMe, {"<message type='groupchat' "
                     "from='support%bob\\40b.example@rooms.a.example/bob'><composing "
                     "xmlns='http://jabber.org/protocol/chatstates'/></message>",
                     "<message type='groupchat' "
                     "from='support%bob\\40b.example@rooms.a.example/bob'><displayed "
                     "xmlns='urn:xmpp:chat-markers:0' id='*'/></message>",
                     "<message type='groupchat'><received xmlns='urn:xmpp:receipts' "
                     "id='a1'/></message>"}) == "");
  CHECK(t.heard("ann@a.example").empty());
  CHECK(t.heard("bob@b.example").empty());
}
