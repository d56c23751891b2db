#include "tests/sim/schedule.h"

#include <algorithm>
#include <cstdio>

namespace hansa::sim {
namespace {

constexpr std::size_t kTailLines = 60;

}  // namespace

void Schedule::after(Millis delay, std::function<void()> work) {
  work_.emplace(std::pair(now_ms_ + delay.count(), ++number_), std::move(work));
}

bool Schedule::step() {
  if (work_.empty()) return false;
  auto node = work_.extract(work_.begin());
  now_ms_ = std::max(now_ms_, node.key().first);
  ++steps_;
  node.mapped()();
  return true;
}

bool Schedule::chance(double probability) {
  if (probability <= 0) return false;
  return static_cast<double>(random_.next() >> 11) * 0x1.0p-53 < probability;
}

Millis Schedule::between(std::int64_t least_ms, std::int64_t most_ms) {
  const auto range = static_cast<std::uint64_t>(most_ms - least_ms + 1);
  return Millis(least_ms + static_cast<std::int64_t>(random_.below(range)));
}

void Schedule::detail(const std::string& line) const {
  if (verbose_) std::fprintf(stderr, "%lld   %s\n", static_cast<long long>(now_ms_), line.c_str());
}

void Schedule::note(const std::string& line) {
  std::string text = std::to_string(now_ms_) + " " + line;
  for (const char c : text) hash_ = (hash_ ^ static_cast<std::uint8_t>(c)) * 1099511628211ULL;
  if (verbose_) std::fprintf(stderr, "%s\n", text.c_str());
  tail_.push_back(std::move(text));
  if (tail_.size() > kTailLines) tail_.pop_front();
}

}  // namespace hansa::sim
