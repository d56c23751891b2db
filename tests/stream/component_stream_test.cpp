#include "stream/component_stream.h"

#include <doctest/doctest.h>

#include "base/crypto.h"
#include "base/encoding.h"
#include "base/limits.h"
#include "tests/stream/component_dialogue.h"

using namespace hansa;
using namespace hansa::stream;
using namespace hansa::stream::testing;
using Lines = std::vector<std::string>;

namespace {

bool has(const Lines& lines, std::string_view words) {
  for (const std::string& line : lines) {
    if (line.find(words) != std::string::npos) return true;
  }
  return false;
}

constexpr std::string_view kMessage =
    "<message from='u@a.example/x' to='r@rooms.a.example'><body>hi</body></message>";

}  // namespace

TEST_CASE("component stream: header, handshake, open") {
  Dialogue dialogue;
  CHECK(dialogue.on(event::Connected{}) ==
        Lines{"> <?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
              "xmlns:stream='http://etherx.jabber.org/streams' to='rooms.a.example'>"});
  CHECK(dialogue.says(kHeader) ==
        Lines{"> <handshake>" + hex(sha1("3BF96D32s<>cret")) + "</handshake>"});
  CHECK_FALSE(dialogue.stream.open());
  CHECK(dialogue.says("<handshake/>") == Lines{"authenticated"});
  CHECK(dialogue.stream.open());
}

TEST_CASE("component stream: the handshake of XEP-0114's own example") {
  ComponentStream stream({"plays.shakespeare.lit", "test", "h:1"});
  (void)stream.on(event::Connected{}, {});
  const auto effects = stream.on(event::Bytes{kHeader}, {});
  CHECK(told(effects->front()) == "> <handshake>" + hex(sha1("3BF96D32test")) + "</handshake>");
}

TEST_CASE("component stream: a name cannot break out of its attribute") {
  ComponentStream stream({"a'/><evil b='", "s", "h:1"});
  const auto effects = stream.on(event::Connected{}, {});
  CHECK(told(effects->front()).find("<evil") == std::string::npos);
}

TEST_CASE("component stream: stanzas are read, whatever the size of the pieces") {
  Dialogue dialogue;
  (void)dialogue.on(event::Connected{});
  const std::string all = std::string(kHeader) + "<handshake/>" + std::string(kMessage);
  Lines lines;
  for (const char byte : all) {
    for (std::string& line : dialogue.says(std::string_view(&byte, 1))) lines.push_back(line);
  }
  REQUIRE(lines.size() == 3);
  CHECK(lines[1] == "authenticated");
  CHECK(has(lines, "read <message"));
}

TEST_CASE("component stream: all in one piece is the same") {
  Dialogue dialogue;
  (void)dialogue.on(event::Connected{});
  const Lines lines = dialogue.says(std::string(kHeader) + "<handshake/>" + std::string(kMessage));
  REQUIRE(lines.size() == 3);
  CHECK(lines[2].starts_with("read <message"));
}

TEST_CASE("component stream: an address that does not prepare refuses one stanza only") {
  Dialogue dialogue;
  dialogue.open();
  CHECK(dialogue.says("<message from='u@a.example' to='@rooms.a.example'/>") ==
        Lines{"refused jid-malformed"});
  CHECK(dialogue.says("<iq from='u@a.example' to='rooms.a.example' type='get'/>") ==
        Lines{"refused bad-request"});
  CHECK(has(dialogue.says(kMessage), "read"));
}

TEST_CASE("component stream: a stanza over a limit is refused, its neighbours are read") {
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "<a>";
  for (int i = 0; i < 10'000; ++i) deep += "</a>";
  const std::string bad = "<message from='u@a.example' id='7'>" + deep + "</message>";
  Dialogue dialogue;
  dialogue.open();
  const Lines lines = dialogue.says(std::string(kMessage) + bad + std::string(kMessage));
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].starts_with("read <message"));
  CHECK(lines[1] == "refused policy-violation");
  CHECK(lines[2].starts_with("read <message"));
  const auto effects = dialogue.stream.on(event::Bytes{bad}, dialogue.now);
  REQUIRE(effects->size() == 1);
  const auto& refused = std::get<effect::Refused>(effects->front());
  CHECK(xmpp::to_xml(refused.document->root()) == "<message id='7' from='u@a.example'/>");
  CHECK(refused.error.text == "Over the limit of nested elements: 64.");
  // After a stop it was on its way as any other.
  (void)dialogue.on(event::Stop{});
  CHECK(dialogue.says(bad) == Lines{"refused policy-violation"});
}

TEST_CASE("component stream: over a limit, what is no stanza or comes too early ends it") {
  const std::string wide = " a='" + std::string(20'000, 'x') + "'/>";
  Dialogue dialogue;
  dialogue.open();
  CHECK(has(dialogue.says("<features xmlns='urn:x'" + wide), "<policy-violation"));
  Dialogue early;
  (void)early.on(event::Connected{});
  (void)early.says(kHeader);
  CHECK(has(early.says("<message" + wide), "<policy-violation"));
  CHECK(early.stream.done());
}

TEST_CASE("component stream: a stanza before the handshake ends it") {
  Dialogue dialogue;
  (void)dialogue.on(event::Connected{});
  (void)dialogue.says(kHeader);
  const Lines lines = dialogue.says(kMessage);
  CHECK(has(lines, "before the handshake"));
  CHECK(has(lines, "<not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"));
  CHECK(lines.back() == "close");
  CHECK(dialogue.says(kMessage).empty());
}

TEST_CASE("component stream: an element that is no stanza ends it") {
  Dialogue dialogue;
  dialogue.open();
  CHECK(has(dialogue.says("<features xmlns='urn:x'/>"), "<unsupported-stanza-type"));
}

TEST_CASE("component stream: bad XML ends it with the right error") {
  struct Case {
    std::string_view bytes;
    std::string_view error;
  };
  const std::string endless = "<" + std::string(5 * 1024 * 1024, 'x');
  const Case cases[] = {
      {"<message><body></message>", "<not-well-formed"},
      {"<message><!-- x --></message>", "<restricted-xml"},
      {"<message><?pi x?></message>", "<restricted-xml"},
      {endless, "<policy-violation"},
  };
  for (const Case& bad : cases) {
    CAPTURE(bad.error);
    Dialogue dialogue;
    dialogue.open();
    const Lines lines = dialogue.says(bad.bytes);
    CHECK(has(lines, bad.error));
    CHECK(has(lines, "</stream:stream>"));
    CHECK(lines.back() == "close");
    CHECK(dialogue.stream.done());
  }
}

TEST_CASE("component stream: a DTD instead of a header ends it") {
  Dialogue dialogue;
  (void)dialogue.on(event::Connected{});
  const Lines lines = dialogue.says("<!DOCTYPE x [<!ENTITY a 'b'>]><stream:stream/>");
  CHECK(has(lines, "failed"));
  CHECK(lines.back() == "close");
}

TEST_CASE("component stream: another kind of port is told from a component port") {
  for (const std::string_view answer :
       {std::string_view("HTTP/1.1 400 Bad Request\r\n\r\n"),
        std::string_view("<stream:stream xmlns='jabber:client' id='1' "
                         "xmlns:stream='http://etherx.jabber.org/streams'>")}) {
    Dialogue dialogue;
    (void)dialogue.on(event::Connected{});
    const Lines lines = dialogue.says(answer);
    CHECK(has(lines, "127.0.0.1:5347 is not a component port"));
    CHECK(has(lines, "[later]"));
  }
}

TEST_CASE("component stream: an event out of place is an error and changes nothing") {
  Dialogue dialogue;
  CHECK(dialogue.says("x") == Lines{"illegal"});
  dialogue.open();
  CHECK(dialogue.on(event::Connected{}) == Lines{"illegal"});
  CHECK(dialogue.stream.open());
}

TEST_CASE("component stream: a host that does not answer is given up") {
  Dialogue dialogue;
  (void)dialogue.on(event::Connected{});
  dialogue.now = dialogue.now + Millis(limits::kHandshake_ms - 1);
  CHECK(dialogue.on(event::Tick{}).empty());
  dialogue.now = dialogue.now + Millis(1);
  CHECK(has(dialogue.on(event::Tick{}), "does not answer"));
}

TEST_CASE("component stream: silence is told with every tick until something is heard") {
  Dialogue dialogue;
  dialogue.open();
  dialogue.now = dialogue.now + Millis(limits::kKeepAlive_ms);
  CHECK(dialogue.on(event::Tick{}) == Lines{"silent 60000"});
  dialogue.now = dialogue.now + Millis(1000);
  CHECK(dialogue.on(event::Tick{}) == Lines{"silent 61000"});
  CHECK(dialogue.says(" ").empty());
  CHECK(dialogue.on(event::Tick{}).empty());
}

TEST_CASE("component stream: stop closes, and waits for the host to close") {
  Dialogue dialogue;
  dialogue.open();
  CHECK(dialogue.on(event::Stop{}) == Lines{"> </stream:stream>"});
  CHECK(has(dialogue.says(kMessage), "read"));  // it was on its way
  CHECK(dialogue.says("</stream:stream>") == Lines{"close"});
  CHECK(dialogue.on(event::Disconnected{""}).empty());
}

TEST_CASE("component stream: stop does not wait for ever") {
  Dialogue dialogue;
  dialogue.open();
  (void)dialogue.on(event::Stop{});
  dialogue.now = dialogue.now + Millis(limits::kStopFlush_ms);
  CHECK(dialogue.on(event::Tick{}) == Lines{"close"});
}

TEST_CASE("component stream: a lost connection is a failure, after a stop it is none") {
  Dialogue dialogue;
  dialogue.open();
  CHECK(has(dialogue.on(event::Disconnected{"reset"}), "broke the connection: reset [soon]"));
  Dialogue other;
  other.open();
  (void)other.on(event::Stop{});
  CHECK(other.on(event::Disconnected{"reset"}) == Lines{"close"});
}
