#pragma once
// SIGTERM and SIGINT (end), SIGHUP (read the configuration again) as calls on the loop's thread.
// One of these per process, made before the loop starts. SIGPIPE is ignored from then on.

#include <functional>
#include <memory>

#include "net/loop.h"

namespace hansa::net {

enum class Signal { end, reload };

class Signals {
 public:
  Signals(Loop& loop, std::function<void(Signal)> handler);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace hansa::net
