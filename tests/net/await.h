#pragma once
// Waiting for what another thread does.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>

#include "base/poster.h"

namespace hansa::net::testing {

// Runs `work` on the thread behind `poster` and waits for it.
inline void on(Poster& poster, const std::function<void()>& work) {
  std::promise<void> done;
  poster.post([&] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

// A value that one thread changes and another waits for.
template <typename T>
class Watched {
 public:
  template <typename Change>
  void change(Change how) {
    const std::lock_guard lock(mutex_);
    how(value_);
    changed_.notify_all();
  }
  // False if it did not come true within `patience`.
  template <typename Predicate>
  [[nodiscard]] bool wait(Predicate is_true,
                          std::chrono::seconds patience = std::chrono::seconds(10)) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return is_true(value_); });
  }
  [[nodiscard]] T get() {
    const std::lock_guard lock(mutex_);
    return value_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  T value_{};
};

}  // namespace hansa::net::testing
