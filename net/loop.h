#pragma once
// The event loop of sockets, timers and signals: one thread, everything of net/ runs on it, one
// function at a time. Owned by main; must outlive every object that was given it. Functions posted
// run in the order posted; those posted before stop() still run.

#include <functional>
#include <memory>
#include <string>

#include "base/poster.h"

namespace hansa::net {

class Loop final : public Poster {
 public:
  // `name` is the thread's name as the system shows it (at most 15 bytes are kept).
  explicit Loop(std::string name = "io");
  ~Loop() override;  // stops and joins; not from the loop's own thread
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void start();  // begins to run on a thread of its own; once
  void stop();   // from any thread: runs what is posted, then ends; does not wait
  void join();   // waits for the end of the thread; not from the loop's own thread

  void post(std::function<void()> work) override;  // from any thread
  [[nodiscard]] bool on_thread() const;

  struct Impl;  // for net/ only
  [[nodiscard]] Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace hansa::net
