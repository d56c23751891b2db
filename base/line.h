#pragma once
// A queue that costs nothing while it is empty: no memory is held then. (A std::deque holds half a
// kilobyte, and a room has several.) Iterators end with every change. Pushing to the back and
// popping at the front are O(1) over time; pushing to the front is O(n) unless something was popped
// there before.

#include <cassert>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace hansa {

template <typename T>
class Line {
 public:
  using value_type = T;
  using iterator = typename std::vector<T>::iterator;
  using const_iterator = typename std::vector<T>::const_iterator;

  [[nodiscard]] bool empty() const { return items_.empty(); }
  [[nodiscard]] std::size_t size() const { return items_.size() - head_; }
  [[nodiscard]] T& front() { return items_[head_]; }
  [[nodiscard]] const T& front() const { return items_[head_]; }
  [[nodiscard]] T& back() { return items_.back(); }
  [[nodiscard]] const T& back() const { return items_.back(); }
  [[nodiscard]] T& operator[](std::size_t at) { return items_[head_ + at]; }
  [[nodiscard]] const T& operator[](std::size_t at) const { return items_[head_ + at]; }

  [[nodiscard]] iterator begin() { return items_.begin() + offset(); }
  [[nodiscard]] iterator end() { return items_.end(); }
  [[nodiscard]] const_iterator begin() const { return items_.begin() + offset(); }
  [[nodiscard]] const_iterator end() const { return items_.end(); }
  [[nodiscard]] auto rbegin() const { return std::make_reverse_iterator(end()); }
  [[nodiscard]] auto rend() const { return std::make_reverse_iterator(begin()); }

  void push_back(T item) { items_.push_back(std::move(item)); }
  void push_front(T item) {
    if (head_ > 0) {
      items_[--head_] = std::move(item);
    } else {
      items_.insert(items_.begin(), std::move(item));
    }
  }
  template <typename It>
  void insert_front(It first, It last) {
    drop_head();
    items_.insert(items_.begin(), first, last);
  }
  void pop_front() {
    assert(!empty());
    // What it held is let go now, not when the place is used again.
    { [[maybe_unused]] const T gone = std::move(items_[head_]); }
    if (++head_ == items_.size()) return clear();
    if (head_ >= kKeptHead && 2 * head_ >= items_.size()) drop_head();
  }
  void clear() {
    std::vector<T>().swap(items_);  // its memory, too
    head_ = 0;
  }
  template <typename Predicate>
  void erase_if(Predicate predicate) {
    drop_head();
    std::erase_if(items_, predicate);
    if (items_.empty()) clear();
  }

 private:
  static constexpr std::size_t kKeptHead = 16;
  [[nodiscard]] std::ptrdiff_t offset() const { return static_cast<std::ptrdiff_t>(head_); }
  void drop_head() {
    items_.erase(items_.begin(), items_.begin() + offset());
    head_ = 0;
  }
  std::vector<T> items_;
  std::size_t head_ = 0;  // of items_, those before are gone
};

}  // namespace hansa
