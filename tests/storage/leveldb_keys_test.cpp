// The bytes of storage/format.md, written out: whoever changes them changes the format.

#include "storage/leveldb_keys.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace hansa::storage::leveldb_keys {

using namespace std::string_literals;

TEST_CASE("keys: bytes are as format.md says") {
  const LogKey log{"node", "abc"};
  CHECK(kFormatKey == "F"s);
  CHECK(format_value(0) == "hansa\0\0\0\0"s);
  CHECK(format_value(0x01020304) == "hansa\x01\x02\x03\x04"s);
  CHECK(meta_key(log) == "lnode\0abc\0"s);
  CHECK(meta_value({1, 2, 3}) == "\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\3"s);
  CHECK(entry_key(log, 0x0102, Part::header) == "enode\0abc\0\0\0\0\0\0\0\1\2\0"s);
  CHECK(entry_key(log, 0x0102, Part::payload) == "enode\0abc\0\0\0\0\0\0\0\1\2\1"s);
  CHECK(log_prefix('n', log) + "key" == "nnode\0abc\0key"s);
  CHECK(role_prefix('i', "hub") + "key" == "ihub\0key"s);
  CHECK(sweep_key(log) == "snode\0abc\0"s);
  CHECK(sweep_value(kSweepAll) == std::string(8, '\xff'));
}

TEST_CASE("keys: what was written is read, what is damaged is not") {
  CHECK(parse_format(format_value(7)) == 7);
  for (const std::string_view bad : {"", "hansa", "hansa1", "HANSA\1\1\1\1", "hansa\1\1\1\1\1"}) {
    CHECK_FALSE(parse_format(bad).has_value());
  }
  const auto meta = parse_meta(meta_value({~0ULL, 5, 1ULL << 40}));
  REQUIRE(meta.has_value());
  CHECK(meta->last_batch == ~0ULL);
  CHECK(meta->last_position == 5);
  CHECK(meta->first_position == 1ULL << 40);
  CHECK_FALSE(parse_meta(std::string(23, 'x')).has_value());
  CHECK_FALSE(parse_meta(std::string(25, 'x')).has_value());

  const LogKey log{"node", "abc"};
  const std::size_t prefix = log_prefix('e', log).size();
  const auto place = parse_entry_place(entry_key(log, 77, Part::payload).substr(prefix));
  REQUIRE(place.has_value());
  CHECK(place->position == 77);
  CHECK(place->part == Part::payload);
  CHECK_FALSE(parse_entry_place("\0\0\0\0\0\0\0\1\2"s).has_value());
  CHECK_FALSE(parse_entry_place("\0\0\0\0\0\0\0\1"s).has_value());

  CHECK(parse_log_key(meta_key(log)) == log);
  CHECK(parse_log_key(sweep_key(log)) == log);
  CHECK_FALSE(parse_log_key("lnode\0abc"s).has_value());
  CHECK_FALSE(parse_log_key("lnode\0"s).has_value());
  CHECK(parse_sweep(sweep_value(9)) == 9);
  CHECK_FALSE(parse_sweep("9").has_value());
}

TEST_CASE("keys: their order is the order of positions") {
  const LogKey log{"node", "abc"};
  CHECK(entry_key(log, 255, Part::payload) < entry_key(log, 256, Part::header));
  CHECK(entry_key(log, 1, Part::header) < entry_key(log, 1, Part::payload));
  CHECK(entry_key(log, ~0ULL, Part::payload) < end_of(log_prefix('e', log)));
  CHECK(end_of(log_prefix('e', log)) < log_prefix('e', {"node", "abca"}));
}

}  // namespace hansa::storage::leveldb_keys
