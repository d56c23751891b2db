#pragma once
// Hands a function to the thread that decides. Functions run one at a time, in the order posted;
// post itself may be called from any thread and never runs the function before it returns.

#include <functional>

namespace hansa {

class Poster {
 public:
  virtual ~Poster() = default;
  virtual void post(std::function<void()> work) = 0;
};

}  // namespace hansa
