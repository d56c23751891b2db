#include "net/timer.h"

#include <boost/asio/steady_timer.hpp>

#include "net/loop_impl.h"

namespace hansa::net {

struct Timer::Impl : std::enable_shared_from_this<Impl> {
  explicit Impl(asio::io_context& context) : timer(context) {}

  void start(Millis after) {
    timer.expires_after(after);
    timer.async_wait([self = shared_from_this(), mine = ++turn](boost::system::error_code) {
      // A wait that was cancelled too late to know it comes with another turn's number.
      if (mine != self->turn || !self->work) return;
      const std::function<void()> due = std::exchange(self->work, nullptr);
      due();
    });
  }

  asio::steady_timer timer;
  std::function<void()> work;
  std::uint64_t turn = 0;
};

Timer::Timer(Loop& loop) : impl_(std::make_shared<Impl>(loop.impl().context)) {}

Timer::~Timer() { cancel(); }

void Timer::start(Millis after, std::function<void()> work) {
  impl_->work = std::move(work);
  impl_->start(after);
}

void Timer::cancel() {
  ++impl_->turn;
  impl_->work = nullptr;
  impl_->timer.cancel();
}

bool Timer::running() const { return impl_->work != nullptr; }

}  // namespace hansa::net
