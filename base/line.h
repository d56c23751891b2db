#pragma once
// A queue that costs a pointer while it is empty: no memory is held then. (A std::deque holds half
// a kilobyte, and a room has several.) Iterators end with every change. Pushing to the back and
// popping at the front are O(1) over time; pushing to the front is O(n) unless something was popped
// there before.

#include <cassert>
#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace hansa {

template <typename T>
class Line {
 public:
  using value_type = T;
  using iterator = typename std::vector<T>::iterator;
  using const_iterator = typename std::vector<T>::const_iterator;

  [[nodiscard]] bool empty() const { return !held_; }
  [[nodiscard]] std::size_t size() const { return held_ ? held_->items.size() - held_->head : 0; }
  [[nodiscard]] T& front() { return held_->items[held_->head]; }
  [[nodiscard]] const T& front() const { return held_->items[held_->head]; }
  [[nodiscard]] T& back() { return held_->items.back(); }
  [[nodiscard]] const T& back() const { return held_->items.back(); }
  [[nodiscard]] T& operator[](std::size_t at) { return held_->items[held_->head + at]; }
  [[nodiscard]] const T& operator[](std::size_t at) const { return held_->items[held_->head + at]; }

  [[nodiscard]] iterator begin() { return held_ ? held_->items.begin() + offset() : iterator(); }
  [[nodiscard]] iterator end() { return held_ ? held_->items.end() : iterator(); }
  [[nodiscard]] const_iterator begin() const {
    return held_ ? held_->items.cbegin() + offset() : const_iterator();
  }
  [[nodiscard]] const_iterator end() const {
    return held_ ? held_->items.cend() : const_iterator();
  }
  [[nodiscard]] auto rbegin() const { return std::make_reverse_iterator(end()); }
  [[nodiscard]] auto rend() const { return std::make_reverse_iterator(begin()); }

  void push_back(T item) { use().items.push_back(std::move(item)); }
  void push_front(T item) {
    Held& held = use();
    if (held.head > 0) {
      held.items[--held.head] = std::move(item);
    } else {
      held.items.insert(held.items.begin(), std::move(item));
    }
  }
  template <typename It>
  void insert_front(It first, It last) {
    if (first == last) return;
    Held& held = use();
    drop_head();
    held.items.insert(held.items.begin(), first, last);
  }
  void pop_front() {
    assert(!empty());
    // What it held is let go now, not when the place is used again.
    { [[maybe_unused]] const T gone = std::move(held_->items[held_->head]); }
    if (++held_->head == held_->items.size()) return clear();
    if (held_->head >= kKeptHead && 2 * held_->head >= held_->items.size()) drop_head();
  }
  void clear() { held_.reset(); }
  template <typename Predicate>
  void erase_if(Predicate predicate) {
    if (!held_) return;
    drop_head();
    std::erase_if(held_->items, predicate);
    if (held_->items.empty()) clear();
  }

 private:
  static constexpr std::size_t kKeptHead = 16;
  struct Held {  // not empty
    std::vector<T> items;
    std::size_t head = 0;  // of items, those before are gone
  };
  [[nodiscard]] Held& use() {
    if (!held_) held_ = std::make_unique<Held>();
    return *held_;
  }
  [[nodiscard]] std::ptrdiff_t offset() const { return static_cast<std::ptrdiff_t>(held_->head); }
  void drop_head() {
    held_->items.erase(held_->items.begin(), held_->items.begin() + offset());
    held_->head = 0;
  }
  std::unique_ptr<Held> held_;  // null: empty
};

}  // namespace hansa
