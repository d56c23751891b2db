#include "engine/fields.h"

#include <array>

namespace hansa::engine {

void append_varint(std::string& out, std::uint64_t number) {
  while (number >= 0x80) {
    out += static_cast<char>((number & 0x7f) | 0x80);
    number >>= 7;
  }
  out += static_cast<char>(number);
}

std::optional<std::uint64_t> take_varint(std::string_view& bytes) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<std::uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    number |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return number;
  }
  return std::nullopt;
}

FieldWriter& FieldWriter::put(std::uint32_t tag, std::string_view bytes) {
  append_varint(out_, tag);
  append_varint(out_, bytes.size());
  out_ += bytes;
  return *this;
}

FieldWriter& FieldWriter::put(std::uint32_t tag, std::uint64_t number) {
  std::string bytes;
  append_varint(bytes, number);
  return put(tag, bytes);
}

FieldWriter& FieldWriter::put_if(std::uint32_t tag, std::string_view bytes) {
  return bytes.empty() ? *this : put(tag, bytes);
}

FieldReader::FieldReader(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto tag = take_varint(bytes);
    const auto length = tag ? take_varint(bytes) : std::nullopt;
    if (!length || *tag > UINT32_MAX || *length > bytes.size()) {
      damaged_ = true;
      return;
    }
    fields_.push_back({static_cast<std::uint32_t>(*tag), bytes.substr(0, *length)});
    bytes.remove_prefix(*length);
  }
}

std::string_view FieldReader::text(std::uint32_t tag) const {
  for (const Field& field : fields_) {
    if (field.tag == tag) return field.bytes;
  }
  return {};
}

std::uint64_t FieldReader::number(std::uint32_t tag, std::uint64_t otherwise) const {
  for (const Field& field : fields_) {
    if (field.tag != tag) continue;
    std::string_view bytes = field.bytes;
    return take_varint(bytes).value_or(otherwise);
  }
  return otherwise;
}

bool FieldReader::has(std::uint32_t tag) const {
  for (const Field& field : fields_) {
    if (field.tag == tag) return true;
  }
  return false;
}

std::vector<std::string_view> FieldReader::all(std::uint32_t tag) const {
  std::vector<std::string_view> out;
  for (const Field& field : fields_) {
    if (field.tag == tag) out.push_back(field.bytes);
  }
  return out;
}

}  // namespace hansa::engine
