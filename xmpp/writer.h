#pragma once
// Writes XML into a string that it owns or borrows: escaped, namespaces declared where they change.
// ns::kClient is the default namespace at the top: content written here can be put into any stream.
// Used wrongly (attribute after content, close without open) it asserts. Text must be valid UTF-8
// (what the parser gave, or ours); characters that XML forbids are dropped.

#include <string>
#include <string_view>
#include <vector>

#include "xmpp/element.h"
#include "xmpp/ns.h"

namespace hansa::xmpp {

class Writer {
 public:
  explicit Writer(std::string& out, std::string_view default_ns = ns::kClient);
  ~Writer() = default;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  Writer& open(std::string_view name, std::string_view ns);
  Writer& open(std::string_view name);  // in the namespace of the open parent
  Writer& attr(std::string_view name, std::string_view value);
  // Nothing is written for an empty value.
  Writer& attr_if(std::string_view name, std::string_view value);
  Writer& text(std::string_view value);
  Writer& close();
  // <name>text</name>, in the parent's namespace or in `ns`.
  Writer& leaf(std::string_view name, std::string_view text);
  Writer& leaf(std::string_view name, std::string_view ns, std::string_view text);
  // <name xmlns=ns/>
  Writer& empty(std::string_view name, std::string_view ns);
  // The whole element; its names and namespaces as they were, prefixes not kept.
  Writer& element(const Element& element);
  // XML written by another Writer with kClient as its default, placed under an open element. Where
  // the default here is another, it is declared at each top element that relies on it.
  Writer& raw(std::string_view xml);

 private:
  struct Open {
    std::size_t name_at;  // in out_, with its prefix
    std::size_t name_size;
    std::size_t default_at;  // in scopes_: the default namespace of its content
    std::size_t default_size;
    bool is_xml;  // its own namespace is ns::kXml, by prefix
  };
  [[nodiscard]] std::string_view default_ns() const;
  void finish_tag();
  void foreign_attributes(const Element& element);

  std::string& out_;
  std::vector<Open> open_;  // the first stands for what is around everything written here
  std::string scopes_;      // default namespaces in force, innermost last
  bool in_tag_ = false;
};

// Appends `text` escaped for content or an attribute in single quotes; line ends and tabs as
// references, which an attribute would lose otherwise.
void append_escaped(std::string& out, std::string_view text);
[[nodiscard]] std::string to_xml(const Element& element, std::string_view default_ns = ns::kClient);
// A value of a XEP as text: as the function write(Writer&, value) beside its type has it.
template <typename Value>
[[nodiscard]] std::string written(const Value& value) {
  std::string out;
  Writer writer(out);
  write(writer, value);
  return out;
}

}  // namespace hansa::xmpp
