// The life of conversations (requirements A10, A11, A+): closing, blocking, muting, assigning, the
// list; who spoke as the room.

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/acting_life.h"

using namespace hansa::test;
using hansa::Millis;

TEST_CASE("A10: the list of a room's conversations, with what waits for an answer") {
  Life t;
  t.lists(">");
  CHECK(t.gets(kMe, {item(" unanswered='!'")}) == "");
  t.bob_says("<body>Hello?</body>");
  t.forget();
  t.lists(">");
  CHECK(t.gets(kMe, {item(" unanswered='true'")}) == "");
  t.lists(">", kAnn);  // every member may look
  CHECK(t.gets(kAnn, {item(" unanswered='true'")}) == "");
  t.inside("<body>Yes?</body>");
  t.forget();
  t.lists(">");
  CHECK(t.gets(kMe, {item(" unanswered='!'")}) == "");
  t.lists(">", "carl@a.example/1");
  CHECK(t.gets("carl@a.example/1", {std::string("<iq type='error'><error><forbidden ") + kStanzas +
                                    "/></error></iq>"}) == "");
}

TEST_CASE("A10: the list comes in pages, forward and backward, by address") {
  Life t;
  for (const char* name : {"ada", "carl", "dora", "eve"}) {
    t.opens(std::string(name) + "@b.example");
  }
  t.forget();
  const auto page = [&](const std::string& set) {
    t.lists("><set xmlns='http://jabber.org/protocol/rsm'>" + set + "</set>");
    const auto all = t.heard(kMe);
    REQUIRE(all.size() == 1);
    std::string peers;
    for (std::size_t at = 0; (at = all[0].find("peer='", at)) != std::string::npos;) {
      at += 6;
      peers += all[0].substr(at, all[0].find('@', at) - at) + " ";
    }
    CHECK((has(all[0], "<count>5</count>") || has(all[0], "item-not-found")));
    return peers;
  };
  const auto at = [](const std::string& name) {
    return "support%" + name + "\\40b.example@rooms.a.example";
  };
  CHECK(page("<max>2</max>") == "ada bob ");
  CHECK(page("<max>2</max><after>" + at("bob") + "</after>") == "carl dora ");
  CHECK(page("<max>2</max><after>" + at("dora") + "</after>") == "eve ");
  CHECK(page("<max>2</max><before/>") == "dora eve ");
  CHECK(page("<max>2</max><before>" + at("dora") + "</before>") == "bob carl ");
  CHECK(page("<max>2</max><after>" + at("zoe") + "</after>").empty());
  CHECK(page("<max>0</max>").empty());
}

TEST_CASE("A10: a closed conversation leaves the list, and comes back with what is said next") {
  for (const bool peer_speaks : {true, false}) {
    CAPTURE(peer_speaks);
    Life t;
    t.changes("'close'");
    CHECK(t.gets(kMe, {kNotice, kDone}) == "");
    t.lists(">");
    CHECK(t.gets(kMe, {kNoItem}) == "");
    t.lists(" closed='true'>");
    CHECK(has(t.all_heard(kMe), "closed='true'/>"));
    t.crash();
    t.start();
    t.link(true);
    t.forget();
    t.lists(">");
    CHECK(t.gets(kMe, {kNoItem}) == "");
    if (peer_speaks) {
      t.bob_says("<body>One more thing</body>");
    } else {
      t.inside("<body>One more thing</body>");
    }
    t.forget();
    t.lists(">");
    CHECK(has(t.all_heard(kMe), "peer='bob@b.example'"));
  }
  Life t;
  t.changes("'close'");
  t.inside("<body>note: a note opens nothing</body>");
  t.forget();
  t.lists(">");
  CHECK(t.gets(kMe, {kNoItem}) == "");
  t.changes("'reopen'");
  t.forget();
  t.lists(">");
  CHECK(has(t.all_heard(kMe), "peer='bob@b.example'"));
}

TEST_CASE("A10: a blocked peer is answered as by an account that does not exist") {
  Life t;
  t.says("<presence type='subscribe' from='bob@b.example' to='support@team.a.example'/>");
  t.forget();
  t.changes("'block'");
  CHECK(t.gets(kMe, {kNotice, kDone}) == "");
  CHECK(t.gets("bob@b.example", {"<presence type='unavailable' "
                                 "from='support@team.a.example/hansa'/>"}) == "");
  const std::string unavailable =
      std::string("<error type='cancel'><service-unavailable ") + kStanzas + "/></error>";
  t.bob_says("<body>Hello?</body><request xmlns='urn:xmpp:receipts'/>");
  t.says(
      "<iq type='get' id='v' from='bob@b.example/phone' to='support@team.a.example'>"
      "<vCard xmlns='vcard-temp'/></iq>");
  CHECK(t.gets(kBob, {"<message type='error' id='b1'>" + unavailable + "</message>",
                      "<iq type='error' id='v'>" + unavailable + "</iq>"}) == "");
  for (const char* type : {"probe", "subscribe"}) {
    t.says("<presence type='" + std::string(type) +
           "' from='bob@b.example' to='support@team.a.example'/>");
  }
  CHECK(t.gets("bob@b.example", {}) == "");  // silence
  CHECK(t.gets(kMe, {}) == "");
  CHECK(t.heard("ann@a.example").empty());
  // Nor is anything said to him; and what would be so refused is not said inside.
  t.inside("<body>Are you there?</body>");
  CHECK(t.gets(kMe, {std::string("<message type='error' id='a1'><error type='modify'>"
                                 "<not-acceptable ") +
                     kStanzas +
                     "/><blocked xmlns='urn:xmpp:blocking:errors'/></error></message>"}) == "");
  t.opens("bob@b.example", "Hello?");
  CHECK(has(t.all_heard(kMe), "urn:xmpp:blocking:errors"));
  CHECK(t.gets("bob@b.example", {}) == "");
  t.crash();
  t.start();
  t.link(true);
  t.bob_says("<body>Hello?</body>", "b2");
  CHECK(t.gets(kBob, {"<message type='error' id='b2'>" + unavailable + "</message>"}) == "");
  t.changes("'unblock'");
  t.bob_says("<body>At last</body>", "b3");
  CHECK(t.gets(kBob, {}) == "");
  CHECK(has(t.all_heard(kMe), "At last"));
}

TEST_CASE("A11: a muted conversation goes on, and calls nobody") {
  Life t;
  t.changes("'mute'");
  t.forget();
  t.says("<presence type='unavailable' from='" + std::string(kMe) + "' to='" +
         std::string(Life::kTalk) + "/alice'/>");
  t.forget();
  t.bob_says("<body>Hello?</body>");
  CHECK(t.heard("ann@a.example").empty());
  CHECK(t.heard("alice@a.example").empty());
  t.changes("'unmute'");
  t.forget();
  t.bob_says("<body>Hello!</body>", "b2");
  CHECK_FALSE(t.heard("alice@a.example").empty());
}

TEST_CASE("A10: a conversation is assigned to one who may act, and that is shown") {
  Life t;
  t.changes("'assign' member='ann@a.example'");
  CHECK(t.gets(kMe, {"<message type='groupchat'><body>alice assigned this conversation to "
                     "ann@a.example.</body></message>",
                     kDone}) == "");
  t.lists(">");
  CHECK(t.gets(kMe, {item(" assigned='ann@a.example'")}) == "");
  t.changes("'assign' member='carl@a.example'");
  CHECK(t.gets(kMe, {std::string("<iq type='error'><error><not-acceptable ") + kStanzas +
                     "/></error></iq>"}) == "");
  t.changes("'assign'");
  t.forget();
  t.lists(">");
  CHECK(t.gets(kMe, {item(" assigned='!'")}) == "");
  CHECK(t.gets("bob@b.example", {}) == "");
}

TEST_CASE("A10: changes are for those who may act; to others there is no conversation") {
  Life t;
  const auto refused = [&](const std::string& who, const std::string& condition) {
    t.changes("'close'", who);
    CHECK(t.gets(who, {"<iq type='error' id='ch'><error><" + condition + " " + kStanzas +
                       "/></error></iq>"}) == "");
  };
  refused("carl@a.example/1", "item-not-found");
  refused("bob@b.example/phone", "item-not-found");
  t.sets("act-as#may_act", "owners");
  refused(kAnn, "forbidden");
  t.changes("'dance'");
  CHECK(t.gets(kMe, {std::string("<iq type='error'><error><bad-request ") + kStanzas +
                     "/></error></iq>"}) == "");
  for (const char* room : {"support@rooms.a.example", "none@rooms.a.example",
                           "support%none\\40b.example@rooms.a.example"}) {
    t.changes("'close'", kMe, room);
    CHECK(t.gets(kMe, {std::string("<iq type='error'><error><item-not-found ") + kStanzas +
                       "/></error></iq>"}) == "");
  }
  t.changes("'close'");
  t.forget();
  t.changes("'close'");  // it is so already
  CHECK(t.gets(kMe, {kDone}) == "");
}

TEST_CASE("A1: the commands give the same as the queries") {
  Life t;
  t.bob_says("<body>Hello?</body>");
  t.forget();
  const std::string support = Life::field("identity", "support@team.a.example");
  t.command("conversations", support);
  std::string answer = t.all_heard(kMe);
  CHECK(has(answer, "<reported>"));
  CHECK(
      has(answer, "bob@b.example: support%bob\\40b.example@rooms.a.example, waits for an answer"));
  const std::string talk = Life::field("conversation", std::string(Life::kTalk));
  t.command("conversation",
            talk + Life::field("action", "assign") + Life::field("member", "ann@a.example"));
  CHECK(has(t.all_heard(kMe), "alice assigned this conversation to ann@a.example."));
  t.command("conversation", talk + Life::field("action", "close"));
  CHECK(has(t.all_heard(kMe), "alice closed this conversation."));
  t.command("conversations", support);
  CHECK(has(t.all_heard(kMe), "There is no conversation."));
  t.command("conversations", support + Life::field("closed", "1"));
  CHECK(has(t.all_heard(kMe), "assigned to ann@a.example, closed"));
  t.command("conversation", talk + Life::field("action", "close"), "carl@a.example/1");
  CHECK(has(t.all_heard("carl@a.example/1"), "item-not-found"));
  t.command("conversation", talk + Life::field("action", "dance"));
  CHECK(has(t.all_heard(kMe), "bad-payload"));
  t.command("conversation", Life::field("conversation", "support@rooms.a.example") +
                                Life::field("action", "close"));
  CHECK(has(t.all_heard(kMe), "bad-payload"));
  t.says(
      "<iq type='set' id='k' from='alice@a.example/1' to='team.a.example'><command "
      "xmlns='http://jabber.org/protocol/commands' "
      "node='urn:xmpp:act-as:0#conversation'/></iq>");
  CHECK(has(t.all_heard(kMe), "is asked for") == false);
}

// --- audit ------------------------------------------------------------------------------------

TEST_CASE("A+: an owner sees who spoke as the room, to whom, when; nobody else does") {
  Life t;
  t.joins(kAnn, std::string(Life::kTalk) + "/ann");
  t.advance(Millis(10'000));
  t.inside("<body>We send you another one.</body>", "n1", kAnn);
  t.inside("<body>note: he broke it himself</body>", "n2", kAnn);
  t.bob_says("<body>Thanks</body>");
  t.changes("'close'");
  t.crash();
  t.start();
  const auto asks = [&](const std::string& inner, const std::string& who = kMe) {
    t.forget();
    t.says("<iq type='get' id='ac' from='" + who + "' to='support@team.a.example'><acts " + kUs +
           inner + "</acts></iq>");
    return t.all_heard(who);
  };
  const std::string all = asks(">");
  INFO(all);
  const std::string bob =
      " peer='bob@b.example' "
      "conversation='support%bob\\40b.example@rooms.a.example'";
  CHECK(has(all, "did='opened' member='alice@a.example' nick='alice'" + bob));
  CHECK(has(all, "stamp='2023-11-14T22:13:30.000Z' did='said' member='ann@a.example' nick='ann'" +
                     bob + " message='"));
  CHECK(has(all, "did='close' member='alice@a.example'"));
  CHECK(has(all, "<count>4</count>"));
  const std::string later = asks(" start='2023-11-14T22:13:25Z' end='2023-11-14T23:00:00Z'>");
  CHECK_FALSE(has(later, "opened"));
  CHECK(has(later, "did='said' member='ann@a.example'"));
  CHECK_FALSE(has(asks(" end='2023-11-14T22:13:25Z'>"), "ann@a.example"));
  const std::string set = "<set xmlns='http://jabber.org/protocol/rsm'>";
  const std::string first = asks(">" + set + "<max>1</max></set>");
  CHECK(has(first, "opened"));
  const auto at = first.find("<last>") + 6;
  const std::string place = first.substr(at, first.find("</last>") - at);
  const std::string second = asks(">" + set + "<max>1</max><after>" + place + "</after></set>");
  CHECK_FALSE(has(second, "opened"));
  CHECK(has(second, "did='said' member='alice@a.example'"));
  CHECK(has(asks(">" + set + "<after>support/../x</after></set>"), "item-not-found"));
  CHECK(has(asks(" start='yesterday'>"), "bad-request"));
  for (const char* who : {kAnn, "carl@a.example/1", kBob}) {
    const std::string refused = asks(">", who);
    CHECK(has(refused, "forbidden"));
    CHECK_FALSE(has(refused, "alice"));
  }
  t.command("acts", Life::field("identity", "support@team.a.example"));
  CHECK(has(t.all_heard(kMe), "2023-11-14T22:13:30.000Z  ann@a.example said (bob@b.example)"));
  t.command("acts", Life::field("identity", "support@team.a.example"), kAnn);
  CHECK(has(t.all_heard(kAnn), "forbidden"));
}

TEST_CASE("A10: an identity never answers an answer: receipts, errors, results") {
  Life t;
  const std::string to = "' to='support@team.a.example/hansa' id='x'>";
  for (const char* from :
       {"bob@b.example/phone", "bot@b.example/x", "sales@team.c.example/hansa"}) {
    const std::string head = std::string(" from='") + from + to;
    t.says("<message type='chat'" + head +
           "<received xmlns='urn:xmpp:receipts' id='y'/></message>");
    t.says("<message type='error'" + head + "<body>x</body><error type='cancel'><gone " + kStanzas +
           "/></error></message>");
    t.says("<iq type='result'" + head + "</iq>");
    t.says("<iq type='error'" + head + "<error type='cancel'><gone " + kStanzas +
           "/></error></iq>");
    t.says("<presence type='error'" + head + "<error type='cancel'><gone " + kStanzas +
           "/></error></presence>");
    t.says("<presence type='subscribed' from='" + std::string(from) +
           "' to='support@team.a.example'/>");
    CHECK(t.gets(from, {}) == "");
  }
}

TEST_CASE("A10: subscriptions and availability are settings") {
  Life t;
  const auto presence = [&](const std::string& type, const std::string& who) {
    t.says("<presence type='" + type + "' from='" + who + "' to='support@team.a.example'/>");
  };
  presence("subscribe", "bob@b.example");
  CHECK(
      t.gets("bob@b.example", {"<presence type='subscribed' from='support@team.a.example'><nick "
                               "xmlns='http://jabber.org/protocol/nick'>Support</nick></presence>",
                               "<presence type='!' from='support@team.a.example/hansa'><x "
                               "xmlns='vcard-temp:x:update'><photo/></x></presence>"}) == "");
  t.says(
      "<iq type='set' id='c' from='alice@a.example/1' to='support@rooms.a.example'>"
      "<query xmlns='http://jabber.org/protocol/muc#owner'>"
      "<x xmlns='jabber:x:data' type='submit'>" +
      Life::field("act-as#available", "0") + Life::field("act-as#subscriptions", "0") +
      "</x></query></iq>");
  CHECK(t.gets("bob@b.example", {"<presence type='unavailable'/>"}) == "");
  presence("probe", "bob@b.example");
  CHECK(t.gets("bob@b.example", {"<presence type='unavailable'/>"}) == "");
  presence("subscribe", "eve@b.example");
  CHECK(t.gets("eve@b.example", {"<presence type='unsubscribed'/>"}) == "");
}
