#include "base/clock.h"

#include <doctest/doctest.h>

using namespace hansa;

namespace {

constexpr std::int64_t kDay_ms = 86'400'000;

}  // namespace

TEST_CASE("clock: a time is printed as XEP-0082 has it") {
  struct Row {
    std::int64_t ms;
    std::string_view text;
  };
  const Row rows[] = {
      {0, "1970-01-01T00:00:00.000Z"},
      {1, "1970-01-01T00:00:00.001Z"},
      {-1, "1969-12-31T23:59:59.999Z"},
      {951'782'400'000, "2000-02-29T00:00:00.000Z"},
      {1'795'255'200'123, "2026-11-21T10:00:00.123Z"},
      {253'402'300'799'999, "9999-12-31T23:59:59.999Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(to_datetime({row.ms}) == row.text);
    const auto read = parse_datetime(row.text);
    REQUIRE(read.ok());
    CHECK(read->ms == row.ms);
  }
}

TEST_CASE("clock: other forms of the same moment are read") {
  for (const std::string_view text :
       {"2000-02-29T12:30:00Z", "2000-02-29T12:30:00.0Z", "2000-02-29T12:30:00.0000009Z",
        "2000-02-29T14:30:00+02:00", "2000-02-29T07:00:00-05:30",
        "2000-03-01T02:30:00.000+14:00"}) {
    CAPTURE(text);
    const auto read = parse_datetime(text);
    REQUIRE(read.ok());
    CHECK(read->ms == 951'782'400'000 + 12 * 3'600'000 + 30 * 60'000);
  }
}

TEST_CASE("clock: a fraction is read to the millisecond") {
  CHECK(parse_datetime("1970-01-01T00:00:00.5Z")->ms == 500);
  CHECK(parse_datetime("1970-01-01T00:00:00.05Z")->ms == 50);
  CHECK(parse_datetime("1970-01-01T00:00:00.123456Z")->ms == 123);
}

TEST_CASE("clock: what is no date and time is refused") {
  for (const std::string_view text : {"",
                                      "2000-02-29",
                                      "2000-02-29T12:30Z",
                                      "2000-02-29T12:30:00",
                                      "2000-02-29 12:30:00Z",
                                      "2001-02-29T12:30:00Z",
                                      "2000-13-01T12:30:00Z",
                                      "2000-00-10T12:30:00Z",
                                      "2000-02-29T24:30:00Z",
                                      "2000-02-29T12:60:00Z",
                                      "2000-02-29T12:30:61Z",
                                      "2000-02-29T12:30:00.Z",
                                      "2000-02-29T12:30:00Zx",
                                      " 2000-02-29T12:30:00Z",
                                      "2000-02-29T12:30:00+0200",
                                      "2000-02-29T12:30:00+24:00",
                                      "2000-02-29T12:30:00+02:60",
                                      "20000229T12:30:00Z",
                                      "-200-02-29T12:30:00Z",
                                      "2000-2-29T12:30:00Z",
                                      "2000-02-29t12:30:00z"}) {
    CAPTURE(text);
    const auto read = parse_datetime(text);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().condition == Condition::bad_request);
  }
  CHECK(parse_datetime("2016-12-31T23:59:60Z").ok());  // a leap second
}

TEST_CASE("clock: monotonic times are subtracted and moved on") {
  const MonoTime start{100};
  CHECK(start + Millis(50) == MonoTime{150});
  CHECK(MonoTime{150} - start == Millis(50));
  CHECK(start < start + Millis(1));
}

TEST_CASE("clock: the machine's clocks go") {
  const SystemClock clock;
  CHECK(clock.wall().ms > 50 * 365 * kDay_ms);
  const MonoTime first = clock.mono();
  CHECK(clock.mono() >= first);
}
