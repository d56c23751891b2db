#include "base/encoding.h"

#include <doctest/doctest.h>

#include <string_view>
#include <vector>

using namespace hansa;

namespace {

std::vector<std::uint8_t> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

}  // namespace

TEST_CASE("encoding: hexadecimal is lower-case, two digits a byte") {
  CHECK(hex({}) == "");
  const std::uint8_t bytes[] = {0x00, 0x0f, 0xa0, 0xff};
  CHECK(hex(bytes) == "000fa0ff");
}

TEST_CASE("encoding: base32, the vectors of RFC 4648 §10 in small letters without padding") {
  struct Row {
    std::string_view plain;
    std::string_view encoded;
  };
  const Row rows[] = {{"", ""},
                      {"f", "my"},
                      {"fo", "mzxq"},
                      {"foo", "mzxw6"},
                      {"foob", "mzxw6yq"},
                      {"fooba", "mzxw6ytb"},
                      {"foobar", "mzxw6ytboi"}};
  for (const Row& row : rows) {
    CAPTURE(row.plain);
    CHECK(base32(bytes_of(row.plain)) == row.encoded);
  }
  const std::uint8_t ones[] = {0xff, 0xff, 0xff, 0xff, 0xff};
  CHECK(base32(ones) == "77777777");
}

TEST_CASE("encoding: base64 is read, with white space and its padding, and nothing else is") {
  CHECK(unbase64("") == "");
  CHECK(unbase64("YWJj") == "abc");
  CHECK(unbase64("YW\nJj IA==") == "abc ");
  CHECK(unbase64("YWI=") == "ab");
  CHECK(unbase64("/+8=") == "\xff\xef");
  for (const char* bad : {"YWJ", "YWI", "YWI==", "Y===", "YW=j", "=", "YWJj=", "YW%j", "YWJ-"}) {
    CAPTURE(bad);
    CHECK_FALSE(unbase64(bad).has_value());
  }
}

TEST_CASE("encoding: hexadecimal digits are read back, and nothing else is") {
  CHECK(unhex("") == "");
  CHECK(unhex("00ff7a") == std::string("\x00\xff\x7a", 3));
  CHECK_FALSE(unhex("0").has_value());
  CHECK_FALSE(unhex("0G").has_value());
  CHECK_FALSE(unhex("FF").has_value());
  CHECK_FALSE(unhex("0 ").has_value());
}
