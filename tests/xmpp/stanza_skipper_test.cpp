#include "xmpp/stanza_skipper.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using hansa::xmpp::StanzaSkipper;
using Verdict = StanzaSkipper::Verdict;

namespace {

constexpr std::size_t kLongest = 100;

// What is left when the stanza has ended; or how it ended otherwise.
std::string skipped(std::string_view bytes, std::size_t open = 0, bool in_cdata = false) {
  StanzaSkipper whole(kLongest);
  whole.start(open, in_cdata);
  std::string_view left = bytes;
  const Verdict verdict = whole.skip(left);
  StanzaSkipper dribbled(kLongest);
  dribbled.start(open, in_cdata);
  Verdict last = Verdict::more;
  std::size_t used = 0;
  while (used < bytes.size() && last == Verdict::more) {
    std::string_view byte = bytes.substr(used++, 1);
    last = dribbled.skip(byte);
    CHECK(byte.empty());
  }
  CHECK(last == verdict);
  if (verdict == Verdict::ended) CHECK(bytes.substr(used) == left);
  switch (verdict) {
    case Verdict::more: return "more";
    case Verdict::ended: return "ended " + std::string(left);
    case Verdict::restricted: return "restricted";
    case Verdict::malformed: return "malformed";
    case Verdict::endless: return "endless";
  }
  return {};
}

}  // namespace

TEST_CASE("skipper: a stanza ends with its own tag") {
  CHECK(skipped("<a/><b/>") == "ended <b/>");
  CHECK(skipped("<a></a ><b/>") == "ended <b/>");
  CHECK(skipped("<a><a><c/>d</a></a><b/>") == "ended <b/>");
  CHECK(skipped("x</d></c><b/>", 2) == "ended <b/>");
  CHECK(skipped("<d/></c><b/>", 1) == "ended <b/>");
  CHECK(skipped("<a><a><c/>d</a>") == "more");
}

TEST_CASE("skipper: a value or CDATA ends nothing") {
  CHECK(skipped("<a b='/>' c=\"'/>\" d='\"/'><e f='/'></e></a>x") == "ended x");
  CHECK(skipped("<a><![CDATA[</a>]]>]]></a>x") == "ended x");
  CHECK(skipped("<a><![CDATA[]>]]</a>]]]></a>x") == "ended x");
  CHECK(skipped("]]</a>]]></a>x", 1, true) == "ended x");
  CHECK(skipped("]]</a>", 1, true) == "more");
  CHECK(skipped("<a/ b='c'>") == "more");
}

TEST_CASE("skipper: what is forbidden is found, and some of what is wrong") {
  for (const std::string_view bytes : {"<a><!-- -->", "<a><?b?>", "<!DOCTYPE", "<a><![IGNORE["}) {
    CAPTURE(bytes);
    CHECK(skipped(bytes) == "restricted");
  }
  for (const std::string_view bytes : {"<a <", "<a b='<", "<a></<", "<<", "<a><>", "</a>"}) {
    CAPTURE(bytes);
    CHECK(skipped(bytes) == "malformed");
  }
}

TEST_CASE("skipper: a stanza may be of any length, a text or value may not") {
  const std::string full(90, 'x');
  std::string stanza = "<a>";
  for (int i = 0; i < 100; ++i) stanza += "<b c='" + full + "' d='" + full + "'>" + full + "</b>";
  CHECK(skipped(stanza + "</a>y") == "ended y");
  for (const std::string_view start : {"<a>", "<a b='", "<a", "<a><![CDATA[", "<a></"}) {
    CAPTURE(start);
    CHECK(skipped(std::string(start) + full) == "more");
    CHECK(skipped(std::string(start) + full + full) == "endless");
  }
}
