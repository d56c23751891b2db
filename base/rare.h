#pragma once
// A value that is mostly empty, and then costs no more than a pointer: a room in memory has many
// of them, and there are many rooms. It is read as if it were there and empty; use() makes it, and
// shed() gives its memory back if it is empty again.

#include <memory>
#include <utility>

namespace hansa {

template <typename T>
class Rare {
 public:
  [[nodiscard]] const T& operator*() const { return value_ ? *value_ : none(); }
  [[nodiscard]] const T* operator->() const { return &**this; }
  // For changes. References to it end with clear(), take() and shed().
  [[nodiscard]] T& use() {
    if (!value_) value_ = std::make_unique<T>();
    return *value_;
  }
  void clear() { value_.reset(); }
  [[nodiscard]] T take() {
    const std::unique_ptr<T> taken = std::move(value_);
    return taken ? std::move(*taken) : T{};
  }
  void shed() {
    if (value_ && value_->empty()) value_.reset();
  }
  [[nodiscard]] bool held() const { return value_ != nullptr; }  // it has memory of its own

 private:
  static const T& none() {
    static const T nothing{};
    return nothing;
  }
  std::unique_ptr<T> value_;
};

}  // namespace hansa
