#include "xmpp/element.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "xmpp/parser.h"

using hansa::xmpp::DocumentPtr;
using hansa::xmpp::Element;
using hansa::xmpp::Node;
using hansa::xmpp::parse_element;

namespace {

DocumentPtr parsed(std::string_view text) {
  auto document = parse_element(text, "d");
  REQUIRE(document.ok());
  return *document;
}

}  // namespace

TEST_CASE("element: name, namespace and attributes") {
  const DocumentPtr document =
      parsed("<a x='1' y='' xml:lang='de' p:x='2' xmlns:p='urn:p'><b xmlns='urn:b'/></a>");
  const Element& a = document->root();
  CHECK(a.is("a", "d"));
  CHECK_FALSE(a.is("a", "urn:b"));
  CHECK_FALSE(a.is("b", "d"));
  CHECK(a.attr("x") == "1");
  CHECK(a.attr("xml:lang") == "de");
  CHECK_FALSE(a.find_attr("lang").has_value());
  CHECK(a.find_attr("y") == "");  // empty is not absent
  CHECK_FALSE(a.find_attr("z").has_value());
  CHECK(a.attr("z").empty());
  std::vector<std::string> all;
  for (const auto* each = a.attributes(); each != nullptr; each = each->next) {
    all.push_back(std::string(each->ns) + "|" + std::string(each->name));
  }
  CHECK(all == std::vector<std::string>{"|x", "|y", "|xml:lang", "urn:p|x"});
}

TEST_CASE("element: children are found by name and namespace, in order") {
  const DocumentPtr document =
      parsed("<a>text<b n='1'/><b xmlns='urn:b' n='2'/>more<c xmlns='urn:b'/><b n='3'/></a>");
  const Element& a = document->root();
  CHECK(a.first_child()->attr("n") == "1");
  CHECK(a.child("b", "d")->attr("n") == "1");
  CHECK(a.child("b", "urn:b")->attr("n") == "2");
  CHECK(a.child_in("urn:b")->attr("n") == "2");
  CHECK(a.child("c", "d") == nullptr);
  CHECK(a.child_in("urn:c") == nullptr);
  std::string names;
  for (const Element& each : a.children()) names += std::string(each.name());
  CHECK(names == "bbcb");
}

TEST_CASE("element: without children there is nothing to find") {
  for (const std::string_view text : {"<a/>", "<a></a>", "<a>text</a>"}) {
    const DocumentPtr document = parsed(text);
    const Element& a = document->root();
    CHECK(a.first_child() == nullptr);
    CHECK(a.children().begin() == a.children().end());
  }
}

TEST_CASE("element: mixed content keeps its order, and text is joined") {
  const DocumentPtr document = parsed("<a>one &amp; <![CDATA[<two>]]>\n<b>not</b> three</a>");
  const Element& a = document->root();
  CHECK(a.text() == "one & <two>\n three");
  const Node* node = a.nodes();
  REQUIRE(node != nullptr);
  CHECK(node->text == "one & <two>\n");  // one run, however it was written
  REQUIRE(node->next != nullptr);
  CHECK(node->next->element->is("b", "d"));
  CHECK(node->next->next->text == " three");
  CHECK(node->next->next->next == nullptr);
}

TEST_CASE("element: the document says how much it holds") {
  const std::size_t small = parsed("<a/>")->bytes();
  CHECK(small >= 512);
  CHECK(small <= 2048);
  const std::string text(100'000, 'x');
  const std::size_t large = parsed("<a>" + text + "</a>")->bytes();
  CHECK(large >= text.size());
  CHECK(large <= 2 * text.size());
}
