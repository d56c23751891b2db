#pragma once
// A connected stream socket of any family: always reading, with a bounded queue of shared buffers
// that is written by gathering. What Connection and the admin socket share. Private to net/.
// `send`, `queued` and `written` from any thread, all else on the loop's thread. The sink may let
// go of the stream in any of its calls; after ended() or leave() it is not called again.

#include <sys/uio.h>

#include <atomic>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <mutex>
#include <vector>

#include "net/loop_impl.h"
#include "net/task.h"
#include "net/tcp.h"

namespace hansa::net {

class StreamSink {
 public:
  virtual ~StreamSink() = default;
  virtual void on_bytes(std::string_view data) = 0;
  virtual void on_ended(const Closed& why) = 0;
  virtual void on_drained() = 0;
};

// What the peer's end of its direction means: of the whole conversation, or only of its questions.
enum class OnPeerEnd { finish, keep_writing };

class SocketStream : public std::enable_shared_from_this<SocketStream> {
 public:
  using Socket = asio::generic::stream_protocol::socket;

  SocketStream(Loop& loop, Socket socket, StreamSink& sink, ConnectionBounds bounds,
               OnPeerEnd on_peer_end);

  // `owner`, if the sink is not owned elsewhere, lives until the end of the stream or of the loop.
  void start(std::shared_ptr<void> owner = {});
  [[nodiscard]] bool send(Buffer bytes);
  [[nodiscard]] std::size_t queued() const { return queued_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t written() const { return written_.load(std::memory_order_relaxed); }
  void close();  // as Connection::close
  void leave();  // the end, now; the sink is not told

 private:
  static Task<> read(std::shared_ptr<SocketStream> self, std::shared_ptr<void> owner);
  static Task<> write(std::shared_ptr<SocketStream> self);
  [[nodiscard]] bool refill();
  [[nodiscard]] std::size_t gather();
  void consumed(std::size_t bytes);
  void end_our_direction();
  void write_failed(std::string text);
  void finish_after_linger(CloseKind kind, std::string text);
  void finish(CloseKind kind, std::string text);
  void shut();

  Loop& loop_;
  Socket socket_;
  StreamSink* sink_;  // null once it is not to be called again
  const ConnectionBounds bounds_;
  const OnPeerEnd on_peer_end_;
  asio::steady_timer linger_;
  asio::steady_timer over_;  // cancelled at the end; who has nothing else to wait for waits for it
  bool closing_ = false;
  bool peer_ended_ = false;

  std::mutex mutex_;  // guards the next four
  std::vector<Buffer> waiting_;
  bool writing_ = false;   // write() runs or is on its way
  bool takes_ = true;      // false: closing or closed
  bool was_high_ = false;  // drained is owed

  std::atomic<std::size_t> queued_ = 0;
  std::atomic<std::uint64_t> written_ = 0;

  // Of the writing coroutine: the buffers under way, the first of them not yet done, and its rest.
  std::vector<Buffer> current_;
  std::size_t first_ = 0;
  std::size_t offset_ = 0;
  std::vector<iovec> pieces_;
};

}  // namespace hansa::net
