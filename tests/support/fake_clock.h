#pragma once
// A clock that stands still until the test moves it.

#include <cstdint>

#include "base/clock.h"

namespace hansa::test {

class FakeClock final : public Clock {
 public:
  [[nodiscard]] WallTime wall() const override { return {1'700'000'000'000 + now_ms}; }
  [[nodiscard]] MonoTime mono() const override { return {now_ms}; }
  std::int64_t now_ms = 0;
};

}  // namespace hansa::test
