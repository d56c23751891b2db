#include "component/counted_log.h"

#include <doctest/doctest.h>

#include <vector>

using namespace hansa;
using namespace hansa::component;

namespace {

struct FakeClock final : Clock {
  [[nodiscard]] WallTime wall() const override { return {}; }
  [[nodiscard]] MonoTime mono() const override { return now; }
  MonoTime now{5000};
};

struct Lines final : Log {
  void write(LogLevel, std::string_view, std::string_view text) override { all.emplace_back(text); }
  std::vector<std::string> all;
};

}  // namespace

TEST_CASE("counted log: one line a minute of each kind, with the number of the unsaid") {
  FakeClock clock;
  Lines lines;
  CountedLog log(lines, clock);
  for (int i = 0; i < 100; ++i) log.warn("forged", "forged stanza");
  log.warn("other", "another thing");
  CHECK(lines.all == std::vector<std::string>{"forged stanza", "another thing"});
  clock.now = clock.now + Millis(60'000);
  log.warn("forged", "forged stanza");
  CHECK(lines.all.back() == "forged stanza (and 99 more before it)");
}
