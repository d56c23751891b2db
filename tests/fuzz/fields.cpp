// Tagged fields: whatever the bytes are, what is read of them can be written, and reads the same.

#include "engine/fields.h"
#include "tests/fuzz/target.h"

namespace hansa::fuzz {

void run(std::string_view bytes) {
  const engine::FieldReader fields(bytes);
  engine::FieldWriter out;
  constexpr std::uint32_t kTags = 32;
  for (std::uint32_t tag = 0; tag < kTags; ++tag) {
    const auto all = fields.all(tag);
    holds(fields.has(tag) == !all.empty(), "a tag is there if one of its fields is");
    holds(fields.text(tag) == (all.empty() ? std::string_view() : all.front()),
          "the first field of a tag counts");
    for (const std::string_view text : all) out.put(tag, text);
  }
  const std::string written = out.take();
  const engine::FieldReader again(written);
  holds(!again.damaged(), "fields that were written are whole");
  for (std::uint32_t tag = 0; tag < kTags; ++tag) {
    holds(again.all(tag) == fields.all(tag), "fields that were written read the same");
    holds(again.number(tag, 7) == fields.number(tag, 7), "numbers read the same");
  }

  std::string_view rest = bytes;
  while (const auto number = engine::take_varint(rest)) {
    std::string varint;
    engine::append_varint(varint, *number);
    std::string_view back = varint;
    holds(engine::take_varint(back) == number && back.empty(), "a varint reads as it was written");
  }
}

}  // namespace hansa::fuzz
