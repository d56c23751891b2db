#include "storage/leveldb_tail.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace hansa::storage {

namespace {

std::string record(std::string_view bytes) {
  const std::string covered = "\x01" + std::string(bytes);
  const std::uint32_t crc = crc32c(covered);
  const std::uint32_t stored = ((crc >> 15) | (crc << 17)) + 0xa282ead8U;
  std::string out;
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(stored >> shift));
  out.push_back(static_cast<char>(bytes.size()));
  out.push_back(static_cast<char>(bytes.size() >> 8));
  return out + covered;
}

std::string longer(std::string bytes, std::size_t at) {
  bytes[at + 5] = '\x40';
  return bytes;
}

}  // namespace

TEST_CASE("tail: the checksum is that of RFC 3720") {
  CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aaU);
  CHECK(crc32c(std::string(32, '\xff')) == 0x62a8ab43U);
  CHECK(crc32c("123456789") == 0xe3069283U);
}

TEST_CASE("tail: a writer that died leaves no damage, a wrong length is one") {
  const std::string first = record("the first record");
  const std::string second = record("the second record");
  CHECK_FALSE(tail_is_damaged(""));
  CHECK_FALSE(tail_is_damaged(first + second));
  CHECK_FALSE(tail_is_damaged(first + second + std::string(100, '\0')));
  for (std::size_t cut = 0; cut < second.size(); ++cut) {
    CHECK_FALSE(tail_is_damaged(first + second.substr(0, cut)));
  }
  CHECK(tail_is_damaged(longer(first, 0)));
  CHECK(tail_is_damaged(longer(first + second, 0)));
  CHECK(tail_is_damaged(longer(first + second, first.size())));
  CHECK(tail_is_damaged(longer(first + second, 0) + second.substr(0, 9)));
}

}  // namespace hansa::storage
