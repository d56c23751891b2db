#pragma once
// A TCP connection on loopback with a thread at the other end that reads and forgets: the limit
// that fan-out is measured against. Waits are for bytes, so that the time includes their journey.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <thread>
#include <vector>

namespace hansa::bench {

class Drain {
 public:
  Drain() {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    check(bind(listener_, reinterpret_cast<sockaddr*>(&address), length) == 0);
    check(listen(listener_, 1) == 0);
    check(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) == 0);
    port_ = ntohs(address.sin_port);
    reader_ = std::thread([this] { read_all(); });
  }
  ~Drain() {
    if (writer_ >= 0) ::close(writer_);
    ::shutdown(listener_, SHUT_RDWR);
    ::close(listener_);
    reader_.join();
  }
  Drain(const Drain&) = delete;
  Drain& operator=(const Drain&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::uint64_t received() const { return received_.load(); }
  void wait_for(std::uint64_t bytes) const {
    while (received_.load(std::memory_order_relaxed) < bytes) std::this_thread::yield();
  }

  // A blocking writer of this thread's own, connected at its first use.
  void write(std::string_view bytes) {
    if (writer_ < 0) connect();
    while (!bytes.empty()) {
      const ssize_t n = ::write(writer_, bytes.data(), bytes.size());
      check(n > 0);
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }

 private:
  static void check(bool good) {
    if (!good) std::abort();
  }
  void connect() {
    writer_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port_);
    check(::connect(writer_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
    const int on = 1;
    setsockopt(writer_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  }
  void read_all() {
    const int peer = accept(listener_, nullptr, nullptr);
    if (peer < 0) return;
    std::vector<char> buffer(1024 * 1024);
    for (;;) {
      const ssize_t n = ::read(peer, buffer.data(), buffer.size());
      if (n <= 0) break;
      received_ += static_cast<std::uint64_t>(n);
    }
    ::close(peer);
  }

  int listener_ = -1;
  int writer_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<std::uint64_t> received_{0};
  std::thread reader_;
};

}  // namespace hansa::bench
