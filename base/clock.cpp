#include "base/clock.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace hansa {
namespace {

Error malformed() { return Error(Condition::bad_request, "That is not a XEP-0082 date and time."); }

// Exactly `digits` decimal digits at the front of `text`, which is advanced past them.
bool take_number(std::string_view& text, std::size_t digits, int& out) {
  if (text.size() < digits) return false;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
  }
  std::from_chars(text.data(), text.data() + digits, out);
  text.remove_prefix(digits);
  return true;
}

bool take_char(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

// The fraction of a second, in milliseconds; further digits are dropped.
bool take_fraction(std::string_view& text, int& ms) {
  ms = 0;
  if (!take_char(text, '.')) return true;
  int scale = 100;
  std::size_t digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    ms += (text.front() - '0') * scale;
    scale /= 10;
    ++digits;
    text.remove_prefix(1);
  }
  return digits > 0;
}

bool take_offset(std::string_view& text, int& minutes) {
  minutes = 0;
  if (take_char(text, 'Z')) return true;
  const bool east = take_char(text, '+');
  if (!east && !take_char(text, '-')) return false;
  int h = 0;
  int m = 0;
  if (!take_number(text, 2, h) || !take_char(text, ':') || !take_number(text, 2, m)) return false;
  if (h > 23 || m > 59) return false;
  minutes = (east ? 1 : -1) * (h * 60 + m);
  return true;
}

}  // namespace

WallTime SystemClock::wall() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<Millis>(now).count()};
}

MonoTime SystemClock::mono() const {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<Millis>(now).count()};
}

std::string to_datetime(WallTime time) {
  using namespace std::chrono;
  const sys_time<milliseconds> point{milliseconds(time.ms)};
  const auto day = floor<days>(point);
  const year_month_day date(day);
  const hh_mm_ss clock(point - day);
  std::array<char, 40> out{};
  const int n = std::snprintf(
      out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return std::string(out.data(), static_cast<std::size_t>(n));
}

Result<WallTime> parse_datetime(std::string_view text) {
  using namespace std::chrono;
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, ms = 0, offset = 0;
  const bool read = take_number(text, 4, y) && take_char(text, '-') && take_number(text, 2, mo) &&
                    take_char(text, '-') && take_number(text, 2, d) && take_char(text, 'T') &&
                    take_number(text, 2, h) && take_char(text, ':') && take_number(text, 2, mi) &&
                    take_char(text, ':') && take_number(text, 2, s) && take_fraction(text, ms) &&
                    take_offset(text, offset) && text.empty();
  const year_month_day date{year(y), month(static_cast<unsigned>(mo)),
                            day(static_cast<unsigned>(d))};
  if (!read || !date.ok() || h > 23 || mi > 59 || s > 60) return malformed();
  const sys_time<milliseconds> point =
      sys_days(date) + hours(h) + minutes(mi - offset) + seconds(s) + milliseconds(ms);
  return WallTime{point.time_since_epoch().count()};
}

}  // namespace hansa
