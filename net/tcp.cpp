#include "net/tcp.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cassert>

#include "net/await.h"
#include "net/loop_impl.h"
#include "net/socket_stream.h"
#include "net/task.h"

namespace hansa::net {

using asio::ip::tcp;

struct Connection::Impl : StreamSink, std::enable_shared_from_this<Impl> {
  Impl(Loop& io, ConnectionHandler& to_tell, ConnectionBounds limits)
      : loop(io),
        handler(&to_tell),
        bounds(limits),
        resolver(io.impl().context),
        socket(io.impl().context),
        deadline(io.impl().context) {}

  static Task<> connect(std::shared_ptr<Impl> self, std::string host, std::uint16_t port);
  void watch(Millis timeout);
  void connected();
  void failed(CloseKind kind, const std::string& text);
  void leave();

  void on_bytes(std::string_view data) override {
    const auto keep = shared_from_this();  // the handler may destroy the connection
    handler->bytes(data);
  }
  void on_ended(const Closed& why) override { failed(why.kind, why.text); }
  void on_drained() override {
    const auto keep = shared_from_this();
    handler->drained();
  }

  Loop& loop;
  ConnectionHandler* handler;  // null: not to be called any more
  ConnectionBounds bounds;
  tcp::resolver resolver;
  tcp::socket socket;
  asio::steady_timer deadline;
  bool late = false;
  // Set once on the loop's thread, before connected(); whoever sends has heard of that.
  std::shared_ptr<SocketStream> stream;
};

Task<> Connection::Impl::connect(std::shared_ptr<Impl> self, std::string host, std::uint16_t port) {
  boost::system::error_code failure;
  const auto found =
      co_await self->resolver.async_resolve(host, std::to_string(port), into(failure));
  if (self->handler == nullptr) co_return;
  if (self->late) co_return self->failed(CloseKind::timed_out, "no answer to the name in time");
  if (failure) co_return self->failed(CloseKind::not_resolved, failure.message());
  co_await asio::async_connect(self->socket, found, into(failure));
  if (self->handler == nullptr) co_return;
  if (self->late) co_return self->failed(CloseKind::timed_out, "no answer in time");
  if (failure) co_return self->failed(CloseKind::refused, failure.message());
  self->connected();
}

void Connection::Impl::watch(Millis timeout) {
  deadline.expires_after(timeout);
  deadline.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
    if (cancelled || self->stream || self->handler == nullptr) return;
    self->late = true;
    self->resolver.cancel();
    boost::system::error_code ignored;
    self->socket.close(ignored);
  });
}

void Connection::Impl::connected() {
  deadline.cancel();
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  stream =
      std::make_shared<SocketStream>(loop, std::move(socket), *this, bounds, OnPeerEnd::finish);
  stream->start();
  const auto keep = shared_from_this();
  handler->connected();
}

void Connection::Impl::failed(CloseKind kind, const std::string& text) {
  const auto keep = shared_from_this();
  deadline.cancel();
  ConnectionHandler* const last = std::exchange(handler, nullptr);
  if (last != nullptr) last->closed({kind, text});
}

void Connection::Impl::leave() {
  handler = nullptr;
  deadline.cancel();
  resolver.cancel();
  boost::system::error_code ignored;
  socket.close(ignored);
  if (stream) stream->leave();
}

Connection::Connection(Loop& loop, ConnectionHandler& handler, ConnectionBounds bounds)
    : impl_(std::make_shared<Impl>(loop, handler, bounds)) {}

Connection::~Connection() { impl_->leave(); }

void Connection::connect(std::string host, std::uint16_t port, Millis timeout) {
  assert(!impl_->stream && !impl_->deadline.expiry().time_since_epoch().count());
  impl_->watch(timeout);
  spawn(impl_->loop, Impl::connect(impl_, std::move(host), port));
}

bool Connection::send(Buffer bytes) {
  return impl_->stream && impl_->stream->send(std::move(bytes));
}

std::size_t Connection::queued() const { return impl_->stream ? impl_->stream->queued() : 0; }

std::uint64_t Connection::written() const { return impl_->stream ? impl_->stream->written() : 0; }

void Connection::close() {
  if (impl_->stream) return impl_->stream->close();
  if (impl_->handler == nullptr) return;
  impl_->loop.post([impl = impl_] { impl->failed(CloseKind::ended_by_us, ""); });
}

}  // namespace hansa::net
