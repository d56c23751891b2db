// Bytes cut and spoilt at random, by seed. Run under the sanitizers.

#include <doctest/doctest.h>

#include <string>

#include "base/random.h"
#include "tests/xmpp/reading.h"
#include "xmpp/parser.h"

using namespace hansa::xmpp;
using namespace hansa::xmpp::testing;

namespace {

const std::string& sample() {
  static const std::string bytes =
      std::string(kOpening) +
      "<message from='anna@a.example/desk' to='room@rooms.a.example' type='groupchat' id='m1' "
      "xml:lang='en'><body>Hello, world &amp; &lt;all&gt; &#x1F34B; it's \xC3\xA4</body>"
      "<origin-id xmlns='urn:xmpp:sid:0' id='m1'/></message>\n"
      "<iq type='get' id=\"q'1\"><query xmlns='http://jabber.org/protocol/disco#info' "
      "node='a>b'/></iq> <presence><x xmlns='http://jabber.org/protocol/muc'><![CDATA[a]]b"
      "]]><history maxstanzas='0'/></x><p:c xmlns:p='urn:p' p:d='e' xmlns:q='urn:q' q:d='&#10;'>"
      "<xml:b/><d xmlns=''/>\r\n</p:c></presence>" +
      std::string(kClosing);
  return bytes;
}

// What a mutation puts in: pieces on which parsers trip.
constexpr std::string_view kPieces[] = {
    "<",
    ">",
    "&",
    "'",
    "\"",
    "]]>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<?",
    "?>",
    "&lt;",
    "&#0;",
    "&#x10FFFF;",
    "xmlns=''",
    "\xC3",
    "\xEF\xBF\xBF",
    "\r",
    "<a>",
    "</a>",
    "<a/>",
    " x='y'",
    "<!DOCTYPE a",
    "\xFF",
    "xml:",
    "xmlns:p='urn:z'",
    "</stream:stream>",
    "\xEF\xBB\xBF",
    " ",
    "\n",
    "=",
    "/",
    ":",
    ";",
};

std::string mutated(hansa::SeededRandom& random) {
  std::string bytes = sample();
  for (std::uint64_t n = random.below(4) + 1; n > 0; --n) {
    const std::size_t at = random.below(bytes.size());
    const std::size_t length = random.below(8);
    switch (random.below(5)) {
      case 0: bytes[at] = static_cast<char>(random.next()); break;
      case 1: bytes.erase(at, length); break;
      case 2: bytes.insert(at, kPieces[random.below(std::size(kPieces))]); break;
      case 3: bytes.insert(at, bytes.substr(random.below(bytes.size()), 4 * length)); break;
      default: bytes.replace(at, length, kPieces[random.below(std::size(kPieces))]); break;
    }
  }
  return bytes;
}

// Feeds `bytes` in pieces of random length.
Told in_pieces(const std::string& bytes, hansa::SeededRandom& random, std::size_t longest,
               ParserLimits bounds = {}) {
  StreamParser parser(bounds);
  std::vector<StreamEvent> events;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = 1 + random.below(longest);
    parser.feed(std::string_view(bytes).substr(at, length), events);
    at += length;
  }
  return told(events);
}

// Pieces may be refused for another reason, as `<!-` is before the whole comment is there.
Told without_reason(Told events) {
  if (!events.empty() && events.back().starts_with("broken")) events.back() = "broken";
  return events;
}

bool same(const Told& whole, const Told& pieces, const std::string& bytes) {
  if (without_reason(whole) == without_reason(pieces)) return true;
  // A tag that cannot become right is given up when '>' or the stream's end shows it.
  const bool waits = whole.size() == pieces.size() + 1 && whole.back().starts_with("broken") &&
                     Told(whole.begin(), whole.end() - 1) == pieces;
  return waits && bytes.rfind('<') != std::string::npos;
}

}  // namespace

TEST_CASE("fuzz: any cut of the bytes gives the same events") {
  const Told whole = read_stream(sample());
  REQUIRE(whole.size() == 5);
  for (std::size_t at = 0; at <= sample().size(); ++at) {
    StreamParser parser;
    std::vector<StreamEvent> events;
    parser.feed(std::string_view(sample()).substr(0, at), events);
    parser.feed(std::string_view(sample()).substr(at), events);
    REQUIRE(told(events) == whole);
  }
  hansa::SeededRandom random(1);
  for (int round = 0; round < 1000; ++round) {
    REQUIRE(in_pieces(sample(), random, 1 + random.below(40)) == whole);
    REQUIRE(in_pieces(sample(), random, 20, {.renew_bytes = 100}) == whole);
  }
}

TEST_CASE("fuzz: spoilt bytes do the same harm whole and in pieces, and what is read is stable") {
  hansa::SeededRandom random(2);
  std::size_t stanzas = 0;
  std::size_t broken = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string bytes = mutated(random);
    CAPTURE(round);
    CAPTURE(bytes);
    StreamParser parser;
    std::vector<StreamEvent> events;
    parser.feed(bytes, events);
    for (const StreamEvent& event : events) {
      broken += std::holds_alternative<StreamBroken>(event) ? 1 : 0;
      const auto* read = std::get_if<StanzaRead>(&event);
      if (read == nullptr) continue;
      ++stanzas;
      const std::string printed = to_xml(read->stanza->root());
      const auto again = parse_element(printed, ns::kClient);
      REQUIRE(again.ok());
      REQUIRE(to_xml((*again)->root()) == printed);
    }
    REQUIRE(same(told(events), in_pieces(bytes, random, 1 + random.below(30)), bytes));
  }
  // The mutations are neither harmless nor fatal throughout.
  CHECK(stanzas > 10'000);
  CHECK(broken > 5'000);
}
