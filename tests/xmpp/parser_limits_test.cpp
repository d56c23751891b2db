#include <doctest/doctest.h>

#include <string>

#include "tests/xmpp/reading.h"
#include "xmpp/parser.h"

using namespace hansa::xmpp;
using namespace hansa::xmpp::testing;

namespace {

const Told kViolation{"broken policy-violation"};
const Told kRefused{"refused a"};

std::string nested(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += "<a>";
  for (std::size_t i = 0; i < depth; ++i) text += "</a>";
  return text;
}

std::string with_attributes(std::size_t count, std::string_view prefix) {
  std::string text = "<a";
  for (std::size_t i = 0; i < count; ++i) {
    text += ' ';
    text += prefix;
    text += std::to_string(i) + "='v'";
  }
  return text + "/>";
}

// One whole feed and one byte at a time come to the same.
void check_at_limit(ParserLimits bounds, const std::string& within, const std::string& over) {
  CHECK(Reading(bounds).feed(within).size() == 1);
  CHECK(Reading(bounds).feed(within) != kRefused);
  CHECK(Reading(bounds).dribble(within) != kRefused);
  CHECK(Reading(bounds).feed(over) == kRefused);
  CHECK(Reading(bounds).dribble(over) == kRefused);
  // And the stream goes on.
  CHECK(Reading(bounds).feed(over + "<b/>" + over + "<b/>") ==
        Told{"refused a", "<b/>", "refused a", "<b/>"});
}

std::string reason(const Reading& reading) {
  return std::get<StanzaRefused>(reading.events().back()).text;
}

}  // namespace

TEST_CASE("limits: depth") {
  check_at_limit({.depth = 3}, nested(3), nested(4));
  check_at_limit({}, nested(64), nested(65));
  CHECK(Reading().feed(nested(10'000)) == kRefused);
  CHECK(Reading().dribble(nested(10'000)) == kRefused);
}

TEST_CASE("limits: attributes, and declarations of namespaces") {
  check_at_limit({.attributes = 3}, with_attributes(3, "b"), with_attributes(4, "b"));
  check_at_limit({.attributes = 3}, with_attributes(3, "xmlns:b"), with_attributes(4, "xmlns:b"));
  CHECK(Reading().feed(with_attributes(30'000, "b")) == kRefused);
  CHECK(Reading().feed(with_attributes(100'000, "b")) == kRefused);
}

TEST_CASE("limits: bytes of an attribute and of a namespace") {
  const ParserLimits bounds{.attribute_bytes = 100};
  const std::string full(100, 'x');
  check_at_limit(bounds, "<a b='" + full + "'/>", "<a b='" + full + "x'/>");
  for (const std::string end : {"'/>", "'></a>", "'><b c='/>'/>\xC3\xA4</a>"}) {
    check_at_limit({.namespace_bytes = 100}, "<a xmlns='" + full + end,
                   "<a xmlns='" + full + "x" + end);
    check_at_limit({.namespace_bytes = 100}, "<a><a xmlns:p='" + full + end + "</a>",
                   "<a><a xmlns:p='" + full + "x" + end + "</a>");
  }
}

TEST_CASE("limits: elements of one stanza") {
  check_at_limit({.elements = 3}, "<a><b/><b/></a>", "<a><b/><b/><b/></a>");
  Reading reading({.elements = 3});
  for (int i = 0; i < 5; ++i) CHECK(reading.feed("<a><b/><b/></a>") == Told{"<a><b/><b/></a>"});
}

TEST_CASE("limits: bytes of one stanza, of any shape") {
  const ParserLimits bounds{.stanza_bytes = 500, .attribute_bytes = 10'000};
  const std::string body(493, 'x');
  check_at_limit(bounds, "<a>" + body + "</a>", "<a>" + body + "x</a>");
  check_at_limit(bounds, "<a b='" + body.substr(2) + "'/>", "<a b='" + body + "'/>");
  const std::string white(496, ' ');
  check_at_limit(bounds, "<a" + white + "/>", "<a" + white + " />");
  Reading reading(bounds);
  for (int i = 0; i < 5; ++i) CHECK(reading.feed("<a>" + body + "</a>").size() == 1);
}

TEST_CASE("limits: the stream's header is bounded as well") {
  const std::string_view start = "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' ";
  std::string header(start);
  while (header.size() < 2000) header += ' ';
  CHECK(read_stream(header + ">", {.stanza_bytes = 1000}) == kViolation);
  CHECK(read_stream(header + ">", {.stanza_bytes = 3000}).at(0).starts_with("opened"));
  CHECK(read_stream(std::string(start) + "a='b' c='d' e='f'>", {.attributes = 2}) == kViolation);
}

TEST_CASE("limits: the reason names the limit") {
  Reading depth;
  (void)depth.feed(nested(100));
  CHECK(reason(depth) == "Over the limit of nested elements: 64.");
  Reading size({.stanza_bytes = 300});
  (void)size.feed("<a>" + std::string(400, 'x') + "</a>");
  CHECK(reason(size) == "Over the limit of a stanza's bytes: 300.");
}

TEST_CASE("limits: what never ends breaks the stream, where no host could still mean it") {
  constexpr std::size_t kLeast = 8 * hansa::limits::kStanzaBytes;
  constexpr std::size_t kMost = 9 * hansa::limits::kStanzaBytes;
  const std::string kilobyte(1024, 'x');
  for (const std::string_view start :
       {"<a b='", "<a><b c='", "<a>", "<a><![CDATA[", "<", "<a ", "</", "<p:"}) {
    CAPTURE(start);
    Reading reading;
    CHECK(reading.feed(start).empty());
    std::size_t fed = 0;
    while (reading.feed(kilobyte).empty()) {
      fed += kilobyte.size();
      REQUIRE(fed <= kMost);
    }
    CHECK(fed >= kLeast - 2 * kilobyte.size());
    CHECK(reading.events().size() == 1);
    CHECK(told(reading.events()) == kViolation);
  }
}

TEST_CASE("limits: a big tag dribbled one byte at a time stays linear") {
  // Quadratic work would be 10^11 steps; this ends in well under a second.
  const std::string big = "<a b='" + std::string(400'000, '>') + "' c=\"'/>'\"/>";
  const ParserLimits bounds{.attribute_bytes = 500'000};
  for (const std::size_t head : {1U, 70'000U, 200'000U}) {
    Reading reading(bounds);
    CHECK(reading.feed(big.substr(0, head)).empty());
    CHECK(reading.dribble(big.substr(head)).size() == 1);
    CHECK(reading.events().size() == 1);
    CHECK(told(reading.events()) != kRefused);
  }
  for (const std::string_view start : {"aaaa", "<?xml version='", "<!DOCTYPE ", "<!--", "&"}) {
    CAPTURE(start);
    StreamParser parser;
    std::vector<StreamEvent> events;
    const std::string endless = std::string(start) + std::string(400'000, 'a');
    for (const char& c : endless) parser.feed({&c, 1}, events);
    CHECK(events.size() == 1);
    CHECK(std::holds_alternative<StreamBroken>(events.at(0)));
  }
}

TEST_CASE("limits: keep-alives are forgotten") {
  Reading reading({.stanza_bytes = 200});
  for (int i = 0; i < 10'000; ++i) REQUIRE(reading.feed(" ").empty());
  CHECK(reading.feed(std::string(100'000, '\n')).empty());
  CHECK(reading.feed("<a>" + std::string(150, 'x') + "</a>").size() == 1);
}

TEST_CASE("limits: the reader is renewed between stanzas and nobody notices") {
  std::string bytes;
  Told expected;
  for (int i = 0; i < 200; ++i) {
    const std::string name = "n" + std::to_string(i);
    expected.push_back("<" + name + "><db xmlns='urn:" + name + "'>x</db></" + name + ">");
    bytes += expected.back() + (i % 3 == 0 ? "\n" : "");
  }
  expected.push_back("closed");
  bytes += kClosing;
  for (const std::size_t renew_bytes : {1U, 50U, 300U, 1'000'000U}) {
    CAPTURE(renew_bytes);
    CHECK(Reading({.renew_bytes = renew_bytes}).feed(bytes) == expected);
    CHECK(Reading({.renew_bytes = renew_bytes}).dribble(bytes) == expected);
  }
  Reading reading({.renew_bytes = 1});
  CHECK(reading.feed("<a/><b></c>") == Told{"<a/>", "broken not-well-formed"});
}
