#include "net/worker.h"

#include <atomic>
#include <cassert>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "net/loop_impl.h"

namespace hansa::net {

struct Worker::Impl {
  Impl(std::string thread_name, const Clock& machine_clock)
      : name(std::move(thread_name)), clock(machine_clock) {}

  void run();
  void run_batch(std::vector<WorkQueue::Work>& batch);
  [[nodiscard]] bool run_due();
  void wait(std::unique_lock<std::mutex>& lock);

  std::string name;
  const Clock& clock;
  std::function<void()> hook;
  std::thread thread;

  std::mutex mutex;
  std::condition_variable wake;
  std::vector<WorkQueue::Work> queue;
  bool stopping = false;
  std::atomic<std::size_t> waiting = 0;

  // Of the worker's thread only.
  std::map<std::pair<MonoTime, TimerId>, WorkQueue::Work> timers;
  std::unordered_map<TimerId, MonoTime> due_of;
  TimerId last_id = 0;
};

void Worker::Impl::run() {
  name_this_thread(name);
  std::vector<WorkQueue::Work> batch;
  for (bool last = false; !last;) {
    {
      std::unique_lock lock(mutex);
      if (queue.empty() && !stopping) wait(lock);
      batch.swap(queue);
      last = stopping && batch.empty();
    }
    const bool any = !batch.empty();
    run_batch(batch);
    // Timers after what was posted: what was asked for before the timer was due goes first.
    const bool fired = !last && run_due();
    if ((any || fired) && hook) hook();
  }
}

void Worker::Impl::wait(std::unique_lock<std::mutex>& lock) {
  const auto ready = [this] { return stopping || !queue.empty(); };
  if (timers.empty()) {
    wake.wait(lock, ready);
    return;
  }
  const Millis left = timers.begin()->first.first - clock.mono();
  if (left.count() > 0) wake.wait_for(lock, left, ready);
}

void Worker::Impl::run_batch(std::vector<WorkQueue::Work>& batch) {
  for (WorkQueue::Work& work : batch) {
    work();
    work = nullptr;  // what it owned goes before the next one runs
    waiting.fetch_sub(1, std::memory_order_relaxed);
  }
  batch.clear();
}

bool Worker::Impl::run_due() {
  const MonoTime now = clock.mono();
  bool any = false;
  while (!timers.empty() && timers.begin()->first.first <= now) {
    auto node = timers.extract(timers.begin());
    due_of.erase(node.key().second);
    node.mapped()();
    any = true;
  }
  return any;
}

Worker::Worker(std::string name, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(name), clock)) {}

Worker::~Worker() {
  stop();
  join();
}

void Worker::after_batch(std::function<void()> hook) {
  assert(!impl_->thread.joinable());
  impl_->hook = std::move(hook);
}

void Worker::start() {
  assert(!impl_->thread.joinable());
  impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
}

void Worker::stop() {
  const std::lock_guard lock(impl_->mutex);
  impl_->stopping = true;
  impl_->wake.notify_one();
}

void Worker::join() {
  assert(impl_->thread.get_id() != std::this_thread::get_id());
  if (impl_->thread.joinable()) impl_->thread.join();
}

void Worker::post(std::function<void()> work) {
  impl_->waiting.fetch_add(1, std::memory_order_relaxed);
  const std::lock_guard lock(impl_->mutex);
  impl_->queue.push_back(std::move(work));
  if (impl_->queue.size() == 1) impl_->wake.notify_one();
}

std::size_t Worker::waiting() const { return impl_->waiting.load(std::memory_order_relaxed); }

Worker::TimerId Worker::run_at(MonoTime due, std::function<void()> work) {
  const TimerId id = ++impl_->last_id;
  impl_->timers.emplace(std::pair(due, id), std::move(work));
  impl_->due_of.emplace(id, due);
  return id;
}

void Worker::cancel(TimerId id) {
  const auto found = impl_->due_of.find(id);
  if (found == impl_->due_of.end()) return;
  impl_->timers.erase({found->second, id});
  impl_->due_of.erase(found);
}

}  // namespace hansa::net
