#pragma once
// One timer on a loop's thread. Starting it again replaces what it was to do; destroying it
// cancels. After cancel() the function does not run. To be used on the loop's thread only.

#include <functional>
#include <memory>

#include "base/clock.h"
#include "net/loop.h"

namespace hansa::net {

class Timer {
 public:
  explicit Timer(Loop& loop);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void start(Millis after, std::function<void()> work);
  void cancel();
  [[nodiscard]] bool running() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace hansa::net
