#pragma once
// A thread with a queue and timers, for the thread that decides and the one that commits. It takes
// all that was posted meanwhile in one go, so that a busy decider pays one lock and one wake-up for
// many events, and calls `after_batch` when it has run them: there the engine hands its appends
// over. Owned by main; functions run in the order posted, those posted before stop() still run.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/poster.h"

namespace hansa::net {

class Worker final : public Poster {
 public:
  Worker(std::string name, const Clock& clock);
  ~Worker() override;  // stops and joins; not from the worker's own thread
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Called on the worker's thread after each batch and each round of due timers. Set before
  // start().
  void after_batch(std::function<void()> hook);
  void start();  // once
  void stop();   // from any thread: runs what is posted, forgets the timers; does not wait
  void join();   // not from the worker's own thread

  void post(std::function<void()> work) override;  // from any thread
  // How many functions are posted and not yet run; for budgets. From any thread.
  [[nodiscard]] std::size_t waiting() const;

  // Timers: on the worker's thread only (or before start()). Ids are never zero.
  using TimerId = std::uint64_t;
  TimerId run_at(MonoTime due, std::function<void()> work);
  void cancel(TimerId id);  // unknown or already run: nothing happens

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hansa::net
