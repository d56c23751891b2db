#pragma once
// How long to wait before the next try to connect: doubling, with jitter so that the components of
// a restarted host do not come back all at once. Pure.

#include "base/clock.h"
#include "base/limits.h"
#include "base/random.h"

namespace hansa::component {

struct BackoffBounds {
  Millis first{limits::kReconnectFirst_ms};
  Millis longest{limits::kReconnectMax_ms};
};

class Backoff {
 public:
  Backoff(BackoffBounds bounds, Random& random) : bounds_(bounds), random_(random) {}

  // The next wait: between half of and the whole of first × 2ⁿ, at most `longest`.
  [[nodiscard]] Millis next();
  // The longest wait, where only a change of configuration can help.
  [[nodiscard]] Millis longest() const { return bounds_.longest; }
  // A link has been up for `lasted`: if that was long enough to call it sound, begin anew.
  void was_up(Millis lasted);

 private:
  BackoffBounds bounds_;
  Random& random_;
  int failures_ = 0;
};

}  // namespace hansa::component
