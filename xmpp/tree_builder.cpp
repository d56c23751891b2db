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

// One malloc from the per-thread cache; make_shared adds 16 bytes.
static_assert(sizeof(ArenaDocument) + 16 <= 1032);

// A buffer that one huge stanza has grown is given back, so that it does not stay with the stream.
constexpr std::size_t kKeptTextBytes = 16 * 1024;

}  // namespace

TreeBuilder::TreeBuilder() = default;
TreeBuilder::~TreeBuilder() = default;

void TreeBuilder::open(std::string_view name, std::string_view ns) {
  flush_text();
  if (open_.empty()) document_ = std::make_shared<ArenaDocument>();
  Arena& arena = document_->arena;
  Element* const element = arena.make<Element>();
  element->name_ = arena.copy(name);
  if (!open_.empty() && open_.back().element->ns_ == ns) {
    element->ns_ = open_.back().element->ns_;
  } else {
    element->ns_ = ns == ns::kClient ? ns::kClient : arena.copy(ns);
  }
  if (open_.empty()) {
    document_->set_root(element);
  } else {
    add_node({element, {}, nullptr});
  }
  open_.push_back({element, nullptr});
  last_attribute_ = nullptr;
}

void TreeBuilder::attribute(std::string_view name, std::string_view ns, std::string_view value) {
  assert(!open_.empty() && open_.back().last == nullptr);
  Arena& arena = document_->arena;
  Attribute* const made = arena.make<Attribute>();
  made->name = arena.copy(name);
  made->ns = arena.copy(ns);
  made->value = arena.copy(value);
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

void TreeBuilder::add_node(const Node& value) {
  Node* const node = document_->arena.make<Node>();
  *node = value;
  Level& parent = open_.back();
  if (parent.last == nullptr) {
    parent.element->nodes_ = node;
  } else {
    parent.last->next = node;
  }
  parent.last = node;
}

void TreeBuilder::flush_text() {
  if (text_.empty()) return;
  add_node({nullptr, document_->arena.copy(text_), nullptr});
  text_.clear();
}

}  // namespace hansa::xmpp
