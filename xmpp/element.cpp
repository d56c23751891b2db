#include "xmpp/element.h"

namespace hansa::xmpp {

std::optional<std::string_view> Element::find_attr(std::string_view name) const {
  for (const Attribute* a = attributes_; a != nullptr; a = a->next) {
    if (a->name == name && a->ns.empty()) return a->value;
  }
  return std::nullopt;
}

std::string_view Element::attr(std::string_view name) const {
  return find_attr(name).value_or(std::string_view());
}

const Element* Element::child(std::string_view name, std::string_view ns) const {
  for (const Element& each : children()) {
    if (each.is(name, ns)) return &each;
  }
  return nullptr;
}

const Element* Element::child_in(std::string_view ns) const {
  for (const Element& each : children()) {
    if (each.ns() == ns) return &each;
  }
  return nullptr;
}

const Element* Element::first_child() const {
  const auto first = children().begin();
  return first == children().end() ? nullptr : &*first;
}

std::string Element::text() const {
  std::string all;
  for (const Node* node = nodes_; node != nullptr; node = node->next) {
    if (node->element == nullptr) all += node->text;
  }
  return all;
}

}  // namespace hansa::xmpp
