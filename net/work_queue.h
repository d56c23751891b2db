#pragma once
// Functions from many threads for one: a lock and a swap, so that the one takes all in one go.
// Private to net/.

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace hansa::net {

class WorkQueue {
 public:
  using Work = std::function<void()>;

  // True if the queue was empty: whoever takes must be woken.
  bool put(Work work) {
    const std::lock_guard lock(mutex_);
    work_.push_back(std::move(work));
    return work_.size() == 1;
  }
  // All that is there, into `out`, which must be empty; its storage is used again.
  void take(std::vector<Work>& out) {
    const std::lock_guard lock(mutex_);
    work_.swap(out);
  }

 private:
  std::mutex mutex_;
  std::vector<Work> work_;
};

}  // namespace hansa::net
