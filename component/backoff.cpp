#include "component/backoff.h"

#include <algorithm>

namespace hansa::component {
namespace {

constexpr int kDoublings = 20;  // far beyond `longest`, far from an overflow

}  // namespace

Millis Backoff::next() {
  const Millis whole =
      std::min(bounds_.longest, bounds_.first * (1 << std::min(failures_, kDoublings)));
  ++failures_;
  const auto half = static_cast<std::uint64_t>(whole.count() / 2);
  const std::uint64_t jitter = half == 0 ? 0 : random_number(random_) % (half + 1);
  return whole - Millis(static_cast<std::int64_t>(jitter));
}

void Backoff::was_up(Millis lasted) {
  // A host that lets us in and cuts us at once is not to be knocked at twice a second.
  if (lasted >= bounds_.longest) failures_ = 0;
}

}  // namespace hansa::component
