#pragma once
// A read-only XML element in an arena, as the parser made it. Everything (names, values, children)
// lives as long as the Document that owns the arena; Element is borrowed, never owned.
// Text of mixed content is kept in order as text nodes, so that what passes through is unchanged.

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hansa::xmpp {

struct Attribute {
  std::string_view name;  // local name; "xml:lang" and "xml:space" with their prefix
  std::string_view ns;    // empty for unprefixed attributes
  std::string_view value;
  const Attribute* next = nullptr;
};

class Element;

// A child: an element, or a run of character data.
struct Node {
  const Element* element = nullptr;  // null: text
  std::string_view text;
  const Node* next = nullptr;
};

class Element {
 public:
  class Children;  // range of const Element&, text nodes passed over

  [[nodiscard]] std::string_view name() const { return name_; }
  [[nodiscard]] std::string_view ns() const { return ns_; }
  [[nodiscard]] bool is(std::string_view name, std::string_view ns) const {
    return name_ == name && ns_ == ns;
  }
  // Value of the unprefixed attribute `name` (or "xml:lang"); absent and empty differ.
  [[nodiscard]] std::optional<std::string_view> find_attr(std::string_view name) const;
  // The same, absent as empty.
  [[nodiscard]] std::string_view attr(std::string_view name) const;
  [[nodiscard]] const Attribute* attributes() const { return attributes_; }

  // First child with that name and namespace; null if none.
  [[nodiscard]] const Element* child(std::string_view name, std::string_view ns) const;
  // First child in that namespace, whatever its name; null if none.
  [[nodiscard]] const Element* child_in(std::string_view ns) const;
  [[nodiscard]] const Element* first_child() const;
  [[nodiscard]] Children children() const;
  [[nodiscard]] const Node* nodes() const { return nodes_; }
  // All direct character data, joined.
  [[nodiscard]] std::string text() const;

 private:
  friend class TreeBuilder;
  std::string_view name_;
  std::string_view ns_;
  const Attribute* attributes_ = nullptr;
  const Node* nodes_ = nullptr;
};

class Element::Children {
 public:
  class Iterator {
   public:
    using value_type = Element;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    explicit Iterator(const Node* node) : node_(node) { skip_text(); }
    const Element& operator*() const { return *node_->element; }
    const Element* operator->() const { return node_->element; }
    Iterator& operator++() {
      node_ = node_->next;
      skip_text();
      return *this;
    }
    Iterator operator++(int) {
      Iterator old = *this;
      ++*this;
      return old;
    }
    friend bool operator==(Iterator a, Iterator b) { return a.node_ == b.node_; }

   private:
    void skip_text() {
      while (node_ != nullptr && node_->element == nullptr) node_ = node_->next;
    }
    const Node* node_ = nullptr;
  };
  explicit Children(const Node* first) : first_(first) {}
  [[nodiscard]] Iterator begin() const { return Iterator(first_); }
  [[nodiscard]] Iterator end() const { return Iterator(); }

 private:
  const Node* first_;
};

inline Element::Children Element::children() const { return Children(nodes_); }

// The arena and its root. Shared because a stanza that is read once may wait in several places.
class Document {
 public:
  virtual ~Document() = default;
  [[nodiscard]] virtual const Element& root() const = 0;
  [[nodiscard]] virtual std::size_t bytes() const = 0;  // of the arena; for budgets
};
using DocumentPtr = std::shared_ptr<const Document>;

}  // namespace hansa::xmpp
