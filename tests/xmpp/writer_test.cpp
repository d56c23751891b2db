#include "xmpp/writer.h"

#include <doctest/doctest.h>

#include <string>

#include "xmpp/parser.h"

using hansa::xmpp::append_escaped;
using hansa::xmpp::parse_element;
using hansa::xmpp::to_xml;
using hansa::xmpp::Writer;
namespace ns = hansa::xmpp::ns;

namespace {

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, text);
  return out;
}

std::string as_text(std::string_view text) {
  std::string out;
  Writer(out).open("a").text(text).close();
  return out;
}

}  // namespace

TEST_CASE("writer: a namespace is declared where it changes, and only there") {
  std::string out;
  Writer(out)
      .open("message")
      .attr("to", "a@a.example")
      .attr_if("id", "")
      .leaf("body", "Hi")
      .open("x", "urn:x")
      .leaf("y", "z")
      .empty("w", "urn:w")
      .leaf("body", ns::kClient, "inner")
      .close()
      .empty("thread", ns::kClient)
      .close();
  CHECK(out ==
        "<message to='a@a.example'><body>Hi</body><x xmlns='urn:x'><y>z</y><w xmlns='urn:w'/>"
        "<body xmlns='jabber:client'>inner</body></x><thread/></message>");
}

TEST_CASE("writer: the default namespace at the top can be another") {
  std::string out;
  Writer(out, "urn:x").open("a", "urn:x").empty("b", ns::kClient).empty("c", "").close();
  CHECK(out == "<a><b xmlns='jabber:client'/><c xmlns=''/></a>");
}

TEST_CASE("writer: it appends to what is there") {
  std::string out = "before";
  Writer(out).open("a").leaf("b", "c").close();
  CHECK(out == "before<a><b>c</b></a>");
}

TEST_CASE("writer: an element without content is closed in its tag") {
  std::string out;
  Writer(out).open("a").text("").raw("").close();
  CHECK(out == "<a/>");
}

TEST_CASE("writer: text and attributes are escaped as far as each needs it") {
  CHECK(escaped("<&>'\"") == "&lt;&amp;&gt;&apos;\"");
  CHECK(escaped("a\tb\nc\rd") == "a&#9;b&#10;c&#13;d");
  CHECK(as_text("it's <b> & \"c\"\n\t\r") == "<a>it's &lt;b&gt; &amp; \"c\"\n\t&#13;</a>");
  CHECK(as_text("]]>") == "<a>]]&gt;</a>");
  CHECK(escaped("Grüße 🍋") == "Grüße 🍋");
}

TEST_CASE("writer: characters that XML forbids are dropped, their neighbours are not") {
  std::string all;
  for (char c = 1; c < 0x20; ++c) all += c;
  CHECK(escaped(all) == "&#9;&#10;&#13;");
  CHECK(escaped(std::string("a\0b", 3)) == "ab");
  CHECK(escaped("a\xEF\xBF\xBE"
                "b\xEF\xBF\xBF"
                "c") == "abc");                              // U+FFFE, U+FFFF
  CHECK(escaped("\xEF\xBF\xBD\x7F") == "\xEF\xBF\xBD\x7F");  // U+FFFD, U+007F
  CHECK(escaped("\xEF\xBB\xBF") == "\xEF\xBB\xBF");
}

TEST_CASE("writer: whatever is written comes back") {
  const std::string text = "\t a\r\n<&>'\"]]>\xEF\xBF\xBD ";
  std::string out;
  Writer(out).open("a").attr("b", text).text(text).close();
  const auto read = parse_element(out, ns::kClient);
  REQUIRE(read.ok());
  CHECK((*read)->root().attr("b") == text);
  CHECK((*read)->root().text() == text);
}

TEST_CASE("writer: elements are printed as they were") {
  struct Row {
    std::string_view text;
    std::string_view printed;  // empty: the same
  };
  const Row rows[] = {
      {"<a/>", ""},
      {"<a b='c'>d<e/>f<g xmlns='urn:g'><h/></g>i</a>", ""},
      {"<a xmlns=''><b/></a>", ""},
      {"<a xml:lang='en' xml:space='preserve'/>", ""},
      {"<a><b xmlns='urn:b'><c xmlns='jabber:client'/></b></a>", ""},
      {"<p:a xmlns:p='urn:p'><b/></p:a>", "<a xmlns='urn:p'><b xmlns='jabber:client'/></a>"},
      {"<a p:b='c' q:b='d' xmlns:p='urn:p' xmlns:q='urn:q'/>",
       "<a xmlns:a0='urn:p' a0:b='c' xmlns:a1='urn:q' a1:b='d'/>"},
      {"<a p:b='c' e='f' p:d='g' xmlns:p='urn:p'/>",
       "<a e='f' xmlns:a0='urn:p' a0:b='c' a0:d='g'/>"},
      {"<a><xml:b c='d'><e/></xml:b></a>", ""},
      {"<a b='&#xA;&apos;&lt;&#x9;'/>", "<a b='&#10;&apos;&lt;&#9;'/>"},
      {"<a xmlns='urn:&apos;&amp;'/>", "<a xmlns='urn:&apos;&amp;'/>"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto read = parse_element(row.text, ns::kClient);
    REQUIRE(read.ok());
    const std::string printed = to_xml((*read)->root());
    CHECK(printed == (row.printed.empty() ? row.text : row.printed));
    const auto again = parse_element(printed, ns::kClient);
    REQUIRE(again.ok());
    CHECK(to_xml((*again)->root()).size() == printed.size());
  }
}

TEST_CASE("writer: to_xml declares a namespace that is not the default") {
  const auto read = parse_element("<a/>", "urn:a");
  REQUIRE(read.ok());
  CHECK(to_xml((*read)->root()) == "<a xmlns='urn:a'/>");
  CHECK(to_xml((*read)->root(), "urn:a") == "<a/>");
}

TEST_CASE("writer: raw content keeps its namespaces wherever it is put") {
  const std::string_view content =
      "<message to='a'><body>1 &gt; 0</body><x xmlns='urn:x'/></message>text<y xmlns='urn:y'>"
      "<z/></y><presence/><xml:b/><iq id='1'/>";
  std::string same;
  Writer(same).open("a", ns::kClient).raw(content).close();
  CHECK(same == "<a>" + std::string(content) + "</a>");

  std::string other;
  Writer(other).open("forwarded", "urn:xmpp:forward:0").raw(content).close();
  CHECK(other ==
        "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' to='a'>"
        "<body>1 &gt; 0</body><x xmlns='urn:x'/></message>text<y xmlns='urn:y'><z/></y>"
        "<presence xmlns='jabber:client'/><xml:b/><iq xmlns='jabber:client' id='1'/></forwarded>");
}

TEST_CASE("writer: after raw content the open element goes on") {
  std::string out;
  Writer(out).open("a").raw("<b/>").text("c").empty("d", "urn:d").close();
  CHECK(out == "<a><b/>c<d xmlns='urn:d'/></a>");
}
