#include "xmpp/tree_builder.h"

#include "xmpp/arena.h"
#include "xmpp/ns.h"

namespace hansa::xmpp {

class ArenaDocument final : public Document {
 public:
  ArenaDocument() noexcept {}  // not "= default": make_shared would zero the arena

  [[nodiscard]] const Element& root() const override { return *root_; }
  [[nodiscard]] std::size_t bytes() const override {
    return sizeof(*this) - sizeof(arena) + arena.bytes();
  }

  void set_root(const Element* root) { root_ = root; }
  Arena arena;

 private:
  const Element* root_ = nullptr;
};

namespace {

// An element and its place among its parent's children.
struct Child {
  Element element;
  Node node;
};

// One malloc from the per-thread cache; make_shared adds 16 bytes.
static_assert(sizeof(ArenaDocument) + 16 <= 1032);

// A buffer that one huge stanza has grown is given back, so that it does not stay with the stream.
constexpr std::size_t kKeptTextBytes = 16 * 1024;

}  // namespace

TreeBuilder::TreeBuilder() = default;
TreeBuilder::~TreeBuilder() = default;

void TreeBuilder::open(std::string_view name, std::string_view ns) {
  flush_text();
  const Element* const parent = open_.empty() ? nullptr : open_.back().element;
  const bool inherited = parent != nullptr && parent->ns_ == ns;
  const bool known = inherited || ns == ns::kClient;
  if (parent == nullptr) document_ = std::make_shared<ArenaDocument>();
  char* text = nullptr;
  auto* const made = document_->arena.make<Child>(name.size() + (known ? 0 : ns.size()), text);
  Element& element = made->element;
  element.name_ = put(text, name);
  element.ns_ = inherited ? parent->ns_ : known ? ns::kClient : put(text, ns);
  if (parent == nullptr) {
    document_->set_root(&element);
  } else {
    made->node.element = &element;
    add_node(made->node);
  }
  open_.push_back({&element, nullptr});
  last_attribute_ = nullptr;
}

void TreeBuilder::attribute(std::string_view name, std::string_view ns, std::string_view value) {
  assert(!open_.empty() && open_.back().last == nullptr);
  char* text = nullptr;
  auto* const made = document_->arena.make<Attribute>(name.size() + ns.size() + value.size(), text);
  made->name = put(text, name);
  made->ns = put(text, ns);
  made->value = put(text, value);
  if (last_attribute_ == nullptr) {
    open_.back().element->attributes_ = made;
  } else {
    last_attribute_->next = made;
  }
  last_attribute_ = made;
}

void TreeBuilder::close() {
  assert(!open_.empty());
  flush_text();
  open_.pop_back();
}

DocumentPtr TreeBuilder::take() {
  assert(open_.empty() && document_ != nullptr);
  if (text_.capacity() > kKeptTextBytes) std::string().swap(text_);
  return std::exchange(document_, nullptr);
}

DocumentPtr TreeBuilder::abandon() {
  text_.clear();
  open_.clear();
  return take();
}

void TreeBuilder::add_node(Node& node) {
  Level& parent = open_.back();
  if (parent.last == nullptr) {
    parent.element->nodes_ = &node;
  } else {
    parent.last->next = &node;
  }
  parent.last = &node;
}

void TreeBuilder::flush_text() {
  if (text_.empty()) return;
  char* text = nullptr;
  Node* const node = document_->arena.make<Node>(text_.size(), text);
  node->text = put(text, text_);
  add_node(*node);
  text_.clear();
}

}  // namespace hansa::xmpp
