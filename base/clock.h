#pragma once
// Time as a value and as an interface, so that decisions and tests never ask the machine.
// Wall time is for stamps only (it may jump); monotonic time is for timers (it never goes back).

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hansa {

using Millis = std::chrono::milliseconds;

// Milliseconds since 1970-01-01T00:00:00Z.
struct WallTime {
  std::int64_t ms = 0;
  auto operator<=>(const WallTime&) const = default;
};

// Milliseconds since an arbitrary start; only differences mean something.
struct MonoTime {
  std::int64_t ms = 0;
  auto operator<=>(const MonoTime&) const = default;
  friend MonoTime operator+(MonoTime t, Millis d) { return {t.ms + d.count()}; }
  friend Millis operator-(MonoTime a, MonoTime b) { return Millis(a.ms - b.ms); }
};

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual WallTime wall() const = 0;
  [[nodiscard]] virtual MonoTime mono() const = 0;
};

// The machine's clocks.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] WallTime wall() const override;
  [[nodiscard]] MonoTime mono() const override;
};

// XEP-0082 DateTime in UTC with milliseconds: 2026-11-21T10:00:00.000Z.
[[nodiscard]] std::string to_datetime(WallTime time);
// Reads any XEP-0082 DateTime (fraction of any length, Z or an offset). Error: bad_request.
[[nodiscard]] Result<WallTime> parse_datetime(std::string_view text);

}  // namespace hansa
