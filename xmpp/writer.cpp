#include "xmpp/writer.h"

#include <array>
#include <cassert>

namespace hansa::xmpp {
namespace {

enum class Escape : unsigned char { no, reference, drop, maybe_drop, in_attributes };

// What a byte needs. 0xEF may begin U+FFFE or U+FFFF, which XML forbids.
constexpr std::array<Escape, 256> kEscapes = [] {
  std::array<Escape, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = Escape::drop;
  for (const char c : {'\t', '\n', '\''})
    table[static_cast<unsigned char>(c)] = Escape::in_attributes;
  for (const char c : {'&', '<', '>', '\r'})
    table[static_cast<unsigned char>(c)] = Escape::reference;
  table[0xEF] = Escape::maybe_drop;
  return table;
}();

std::string_view reference_for(char c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '\'': return "&apos;";
    case '\t': return "&#9;";
    case '\n': return "&#10;";
    default: return "&#13;";
  }
}

bool is_noncharacter(std::string_view at) {
  return at.size() >= 3 && at[1] == '\xBF' && (at[2] == '\xBE' || at[2] == '\xBF');
}

void append(std::string& out, std::string_view text, bool attribute) {
  std::size_t done = 0;  // up to here it is written
  for (std::size_t i = 0; i < text.size(); ++i) {
    const Escape escape = kEscapes[static_cast<unsigned char>(text[i])];
    if (escape == Escape::no || (escape == Escape::in_attributes && !attribute)) continue;
    if (escape == Escape::maybe_drop && !is_noncharacter(text.substr(i))) continue;
    out.append(text, done, i - done);
    if (escape == Escape::maybe_drop) i += 2;
    if (escape == Escape::reference || escape == Escape::in_attributes) {
      out += reference_for(text[i]);
    }
    done = i + 1;
  }
  out.append(text, done);
}

void append_attribute(std::string& out, std::string_view name, std::string_view value) {
  out += ' ';
  out += name;
  out += "='";
  append(out, value, true);
  out += '\'';
}

// `xml` as Writer wrote it, with xmlns='jabber:client' at each top element that has no xmlns.
// In what Writer writes '<' and '>' are always markup, and xmlns comes first in a tag.
void append_qualified(std::string& out, std::string_view xml) {
  constexpr std::string_view kXmlns = " xmlns='";
  std::size_t depth = 0;
  std::size_t done = 0;
  for (std::size_t at = xml.find('<'); at != std::string_view::npos; at = xml.find('<', at)) {
    const std::size_t end = xml.find('>', at);
    assert(end != std::string_view::npos);
    if (xml[at + 1] == '/') {
      --depth;
    } else {
      const std::size_t name_end = xml.find_first_of(" />", at);
      const bool is_xml = xml.substr(at + 1).starts_with("xml:");
      if (depth == 0 && !is_xml && !xml.substr(name_end).starts_with(kXmlns)) {
        out.append(xml, done, name_end - done);
        append_attribute(out, "xmlns", ns::kClient);
        done = name_end;
      }
      if (xml[end - 1] != '/') ++depth;
    }
    at = end;
  }
  out.append(xml, done);
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) { append(out, text, true); }

Writer::Writer(std::string& out, std::string_view default_ns) : out_(out), scopes_(default_ns) {
  open_.push_back({0, 0, 0, default_ns.size(), false});
}

std::string_view Writer::default_ns() const {
  const Open& open = open_.back();
  return std::string_view(scopes_).substr(open.default_at, open.default_size);
}

void Writer::finish_tag() {
  if (in_tag_) out_ += '>';
  in_tag_ = false;
}

Writer& Writer::open(std::string_view name, std::string_view ns) {
  finish_tag();
  Open made = open_.back();
  made.is_xml = ns == ns::kXml;
  out_ += '<';
  made.name_at = out_.size();
  if (made.is_xml) out_ += "xml:";
  out_ += name;
  made.name_size = out_.size() - made.name_at;
  if (!made.is_xml && ns != default_ns()) {
    append_attribute(out_, "xmlns", ns);
    made.default_at = scopes_.size();
    made.default_size = ns.size();
    scopes_ += ns;
  }
  open_.push_back(made);
  in_tag_ = true;
  return *this;
}

Writer& Writer::open(std::string_view name) {
  if (open_.back().is_xml) return open(name, ns::kXml);
  return open(name, default_ns());
}

Writer& Writer::attr(std::string_view name, std::string_view value) {
  assert(in_tag_);
  append_attribute(out_, name, value);
  return *this;
}

Writer& Writer::attr_if(std::string_view name, std::string_view value) {
  return value.empty() ? *this : attr(name, value);
}

Writer& Writer::text(std::string_view value) {
  assert(open_.size() > 1);
  if (value.empty()) return *this;
  finish_tag();
  append(out_, value, false);
  return *this;
}

Writer& Writer::close() {
  assert(open_.size() > 1);
  const Open closed = open_.back();
  open_.pop_back();
  if (in_tag_) {
    out_ += "/>";
    in_tag_ = false;
  } else {
    out_ += "</";
    out_.append(out_, closed.name_at, closed.name_size);
    out_ += '>';
  }
  scopes_.resize(open_.back().default_at + open_.back().default_size);
  return *this;
}

Writer& Writer::leaf(std::string_view name, std::string_view text) {
  return open(name).text(text).close();
}

Writer& Writer::leaf(std::string_view name, std::string_view ns, std::string_view text) {
  return open(name, ns).text(text).close();
}

Writer& Writer::empty(std::string_view name, std::string_view ns) { return open(name, ns).close(); }

Writer& Writer::element(const Element& element) {
  open(element.name(), element.ns());
  bool foreign = false;
  for (const Attribute* a = element.attributes(); a != nullptr; a = a->next) {
    if (a->ns.empty()) {
      attr(a->name, a->value);
    } else {
      foreign = true;
    }
  }
  if (foreign) foreign_attributes(element);
  for (const Node* node = element.nodes(); node != nullptr; node = node->next) {
    if (node->element != nullptr) {
      this->element(*node->element);  // as deep as the parser's limit lets a tree be
    } else {
      text(node->text);
    }
  }
  return close();
}

// Each namespace of an attribute gets a prefix (a0, a1, …) where it is met first.
void Writer::foreign_attributes(const Element& element) {
  std::vector<std::string_view> declared;
  for (const Attribute* a = element.attributes(); a != nullptr; a = a->next) {
    if (a->ns.empty()) continue;
    std::size_t number = 0;
    while (number < declared.size() && declared[number] != a->ns) ++number;
    const std::string prefix = "a" + std::to_string(number);
    if (number == declared.size()) {
      declared.push_back(a->ns);
      attr("xmlns:" + prefix, a->ns);
    }
    attr(prefix + ":" + std::string(a->name), a->value);
  }
}

Writer& Writer::raw(std::string_view xml) {
  if (xml.empty()) return *this;
  finish_tag();
  if (default_ns() == ns::kClient) {
    out_ += xml;
  } else {
    append_qualified(out_, xml);
  }
  return *this;
}

std::string to_xml(const Element& element, std::string_view default_ns) {
  std::string out;
  Writer(out, default_ns).element(element);
  return out;
}

}  // namespace hansa::xmpp
