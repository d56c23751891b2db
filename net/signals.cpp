#include "net/signals.h"

#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "net/loop_impl.h"

namespace hansa::net {

struct Signals::Impl : std::enable_shared_from_this<Impl> {
  Impl(asio::io_context& context, std::function<void(Signal)> on_signal)
      : set(context, SIGTERM, SIGINT, SIGHUP), handler(std::move(on_signal)) {}

  void wait() {
    set.async_wait([self = shared_from_this()](boost::system::error_code failure, int number) {
      if (failure || !self->handler) return;
      self->wait();
      self->handler(number == SIGHUP ? Signal::reload : Signal::end);
    });
  }

  asio::signal_set set;
  std::function<void(Signal)> handler;
};

Signals::Signals(Loop& loop, std::function<void(Signal)> handler)
    : impl_(std::make_shared<Impl>(loop.impl().context, std::move(handler))) {
  std::signal(SIGPIPE, SIG_IGN);
  impl_->wait();
}

Signals::~Signals() {
  impl_->handler = nullptr;
  boost::system::error_code ignored;
  impl_->set.cancel(ignored);
}

}  // namespace hansa::net
