#include <doctest/doctest.h>

#include "base/limits.h"
#include "tests/support/room_words.h"

using namespace hansa::test;
using hansa::Millis;

namespace {

constexpr std::string_view kVersion = "<query xmlns='jabber:iq:version'/>";
constexpr std::string_view kAliceIn = "support@rooms.a.example/Alice";
constexpr std::string_view kBobIn = "support@rooms.a.example/Bob";

struct Two : RoomFixture {
  Two() {
    start();
    joins(kAlice, kAliceIn);
    joins(kBob, kBobIn);
  }
  // Bob asks Alice; the id under which the room asks her.
  std::string bob_asks(std::string_view payload = kVersion, std::string_view to = kAlice) {
    says(ask("get", kBob, payload, kAliceIn));
    const auto got = heard(to);
    REQUIRE(got.size() == 1);
    const auto at = got[0].find(" id='") + 5;
    CHECK(got[0].find("bob@b.example") == std::string::npos);
    return got[0].substr(at, got[0].find('\'', at) - at);
  }
};

std::string answer(std::string_view from, std::string_view type, std::string_view id,
                   std::string_view content, std::string_view to = kBobIn) {
  return joined(
      {"<iq from='", from, "' to='", to, "' type='", type, "' id='", id, "'>", content, "</iq>"});
}

}  // namespace

TEST_CASE("rooms §17.4: a request reaches another occupant's client under occupant addresses") {
  Two f;
  f.says(ask("get", kBob, kVersion, kAliceIn));
  CHECK(f.gets(kAlice, {"<iq type='get' from='support@rooms.a.example/Bob' id='*'>"
                        "<query xmlns='jabber:iq:version'/></iq>"}) == "");
  const std::string id = f.bob_asks();
  CHECK(id != "q");
  f.says(answer(kAlice, "result", id, "<query xmlns='jabber:iq:version'><name>x</name></query>"));
  CHECK(f.gets(kBob, {"<iq type='result' id='q' from='support@rooms.a.example/Alice'>"
                      "<query xmlns='jabber:iq:version'><name>x</name></query></iq>"}) == "");
  // Once.
  f.says(answer(kAlice, "result", id, ""));
  CHECK(f.gets(kBob, {}) == "");
}

TEST_CASE("rooms §17.4: an error passes without its text; it ends nobody's session") {
  Two f;
  const std::string id = f.bob_asks();
  f.says(answer(kAlice, "error", id,
                "<query xmlns='jabber:iq:version'/><error type='cancel' by='alice@a.example'>"
                "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>alice@a.example/desk is away"
                "</text></error>"));
  const auto got = f.heard(kBob);
  REQUIRE(got.size() == 1);
  CHECK(got[0].find("service-unavailable") != std::string::npos);
  CHECK(got[0].find("alice@a.example") == std::string::npos);
  f.says(talk(kAlice, "m", "still here"));
  CHECK(f.gets(kAlice, {said("Alice", "still here")}) == "");
}

TEST_CASE("rooms §17.4: answers of others, and those that nobody asked for, go nowhere") {
  Two f;
  f.joins(kAnn, "support@rooms.a.example/Ann");
  const std::string id = f.bob_asks();
  f.says(answer(kAnn, "result", id, ""));
  f.says(answer(kAlice, "result", "guessed", ""));
  CHECK(f.gets(kBob, {}) == "");
  f.advance(Millis(hansa::limits::kRelay_ms + 1000));
  CHECK(f.gets(kBob, {error("iq", "remote-server-timeout")}) == "");
}

TEST_CASE("rooms §17.4: who is not in reaches nobody; nor does anybody reach an empty nick") {
  Two f;
  f.says(ask("get", kAnn, kVersion, kAliceIn));
  CHECK(f.gets(kAnn, {error("iq", "not-acceptable")}) == "");
  f.says(ask("get", kBob, kVersion, "support@rooms.a.example/Carol"));
  CHECK(f.gets(kBob, {error("iq", "item-not-found")}) == "");
  f.says(ask("get", kAnn, kVersion, "none@rooms.a.example/Carol"));
  CHECK(f.gets(kAnn, {error("iq", "item-not-found")}) == "");
  CHECK(f.gets(kAlice, {}) == "");
}

TEST_CASE("rooms §6.6: disco to an occupant passes among occupants, and is refused to others") {
  Two f;
  f.bob_asks("<query xmlns='http://jabber.org/protocol/disco#info'/>");
  f.says(ask("get", kAnn, "<query xmlns='http://jabber.org/protocol/disco#items'/>", kAliceIn));
  CHECK(f.gets(kAnn, {error("iq", "bad-request")}) == "");
}

TEST_CASE("rooms §17.4: what a person's server answers for him is asked of it") {
  Two f;
  const std::string id = f.bob_asks("<vCard xmlns='vcard-temp'/>", "alice@a.example");
  f.says(answer("alice@a.example", "result", id, "<vCard xmlns='vcard-temp'><FN>A</FN></vCard>"));
  CHECK(f.gets(kBob, {"<iq type='result' from='support@rooms.a.example/Alice'>"
                      "<vCard xmlns='vcard-temp'><FN>A</FN></vCard></iq>"}) == "");
}

TEST_CASE("rooms §17.4: a ping reaches another occupant's client, too") {
  Two f;
  const std::string id = f.bob_asks("<ping xmlns='urn:xmpp:ping'/>");
  f.says(joined({"<iq type='result' from='", kAlice, "' to='", kBobIn, "' id='", id, "'/>"}));
  CHECK(f.gets(kBob, {"<iq type='result' from='support@rooms.a.example/Alice'/>"}) == "");
}

TEST_CASE("rooms §17.4: an answer that comes too late ends nobody's session") {
  Two f;
  const std::string id = f.bob_asks();
  f.advance(Millis(hansa::limits::kRelay_ms + 1000));
  f.forget();
  f.says(joined({"<iq type='error' from='", kAlice, "' to='", kBobIn, "' id='", id,
                 "'><error type='cancel'><item-not-found "
                 "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"}));
  CHECK(f.gets(kBob, {}) == "");
  CHECK(f.gets(kAlice, {}) == "");
}

TEST_CASE("rooms §17.4: each request that nobody answers is told so after its own time") {
  Two f;
  f.bob_asks();
  f.advance(Millis(hansa::limits::kRelay_ms / 2));
  f.bob_asks();
  f.advance(Millis(hansa::limits::kRelay_ms / 2));
  CHECK(f.gets(kBob, {error("iq", "remote-server-timeout")}) == "");
  f.advance(Millis(hansa::limits::kRelay_ms / 2));
  CHECK(f.gets(kBob, {error("iq", "remote-server-timeout")}) == "");
}

TEST_CASE("rooms §17.4: a request under way outlives its room's time in memory") {
  Two f;
  f.crash();
  f.loaded_rooms = 1;
  f.start();
  f.forget();
  const std::string answered = f.bob_asks();
  f.bob_asks("<ping xmlns='urn:xmpp:ping'/>");
  // Another room takes its place.
  f.advance(Millis(1000));
  f.joins(kAnn, "hall@rooms.a.example/Ann");
  f.advance(Millis(1000));
  REQUIRE(f.engine->rooms_loaded() == 1);
  f.says(answer(kAlice, "result", answered, ""));
  CHECK(f.gets(kBob, {"<iq type='result' from='support@rooms.a.example/Alice'/>"}) == "");
  f.says(talk(kAnn, "m", "and it goes again", "hall@rooms.a.example"));
  f.advance(Millis(hansa::limits::kRelay_ms));
  CHECK(f.gets(kBob, {error("iq", "remote-server-timeout")}) == "");
}
