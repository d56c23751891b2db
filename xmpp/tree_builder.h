#pragma once
// Builds the tree of one stanza at a time in its arena: open, attributes, text and close as the
// parser reports them. Views given to it are copied. Limits are the caller's.

#include <cassert>
#include <string>
#include <string_view>
#include <vector>

#include "xmpp/element.h"

namespace hansa::xmpp {

class ArenaDocument;

class TreeBuilder {
 public:
  TreeBuilder();
  ~TreeBuilder();
  TreeBuilder(const TreeBuilder&) = delete;
  TreeBuilder& operator=(const TreeBuilder&) = delete;

  // The first open() begins a new document.
  void open(std::string_view name, std::string_view ns);
  // Of the element opened last, before its content.
  void attribute(std::string_view name, std::string_view ns, std::string_view value);
  // Adjacent runs become one text node.
  void text(std::string_view run) { text_.append(run); }
  void close();
  [[nodiscard]] bool idle() const { return open_.empty(); }
  // The document, once its root is closed.
  [[nodiscard]] DocumentPtr take();
  // The document as far as it has come; the next open() begins another.
  [[nodiscard]] DocumentPtr abandon();

 private:
  struct Level {
    Element* element;
    Node* last;  // its last child so far
  };
  void add_node(Node& node);
  void flush_text();

  std::shared_ptr<ArenaDocument> document_;
  std::vector<Level> open_;
  Attribute* last_attribute_ = nullptr;
  std::string text_;  // of the run not yet in the tree
};

}  // namespace hansa::xmpp
