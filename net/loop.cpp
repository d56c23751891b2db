#include "net/loop.h"

#include <pthread.h>

#include <boost/asio/post.hpp>
#include <cassert>

#include "net/loop_impl.h"

namespace hansa::net {

void name_this_thread(const std::string& name) {
  constexpr std::size_t kLongest = 15;  // pthread_setname_np refuses more
  pthread_setname_np(pthread_self(), name.substr(0, kLongest).c_str());
}

void Loop::Impl::run_posted() {
  queue.take(running);
  for (WorkQueue::Work& work : running) {
    work();
    work = nullptr;  // what it owned goes before the next one runs
  }
  running.clear();
}

Loop::Loop(std::string name) : impl_(std::make_unique<Impl>(std::move(name))) {}

Loop::~Loop() {
  stop();
  join();
}

void Loop::start() {
  assert(!impl_->thread.joinable());
  impl_->thread = std::thread([impl = impl_.get()] {
    name_this_thread(impl->name);
    impl->context.run();
  });
}

void Loop::stop() {
  post([impl = impl_.get()] { impl->context.stop(); });
}

void Loop::join() {
  assert(!on_thread());
  if (impl_->thread.joinable()) impl_->thread.join();
}

void Loop::post(std::function<void()> work) {
  if (!impl_->queue.put(std::move(work))) return;
  asio::post(impl_->context, [impl = impl_.get()] { impl->run_posted(); });
}

bool Loop::on_thread() const { return impl_->thread.get_id() == std::this_thread::get_id(); }

}  // namespace hansa::net
