// XEP-0424 and XEP-0425: who may take back what, what all are told, what is left in the archive.

#include <doctest/doctest.h>

#include "tests/modules/archive/archive_fixture.h"

namespace hansa::test {
namespace {

using F = ArchiveFixture;

std::string retract(std::string_view who, std::string_view id) {
  return talk_only(who, "r1",
                   joined({"<retract xmlns='urn:xmpp:message-retract:1' id='", id,
                           "'/><fallback xmlns='urn:xmpp:fallback:0' "
                           "for='urn:xmpp:message-retract:1'/><body>/me took it back</body>"}));
}
std::string moderate(std::string_view who, std::string_view id, std::string_view more = {}) {
  return ask("set", who,
             joined({"<moderate xmlns='urn:xmpp:message-moderate:1' id='", id,
                     "'><retract xmlns='urn:xmpp:message-retract:1'/>", more, "</moderate>"}));
}

struct Two : F {
  Two() { joins(kAnn, "support@rooms.a.example/Ann"); }
};

}  // namespace

TEST_CASE("retraction: its author takes a message back; a tombstone is left, and the id for life") {
  Two f;
  const std::string id = f.say(kAnn, "m1", "a secret");
  f.say(kAlice, "m2", "two");
  f.advance(Millis(5000));
  f.says(retract(kAnn, id));
  CHECK(f.gets(kAlice, {joined({"<message from='support@rooms.a.example/Ann' id='r1'><retract "
                                "xmlns='urn:xmpp:message-retract:1' id='",
                                id, "'/></message>"})}) == "");
  for (int restart = 0; restart < 2; ++restart) {
    const auto all = f.query(kBob);
    REQUIRE(all.size() == 4);
    for (const std::string& xml : all) CHECK(!has(xml, "a secret"));
    CHECK(has(all[0], joined({"queryid='f' id='", id, "'"})));
    CHECK(has(all[0], "from='support@rooms.a.example/Ann'"));
    CHECK(has(all[0],
              "<retracted xmlns='urn:xmpp:message-retract:1' id='r1' "
              "stamp='2023-11-14T22:13:25.000Z'/>"));
    CHECK(has(all[0], "<occupant-id xmlns='urn:xmpp:occupant-id:0'"));
    CHECK(!has(all[0], "moderated"));
    CHECK(has(all[2], "<retract "));
    // The id is as good as ever.
    CHECK(f.bodies(kBob, F::page("<max>1</max><after>" + id + "</after>")) == "two | more");
    CHECK(f.bodies(kBob, F::form(F::field("ids", id))) == "- | complete");
    f.crash();
    f.start();
  }
}

TEST_CASE("retraction: what others said cannot be taken back that way, by moderators neither") {
  Two f;
  const std::string id = f.say(kAlice, "m1", "mine");
  f.says(retract(kAnn, id));
  CHECK(f.gets(kAnn, {error("message", "forbidden")}) == "");
  const std::string hers = f.say(kAnn, "m2", "hers");
  f.says(retract(kAlice, hers));
  CHECK(f.gets(kAlice, {error("message", "forbidden")}) == "");
  CHECK(f.bodies(kBob) == "mine hers | complete");
}

TEST_CASE("retraction: of something that is not here passes as a message, and erases nothing") {
  Two f;
  f.say(kAnn, "m1", "one");
  f.says(retract(kAnn, "unknown"));
  CHECK(f.gets(kAlice, {"<message><retract xmlns='urn:xmpp:message-retract:1' id='unknown'/>"
                        "</message>"}) == "");
  CHECK(f.bodies(kBob) == "one /me took it back | complete");
}

TEST_CASE("retraction: whoever comes later does not get what was taken back") {
  Two f;
  const std::string id = f.say(kAnn, "m1", "a secret");
  f.says(retract(kAnn, id));
  f.forget();
  f.says(join(kBob, "Bob"));
  CHECK(f.gets(kBob, {shown("Alice", ""), shown("Ann", ""), shown("Bob", ""), "<message id='r1'/>",
                      kSubject}) == "");
}

TEST_CASE("retraction: the same message sent again is not shown again once it is taken back") {
  Two f;
  const std::string id = f.say(kAnn, "m1", "a secret");
  f.says(retract(kAnn, id));
  f.forget();
  f.says(talk(kAnn, "m1", "a secret"));
  for (const std::string& xml : f.heard(kAnn)) CHECK(!has(xml, "a secret"));
  CHECK(f.heard(kAlice).empty());
}

TEST_CASE("moderation: a moderator takes back what another said; the room says who and why") {
  Two f;
  const std::string id = f.say(kAnn, "m1", "buy this");
  f.says(moderate(kAlice, id, "<reason>spam</reason>"));
  const std::string told = joined(
      {"<message type='groupchat' from='support@rooms.a.example' id='*'><retract "
       "xmlns='urn:xmpp:message-retract:1' id='",
       id,
       "'><moderated xmlns='urn:xmpp:message-moderate:1' by='support@rooms.a.example/Alice'>"
       "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='*'/></moderated><reason>spam</reason>"
       "</retract><stanza-id xmlns='urn:xmpp:sid:0' by='support@rooms.a.example' id='*'/>"
       "</message>"});
  CHECK(f.gets(kAlice, {told, kResult}) == "");
  CHECK(f.gets(kAnn, {told}) == "");
  const auto all = f.query(kBob);
  REQUIRE(all.size() == 3);
  CHECK(!has(all[0], "buy this"));
  CHECK(has(all[0],
            "<moderated xmlns='urn:xmpp:message-moderate:1' "
            "by='support@rooms.a.example/Alice'>"));
  CHECK(has(all[0], "<reason>spam</reason>"));
  CHECK(has(all[0], "id='m1'"));
}

TEST_CASE("moderation: clients of version 0.2 ask, and are told, in their own words") {
  Two f;
  const std::string id = f.say(kAnn, "m1", "buy this");
  f.says(ask("set", kAlice,
             joined({"<apply-to xmlns='urn:xmpp:fasten:0' id='", id,
                     "'><moderate xmlns='urn:xmpp:message-moderate:0'><retract "
                     "xmlns='urn:xmpp:message-retract:0'/><reason>spam</reason></moderate>"
                     "</apply-to>"})));
  CHECK(f.gets(kAnn, {joined({"<message><apply-to xmlns='urn:xmpp:fasten:0' id='", id,
                              "'><moderated xmlns='urn:xmpp:message-moderate:0' "
                              "by='support@rooms.a.example/Alice'><retract "
                              "xmlns='urn:xmpp:message-retract:0'/><reason>spam</reason>"
                              "</moderated></apply-to></message>"})}) == "");
}

TEST_CASE("moderation: is for moderators, of messages that are there") {
  Two f;
  const std::string id = f.say(kAlice, "m1", "mine");
  const auto refused = [&](std::string_view xml, std::string_view who, std::string_view condition) {
    f.forget();
    f.says(xml);
    return f.gets(who, {error("iq", condition)});
  };
  CHECK(refused(moderate(kAnn, id), kAnn, "forbidden") == "");
  CHECK(refused(moderate(kBob, id), kBob, "forbidden") == "");
  CHECK(refused(moderate(kAlice, "unknown"), kAlice, "item-not-found") == "");
  CHECK(refused(moderate(kAlice, ""), kAlice, "item-not-found") == "");
  CHECK(refused(ask("set", kAlice,
                    joined({"<moderate xmlns='urn:xmpp:message-moderate:1' id='", id, "'/>"})),
                kAlice, "bad-request") == "");
  CHECK(refused(ask("set", kAlice, "<apply-to xmlns='urn:xmpp:fasten:0' id='x'/>"), kAlice,
                "bad-request") == "");
  CHECK(refused(moderate(kAlice, id, joined({"<reason>", std::string(1025, 'x'), "</reason>"})),
                kAlice, "not-acceptable") == "");
  f.says(moderate(kAlice, id));
  CHECK(refused(moderate(kAlice, id), kAlice, "item-not-found") == "");  // done already
  CHECK(f.bodies(kBob) == "- - | complete");
}

TEST_CASE("moderation: a message that left memory long ago is found on the disk") {
  Two f;
  const std::string id = f.say(kAnn, "m0", "old");
  for (int i = 1; i <= 600; ++i) f.says(talk(kAlice, "m" + std::to_string(i), "x"));
  f.forget();
  f.crash();
  f.start();
  f.says(moderate(kAlice, id));
  f.forget();
  CHECK(f.bodies(kBob, F::page("<max>1</max>")) == "- | more");
}

TEST_CASE("archive: a room that is destroyed leaves no keys behind, its successor begins anew") {
  Two f;
  const std::string id = f.say(kAnn, "m0", "old");
  f.says(moderate(kAlice, id));
  for (int i = 1; i <= 1500; ++i) f.says(talk(kAlice, "m" + std::to_string(i), "x"));
  const auto keys = [&] {
    std::size_t count = 0;
    f.store.scan_index(
        "node", "log/", "log0", 100'000,
        [&](Result<std::vector<storage::KeyValue>> found) { count = found->size(); });
    f.run();
    return count;
  };
  CHECK(keys() > 1500);
  f.says(ask("set", kAlice, owner("<destroy/>")));
  CHECK(keys() == 0);
  f.joins(kAlice, "support@rooms.a.example/Alice");
  CHECK(f.bodies(kAlice) == "| complete");
  f.says(ask("set", kAlice,
             "<query xmlns='urn:xmpp:mam:2'>" + F::page("<after>" + id + "</after>") + "</query>"));
  CHECK(f.gets(kAlice, {error("iq", "item-not-found")}) == "");
}

}  // namespace hansa::test
