#pragma once
// Tagged fields: how entries, notes and letters are written as bytes. A field is tag (varint),
// length (varint), bytes. A reader passes over tags that it does not know, so that a later format
// can add some. Layout: storage/format.md, «Fields».

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hansa::engine {

class FieldWriter {
 public:
  FieldWriter& put(std::uint32_t tag, std::string_view bytes);
  FieldWriter& put(std::uint32_t tag, std::uint64_t number);
  // Nothing is written for a zero: absent reads as one.
  FieldWriter& put_unless_0(std::uint32_t tag, std::uint64_t number) {
    return number == 0 ? *this : put(tag, number);
  }
  // Nothing is written for an empty string.
  FieldWriter& put_if(std::uint32_t tag, std::string_view bytes);
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// Views into the bytes given, which must outlive it. Damaged bytes read as absent fields: what was
// read before the damage stays.
class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes);
  [[nodiscard]] std::string_view text(std::uint32_t tag) const;  // empty if absent; the first one
  [[nodiscard]] std::uint64_t number(std::uint32_t tag, std::uint64_t otherwise = 0) const;
  [[nodiscard]] bool has(std::uint32_t tag) const;
  [[nodiscard]] std::vector<std::string_view> all(std::uint32_t tag) const;
  [[nodiscard]] bool damaged() const { return damaged_; }

 private:
  struct Field {
    std::uint32_t tag;
    std::string_view bytes;
  };
  std::vector<Field> fields_;
  bool damaged_ = false;
};

void append_varint(std::string& out, std::uint64_t number);
// The varint at the front of `bytes`, which is advanced past it; nullopt if there is none.
[[nodiscard]] std::optional<std::uint64_t> take_varint(std::string_view& bytes);

}  // namespace hansa::engine
