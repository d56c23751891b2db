#include "net/socket_stream.h"

#include <sys/socket.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <system_error>

#include "net/await.h"

namespace hansa::net {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;
// Of one system call: enough to fill any socket buffer, little enough to let the readers in.
constexpr std::size_t kWriteBytes = 512 * 1024;
constexpr std::size_t kWritePieces = 1024;  // IOV_MAX of Linux

}  // namespace

SocketStream::SocketStream(Loop& loop, Socket socket, StreamSink& sink, ConnectionBounds bounds,
                           OnPeerEnd on_peer_end)
    : loop_(loop),
      socket_(std::move(socket)),
      sink_(&sink),
      bounds_(bounds),
      on_peer_end_(on_peer_end),
      linger_(loop.impl().context),
      over_(loop.impl().context, asio::steady_timer::time_point::max()) {}

void SocketStream::start(std::shared_ptr<void> owner) {
  spawn(loop_, read(shared_from_this(), std::move(owner)));
}

Task<> SocketStream::read(std::shared_ptr<SocketStream> self,
                          [[maybe_unused]] std::shared_ptr<void> owner) {
  std::vector<char> space(kReadBytes);
  while (self->sink_ != nullptr) {
    boost::system::error_code failure;
    const std::size_t size =
        co_await self->socket_.async_read_some(asio::buffer(space), into(failure));
    if (self->sink_ == nullptr) co_return;
    if (!failure) {
      self->sink_->on_bytes({space.data(), size});
    } else if (failure != asio::error::eof) {
      self->finish(CloseKind::broken, failure.message());
    } else if (self->on_peer_end_ == OnPeerEnd::keep_writing && !self->closing_) {
      self->peer_ended_ = true;
      co_await self->over_.async_wait(into(failure));
    } else {
      self->finish(self->closing_ ? CloseKind::ended_by_us : CloseKind::ended_by_peer, "");
    }
  }
}

bool SocketStream::send(Buffer bytes) {
  const std::size_t size = bytes->size();
  {
    const std::lock_guard lock(mutex_);
    const std::size_t before = queued_.load(std::memory_order_relaxed);
    if (!takes_ || before + size > bounds_.queue_bytes) return false;
    if (size == 0) return true;
    waiting_.push_back(std::move(bytes));
    queued_.fetch_add(size, std::memory_order_relaxed);
    if (before + size >= bounds_.high_water) was_high_ = true;
    if (writing_) return true;
    writing_ = true;
  }
  loop_.post([self = shared_from_this()] {
    if (self->sink_ != nullptr) spawn(self->loop_, write(self));
  });
  return true;
}

bool SocketStream::refill() {
  current_.clear();
  first_ = 0;
  const std::lock_guard lock(mutex_);
  current_.swap(waiting_);
  writing_ = !current_.empty();
  return writing_;
}

std::size_t SocketStream::gather() {
  pieces_.clear();
  std::size_t skip = offset_;
  std::size_t bytes = 0;
  for (std::size_t i = first_; i < current_.size(); ++i) {
    if (bytes >= kWriteBytes || pieces_.size() == kWritePieces) break;
    const std::string& text = *current_[i];
    // sendmsg reads only; its interface is older than const.
    pieces_.push_back({const_cast<char*>(text.data() + skip), text.size() - skip});
    bytes += text.size() - skip;
    skip = 0;
  }
  return pieces_.size();
}

void SocketStream::consumed(std::size_t bytes) {
  queued_.fetch_sub(bytes, std::memory_order_relaxed);
  written_.fetch_add(bytes, std::memory_order_relaxed);
  offset_ += bytes;
  while (first_ < current_.size() && offset_ >= current_[first_]->size()) {
    offset_ -= current_[first_]->size();
    current_[first_++].reset();
  }
  bool drained = false;
  if (queued() <= bounds_.low_water) {
    const std::lock_guard lock(mutex_);
    drained = std::exchange(was_high_, false);
  }
  if (drained && sink_ != nullptr) sink_->on_drained();
}

Task<> SocketStream::write(std::shared_ptr<SocketStream> self) {
  while (self->sink_ != nullptr) {
    if (self->first_ == self->current_.size() && !self->refill()) break;
    msghdr message{};
    message.msg_iovlen = self->gather();
    message.msg_iov = self->pieces_.data();
    const ssize_t sent =
        ::sendmsg(self->socket_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      self->consumed(static_cast<std::size_t>(sent));
      // Let readers and timers have their turn: a queue that is filled as fast as it is written
      // must not starve them.
      co_await asio::post(self->socket_.get_executor(), asio::use_awaitable);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      boost::system::error_code closed;  // then sink_ is null
      co_await self->socket_.async_wait(Socket::wait_write, into(closed));
    } else if (errno != EINTR) {
      self->write_failed(std::generic_category().message(errno));
      co_return;
    }
  }
  if (self->sink_ != nullptr && self->closing_) self->end_our_direction();
}

void SocketStream::close() {
  if (sink_ == nullptr || closing_) return;
  closing_ = true;
  bool idle = false;
  {
    const std::lock_guard lock(mutex_);
    takes_ = false;
    idle = !writing_;
  }
  finish_after_linger(CloseKind::ended_by_us, "");
  if (idle) end_our_direction();
}

// The peer's last words (a stream error, say) may still wait to be read: the reader ends this.
void SocketStream::write_failed(std::string text) {
  const bool nobody_reads = on_peer_end_ == OnPeerEnd::keep_writing;
  if (nobody_reads) return finish(CloseKind::broken, std::move(text));
  {
    const std::lock_guard lock(mutex_);
    takes_ = false;
  }
  if (!closing_) finish_after_linger(CloseKind::broken, std::move(text));
}

void SocketStream::finish_after_linger(CloseKind kind, std::string text) {
  linger_.expires_after(bounds_.linger);
  linger_.async_wait([self = shared_from_this(), kind, text](boost::system::error_code cancelled) {
    if (!cancelled && self->sink_ != nullptr) self->finish(kind, text);
  });
}

void SocketStream::end_our_direction() {
  boost::system::error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  const bool wait_for_peer = on_peer_end_ == OnPeerEnd::finish;
  if (!wait_for_peer || peer_ended_) finish(CloseKind::ended_by_us, "");
}

void SocketStream::leave() {
  sink_ = nullptr;
  shut();
}

void SocketStream::finish(CloseKind kind, std::string text) {
  StreamSink* const sink = std::exchange(sink_, nullptr);
  shut();
  if (sink != nullptr) sink->on_ended({kind, std::move(text)});
}

void SocketStream::shut() {
  linger_.cancel();
  over_.cancel();
  boost::system::error_code ignored;
  socket_.close(ignored);
  const std::lock_guard lock(mutex_);
  takes_ = false;
  waiting_.clear();
  queued_.store(0, std::memory_order_relaxed);
}

}  // namespace hansa::net
