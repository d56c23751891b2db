#pragma once
// Calls Engine::on_tick when it is due, and at least once a second. On the deciding thread, after
// each bunch of events.

#include <algorithm>

#include "base/clock.h"
#include "engine/engine.h"
#include "net/worker.h"

namespace hansa::app {

class Ticker {
 public:
  Ticker(net::Worker& decider, engine::Engine& engine, const Clock& clock)
      : decider_(decider), engine_(engine), clock_(clock) {}

  void arm() {
    const MonoTime due = std::min(engine_.next_due(), last_ + kLongest);
    if (timer_ != 0 && due_ <= due) return;
    if (timer_ != 0) decider_.cancel(timer_);
    due_ = due;
    timer_ = decider_.run_at(due, [this] { tick(); });
  }

 private:
  static constexpr Millis kLongest{1000};

  void tick() {
    timer_ = 0;
    last_ = clock_.mono();
    engine_.on_tick();
  }

  net::Worker& decider_;
  engine::Engine& engine_;
  const Clock& clock_;
  net::Worker::TimerId timer_ = 0;
  MonoTime due_;
  MonoTime last_ = clock_.mono();
};

}  // namespace hansa::app
