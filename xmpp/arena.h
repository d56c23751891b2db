#pragma once
// Bump allocator of one stanza. Its first block lies inside it, so that a usual stanza costs one
// malloc with its Document. Nothing is freed before the arena is. Holds only
// trivially destructible values. Throws std::bad_alloc.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hansa::xmpp {

class Arena {
 public:
  Arena() noexcept {}  // not "= default": the first block must not be zeroed
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  template <typename T>
  [[nodiscard]] T* make() {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= kAlign);
    const auto misfit = reinterpret_cast<std::uintptr_t>(at_) & (kAlign - 1);
    return ::new (take(sizeof(T), misfit == 0 ? 0 : kAlign - misfit)) T();
  }

  [[nodiscard]] std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* const to = take(text.size(), 0);
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }

  [[nodiscard]] std::size_t bytes() const { return sizeof(first_) + later_bytes_; }

 private:
  static constexpr std::size_t kAlign = alignof(void*);
  // With the Document around it just under 1,032 bytes, the largest that glibc serves from its
  // per-thread cache; a message of 350 bytes needs about 850.
  static constexpr std::size_t kFirstBytes = 928;
  static constexpr std::size_t kMostBytes = 64 * 1024;  // of a block of small things

  char* take(std::size_t size, std::size_t skip) {
    if (static_cast<std::size_t>(end_ - at_) < size + skip) return take_from_new_block(size);
    char* const taken = at_ + skip;
    at_ = taken + size;
    return taken;
  }

  char* take_from_new_block(std::size_t size) {
    // What is large has a block of its own, and small things go on filling the one they had.
    const bool alone = size > next_bytes_ / 4;
    const std::size_t bytes = alone ? size : next_bytes_;
    later_.push_back(std::make_unique_for_overwrite<char[]>(bytes));
    later_bytes_ += bytes;
    char* const taken = later_.back().get();
    if (alone) return taken;
    at_ = taken + size;
    end_ = taken + bytes;
    next_bytes_ = std::min(2 * next_bytes_, kMostBytes);
    return taken;
  }

  char* at_ = first_;
  char* end_ = first_ + kFirstBytes;
  std::size_t next_bytes_ = 2 * kFirstBytes;
  std::size_t later_bytes_ = 0;
  std::vector<std::unique_ptr<char[]>> later_;
  alignas(kAlign) char first_[kFirstBytes];
};

}  // namespace hansa::xmpp
