#pragma once
// Bump allocator of one stanza: memory for values and their texts, freed all at once. Its first
// block lies inside it, so that a small stanza costs one malloc with its Document. What is put
// there is trivially destructible. Throws std::bad_alloc.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hansa::xmpp {

class Arena {
 public:
  Arena() noexcept {}  // not "= default": the first block must not be zeroed
  ~Arena() {
    while (later_ != nullptr) ::operator delete(std::exchange(later_, later_->next));
  }
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // One value, and room for `text_bytes` behind it: the place of the text is in `text`.
  template <typename T>
  [[nodiscard]] T* make(std::size_t text_bytes, char*& text) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= kAlign);
    char* const place = take(sizeof(T) + text_bytes);
    text = place + sizeof(T);
    return ::new (place) T();
  }

  [[nodiscard]] std::size_t bytes() const { return sizeof(first_) + later_bytes_; }

 private:
  static constexpr std::size_t kAlign = alignof(void*);
  // With the Document around it just under 1,032 bytes, the largest that glibc serves from its
  // per-thread cache; a message of 350 bytes needs little more than one such block.
  static constexpr std::size_t kFirstBytes = 944;
  static constexpr std::size_t kNextBytes = 1024;
  static constexpr std::size_t kMostBytes = 64 * 1024;  // of a block of small things

  struct Block {
    Block* next;
  };

  char* take(std::size_t size) {
    size = (size + kAlign - 1) & ~(kAlign - 1);
    if (static_cast<std::size_t>(end_ - at_) < size) return take_from_new_block(size);
    return std::exchange(at_, at_ + size);
  }

  char* take_from_new_block(std::size_t size) {
    // What is large has a block of its own, and small things go on filling the one they had.
    const bool alone = size > next_bytes_ / 2;
    const std::size_t bytes = alone ? size + sizeof(Block) : next_bytes_;
    later_ = ::new (::operator new(bytes)) Block{later_};
    later_bytes_ += bytes;
    char* const place = reinterpret_cast<char*>(later_) + sizeof(Block);
    if (alone) return place;
    at_ = place + size;
    end_ = reinterpret_cast<char*>(later_) + bytes;
    next_bytes_ = std::min(2 * next_bytes_, kMostBytes);
    return place;
  }

  char* at_ = first_;
  char* end_ = first_ + kFirstBytes;
  std::size_t next_bytes_ = kNextBytes;
  std::size_t later_bytes_ = 0;
  Block* later_ = nullptr;
  alignas(kAlign) char first_[kFirstBytes];
};

// Copies `text` to `place`, which is moved behind it.
inline std::string_view put(char*& place, std::string_view text) {
  if (text.empty()) return {};
  std::memcpy(place, text.data(), text.size());
  return {std::exchange(place, place + text.size()), text.size()};
}

}  // namespace hansa::xmpp
