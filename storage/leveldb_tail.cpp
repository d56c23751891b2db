#include "storage/leveldb_tail.h"

#include <optional>

namespace hansa::storage {
namespace {

// A record: checksum (4), length (2), type (1), both numbers little-endian; then its bytes.
constexpr std::size_t kHeaderBytes = 7;
constexpr std::size_t kTypeAt = 6;
constexpr std::uint8_t kLastType = 4;  // full, first, middle, last; 0 fills a block up

std::uint32_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

std::size_t length_of(std::string_view record) {
  return byte_at(record, 4) | byte_at(record, 5) << 8;
}

// The checksum covers type and bytes; it is stored turned and shifted.
bool is_whole(std::string_view record, std::size_t length) {
  const std::uint32_t type = byte_at(record, kTypeAt);
  if (type == 0 || type > kLastType || kHeaderBytes + length > record.size()) return false;
  const std::uint32_t stored = byte_at(record, 0) | byte_at(record, 1) << 8 |
                               byte_at(record, 2) << 16 | byte_at(record, 3) << 24;
  const std::uint32_t crc = crc32c(record.substr(kTypeAt, 1 + length));
  return stored == ((crc >> 15) | (crc << 17)) + 0xa282ead8U;
}

// Where the first record begins that does not fit into the file.
std::optional<std::size_t> overrun(std::string_view tail) {
  std::size_t at = 0;
  while (at + kHeaderBytes <= tail.size()) {
    const std::string_view record = tail.substr(at);
    const std::size_t length = length_of(record);
    if (length == 0 && byte_at(record, kTypeAt) == 0) return std::nullopt;
    if (kHeaderBytes + length > record.size()) return at;
    at += kHeaderBytes + length;
  }
  return std::nullopt;
}

}  // namespace

bool tail_is_damaged(std::string_view tail) {
  const std::optional<std::size_t> begin = overrun(tail);
  if (!begin) return false;
  // The last record, with its length as it must have been.
  if (is_whole(tail.substr(*begin), tail.size() - *begin - kHeaderBytes)) return true;
  for (std::size_t at = *begin + 1; at + kHeaderBytes <= tail.size(); ++at) {
    const std::string_view record = tail.substr(at);
    if (is_whole(record, length_of(record))) return true;
  }
  return false;
}

std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t crc = 0xffffffffU;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    crc ^= byte_at(bytes, i);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78U : 0);
  }
  return ~crc;
}

}  // namespace hansa::storage
