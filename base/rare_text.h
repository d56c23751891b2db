#pragma once
// A text that is mostly empty, and then costs no more than a pointer (rare.h).

#include <memory>
#include <string>
#include <string_view>

namespace hansa {

class RareText {
 public:
  RareText() = default;
  RareText(const RareText& other) { *this = std::string_view(other); }
  RareText(RareText&&) noexcept = default;
  ~RareText() = default;
  RareText& operator=(const RareText& other) { return *this = std::string_view(other); }
  RareText& operator=(RareText&&) noexcept = default;
  RareText& operator=(std::string_view text) {
    text_ = text.empty() ? nullptr : std::make_unique<const std::string>(text);
    return *this;
  }

  [[nodiscard]] bool empty() const { return text_ == nullptr; }
  void clear() { text_.reset(); }
  operator const std::string&() const {  // NOLINT(google-explicit-constructor): it is one
    static const std::string none;
    return text_ ? *text_ : none;
  }
  operator std::string_view() const {  // NOLINT(google-explicit-constructor): it is one
    return text_ ? std::string_view(*text_) : std::string_view();
  }
  friend bool operator==(const RareText& a, const RareText& b) {
    return std::string_view(a) == std::string_view(b);
  }
  friend bool operator==(const RareText& a, std::string_view b) { return std::string_view(a) == b; }

 private:
  std::unique_ptr<const std::string> text_;  // null: empty
};

}  // namespace hansa
