#pragma once
// One client of the admin socket: reads its line, then is the LocalReply. Private to net/.
// A whole answer ends with one zero byte, which no answer of ours holds otherwise: that is how a
// client tells the end from a cut.

#include <atomic>
#include <boost/asio/local/stream_protocol.hpp>
#include <memory>
#include <mutex>
#include <string>

#include "net/local_socket.h"
#include "net/socket_stream.h"
#include "net/timer.h"

namespace hansa::net {

inline constexpr std::size_t kLocalSessions = 16;  // at once; the rest is cut
// The rest of an answer after its end(): somebody may read it page by page.
inline constexpr Millis kLocalReading{10 * 60 * 1000};
inline constexpr Millis kLocalRequestTime{10'000};  // a client that says nothing is cut

class LocalSession final : public StreamSink, public std::enable_shared_from_this<LocalSession> {
 public:
  using Socket = asio::local::stream_protocol::socket;
  using Count = std::shared_ptr<std::atomic<std::size_t>>;

  static void start(Loop& loop, Socket socket, LocalListener::Handler handler, Count count);
  LocalSession(Loop& loop, LocalListener::Handler handler, Count count);
  ~LocalSession() override;

  // From any thread.
  bool send(Buffer bytes);
  [[nodiscard]] std::size_t queued() const { return stream_->queued(); }
  void when_drained(std::function<void()> work);
  [[nodiscard]] bool gone() const { return gone_; }
  void finish(bool whole);

 private:
  void on_bytes(std::string_view data) override;
  void on_ended(const Closed& why) override;
  void on_drained() override;
  void run_drained();

  Loop& loop_;
  LocalListener::Handler handler_;
  Count count_;
  Timer deadline_;
  std::string line_;
  bool asked_ = false;
  std::shared_ptr<SocketStream> stream_;
  std::atomic<bool> gone_ = false;
  std::mutex mutex_;  // guards drained_
  std::function<void()> drained_;
};

}  // namespace hansa::net
