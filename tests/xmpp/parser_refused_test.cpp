// Stanzas over a limit: the one is refused, what comes after it is read.

#include <doctest/doctest.h>

#include <string>

#include "base/random.h"
#include "tests/xmpp/reading.h"
#include "xmpp/parser.h"

using namespace hansa::xmpp;
using namespace hansa::xmpp::testing;

namespace {

constexpr std::string_view kAddresses = "from='u@a.example/x' id='1' to='r@b.example' type='chat'";

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string nested(std::size_t depth) { return repeated("<a>", depth) + repeated("</a>", depth); }

std::string message(const std::string& attributes, const std::string& content) {
  return "<message " + attributes + " " + std::string(kAddresses) + ">" + content + "</message>";
}

std::string many_attributes() {
  std::string text;
  for (int i = 0; i < 5'000; ++i) text += " a" + std::to_string(i) + "='1'";
  return text;
}

std::string opening(const StreamEvent& event) {
  return to_xml(std::get<StanzaRefused>(event).stanza->root());
}

struct Row {
  std::string bytes;
  std::string_view limit;
};

const std::vector<Row>& rows() {
  static const std::string big(20'000, 'x');
  static const std::string bigger(600'000, '"');
  static const std::vector<Row> all = {
      {message("", nested(64)), "nested elements"},
      {message("", nested(10'000)), "nested elements"},
      {message("", repeated("<b/>", 8192)), "elements in a stanza"},
      {message("", "<a" + many_attributes() + "/>"), "attributes"},
      {message(many_attributes(), ""), "attributes"},
      {message("", "<a b='" + big + "'/>"), "an attribute's bytes"},
      {message("x='" + big + "'", ""), "an attribute's bytes"},
      {message("xmlns:p='" + big + "'", "<p:a/>"), "a namespace's bytes"},
      {message("", "<a xmlns='" + big + "'/>"), "a namespace's bytes"},
      // Some 10^10 steps, if expat were to read it.
      {message("xmlns:p='" + repeated("x", 240'000) + "'", repeated("<b p:c=''/>", 20'000)),
       "a namespace's bytes"},
      {message("", nested(100) + "<a xmlns:p='" + repeated("x", 240'000) + "'>" +
                       repeated("<b p:c=''/>", 20'000) + "</a>"),
       "nested elements"},
      {message("x='" + bigger + "'", "<a/>"), "an attribute's bytes"},
      {message(std::string(600'000, ' '), ""), "a stanza's bytes"},
      {message("", std::string(2'000'000, 'x')), "a stanza's bytes"},
      {message("", "<a/>" + std::string(600'000, 'x') + "<b/>"), "a stanza's bytes"},
      {message("", "<a b='" + bigger + "'/>"), "a stanza's bytes"},
      {message("", "<![CDATA[" + repeated("]>]]a</message>", 60'000) + "]]]>"), "a stanza's bytes"},
      {message("", nested(10'000) + std::string(600'000, 'x')), "nested elements"},
  };
  return all;
}

}  // namespace

TEST_CASE("refused: by any limit, with its opening tag, and the next stanza is read") {
  const std::string tag = "<message type='chat' id='1' from='u@a.example/x' to='r@b.example'/>";
  for (const Row& row : rows()) {
    CAPTURE(row.limit);
    CAPTURE(row.bytes.substr(0, 100));
    for (const bool dribbled : {false, true}) {
      Reading reading;
      const std::string bytes = row.bytes + "<presence/>" + row.bytes + " <iq/>";
      CHECK((dribbled ? reading.dribble(bytes) : reading.feed(bytes)) ==
            Told{"refused message", "<presence/>", "refused message", "<iq/>"});
      CHECK(opening(reading.events().at(0)) == tag);
      CHECK(std::get<StanzaRefused>(reading.events().at(2))
                .text.starts_with("Over the limit of " + std::string(row.limit) + ": "));
    }
  }
}

TEST_CASE("refused: nothing more of the stanza is kept than an answer needs") {
  Reading reading;
  const std::string long_id(20'000, 'i');
  (void)reading.feed("<iq type='error' xml:lang='en' x='y' from='u@a.example' id='" + long_id +
                     "'><a b='c'>d</a></iq>");
  CHECK(opening(reading.events().at(0)) == "<iq type='error' from='u@a.example'/>");
  (void)reading.feed("<x xmlns='urn:x' to='r'>" + nested(100) + "</x>");
  CHECK(opening(reading.events().at(0)) == "<x xmlns='urn:x' to='r'/>");
  CHECK(std::get<StanzaRefused>(reading.events().at(0)).stanza->bytes() < 2048);
}

TEST_CASE("refused: a tag that is itself many times too long leaves no more than its name") {
  for (const bool renewed : {false, true}) {
    Reading reading({.renew_bytes = renewed ? 1U : 1'000'000'000U});
    CHECK(reading.feed("<a/>") == Told{"<a/>"});
    CHECK(reading.feed(message(repeated("x='/>' ", 1'000'000), "<b c='>'/>")) ==
          Told{"refused message"});
    CHECK(opening(reading.events().at(0)) == "<message/>");
    CHECK(reading.feed("<message " + repeated("a='/>' ", 1'000'000) + "/><b/>") ==
          Told{"refused message", "<b/>"});
  }
}

TEST_CASE("refused: what is not well-formed or forbidden still breaks the stream") {
  for (const std::string_view bad : {"<!-- x -->", "<?x y?>", "<!DOCTYPE a>"}) {
    CAPTURE(bad);
    CHECK(Reading().feed("<a>" + nested(100) + std::string(bad)) == Told{"broken restricted-xml"});
    CHECK(Reading().feed("<a>" + std::string(600'000, 'x') + std::string(bad)) ==
          Told{"broken restricted-xml"});
  }
  for (const std::string_view bad : {"</b>", "\xFF", "<b", "&"}) {
    CAPTURE(bad);
    CHECK(Reading().feed("<a>" + nested(100) + std::string(bad) + "<") ==
          Told{"broken not-well-formed"});
  }
  CHECK(Reading().feed("<a>" + std::string(600'000, 'x') + "<b <") ==
        Told{"broken not-well-formed"});
}

TEST_CASE("refused: an element alone is an error") {
  for (const Row& row : rows()) {
    const auto read = parse_element(row.bytes);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().text.starts_with("Over the limit of "));
  }
}

TEST_CASE("refused: wherever the limit falls, the stanza ends where it ends") {
  // The header is bound by the same limit.
  const std::string stanza =
      "<a>" + std::string(kOpening.size(), 'x') +
      "<a b='c' d=\"'/>\"><e/>\xC3\xA4&lt;\xF0\x9F\x8D\x8B<f g='>'>]]&gt;</f ><![CDATA[</a>]]]]>"
      "<![CDATA[]]><e h='/'></e>&#x21;</a></a>";
  REQUIRE(Reading().feed(stanza).size() == 1);
  const Told expected{"refused a", "<b/>", "refused a", "<b/>"};
  hansa::SeededRandom random(3);
  for (std::size_t limit = kOpening.size(); limit < stanza.size(); ++limit) {
    CAPTURE(limit);
    const std::string bytes = stanza + "<b/>" + stanza + "\n<b/>";
    CHECK(Reading({.stanza_bytes = limit}).feed(bytes) == expected);
    CHECK(Reading({.stanza_bytes = limit}).dribble(bytes) == expected);
    for (int round = 0; round < 20; ++round) {
      Reading reading({.stanza_bytes = limit, .renew_bytes = 1 + random.below(200)});
      Told all;
      for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t length = 1 + random.below(30);
        for (std::string& event : reading.feed(std::string_view(bytes).substr(at, length))) {
          all.push_back(std::move(event));
        }
        at += length;
      }
      REQUIRE(all == expected);
    }
  }
}
