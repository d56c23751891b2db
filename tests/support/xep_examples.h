#pragma once
// The examples of a XEP document (XSF format), in order, as stanzas. Header-only.

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "xmpp/ns.h"
#include "xmpp/parser.h"
#include "xmpp/writer.h"

namespace hansa::test {

struct Example {
  std::string caption;
  std::vector<xmpp::DocumentPtr> stanzas;
};

// The document without its prolog and the entities that only the XSF's files define.
inline xmpp::DocumentPtr read_document(const std::string& path) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t root = text.find("<xep>");
  if (root == std::string::npos) std::abort();
  std::string plain = text.substr(root);
  const std::string entity = "&LEGALNOTICE;";
  if (const auto at = plain.find(entity); at != std::string::npos) plain.erase(at, entity.size());
  auto document = xmpp::parse_element(plain);
  if (!document) std::abort();
  return std::move(document).value();
}

inline void collect_examples(const xmpp::Element& element, std::vector<Example>& out) {
  for (const xmpp::Element& child : element.children()) {
    if (child.name() != "example") {
      collect_examples(child, out);
      continue;
    }
    Example example{std::string(child.attr("caption")), {}};
    auto wrapped = xmpp::parse_element("<all>" + child.text() + "</all>", xmpp::ns::kClient);
    if (!wrapped) std::abort();
    for (const xmpp::Element& stanza : (*wrapped)->root().children()) {
      example.stanzas.push_back(
          xmpp::parse_element(xmpp::to_xml(stanza), xmpp::ns::kClient).value());
    }
    out.push_back(std::move(example));
  }
}

inline std::vector<Example> examples_of(const std::string& path) {
  std::vector<Example> out;
  const auto document = read_document(path);
  collect_examples(document->root(), out);
  return out;
}

}  // namespace hansa::test
