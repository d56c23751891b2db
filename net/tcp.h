#pragma once
// One outgoing TCP connection. It always reads, whatever waits to be written: a host cuts a
// component that does not. Bytes to write are queued by reference and sent with few system calls;
// the queue is bounded. Made, connected and destroyed on the loop's thread; `send` and `queued`
// from any thread. After `closed` was called, or the object is destroyed, the handler is not called
// again.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/limits.h"
#include "net/buffer.h"
#include "net/loop.h"

namespace hansa::net {

enum class CloseKind : std::uint8_t {
  not_resolved,   // the name has no address
  refused,        // nobody listens, or no route
  timed_out,      // no connection in time
  ended_by_peer,  // an orderly end
  broken,         // reset, or another failure of the network
  ended_by_us,    // close() has finished
};
struct Closed {
  CloseKind kind = CloseKind::broken;
  std::string text;  // the system's words
};

// What happens to a connection; called on the loop's thread. A handler may destroy the connection.
class ConnectionHandler {
 public:
  virtual ~ConnectionHandler() = default;
  virtual void connected() = 0;
  virtual void bytes(std::string_view data) = 0;  // `data` lives for the call
  virtual void closed(const Closed& why) = 0;     // the last call
  // The queue was at `high_water` or above and has fallen to `low_water` or below.
  virtual void drained() {}
};

struct ConnectionBounds {
  std::size_t queue_bytes = limits::kOutBufferBytes;  // a buffer that would pass it is refused
  std::size_t high_water = 1024 * 1024;
  std::size_t low_water = 256 * 1024;
  Millis linger{limits::kStopFlush_ms};  // close(): flush and the peer's end may take this long
};

class Connection {
 public:
  Connection(Loop& loop, ConnectionHandler& handler, ConnectionBounds bounds = {});
  ~Connection();  // at once; what is queued is lost
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // `host` is a name or an address; every address of a name is tried within `timeout`. Once.
  void connect(std::string host, std::uint16_t port, Millis timeout);

  // Queues `bytes`; false if the queue is full, closing or closed, and then nothing was taken.
  [[nodiscard]] bool send(Buffer bytes);
  [[nodiscard]] std::size_t queued() const;     // bytes taken and not yet given to the system
  [[nodiscard]] std::uint64_t written() const;  // bytes given to the system so far

  // Writes what is queued, ends our direction, reads until the peer ends his; then closed() with
  // ended_by_us. After `linger` it ends anyway.
  void close();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace hansa::net
