#pragma once
// The other end of a connection, by plain system calls that wait: a listener on a free loopback
// port and what it accepts. Every wait ends after ten seconds, so that a fault fails and does not
// hang.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace hansa::net::testing {

inline constexpr int kPatience_ms = 10'000;

class Peer {
 public:
  Peer() = default;
  explicit Peer(int fd) : fd_(fd) {}
  Peer(Peer&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Peer& operator=(Peer&& other) noexcept {
    end();
    fd_ = std::exchange(other.fd_, -1);
    return *this;
  }
  ~Peer() { end(); }

  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] int fd() const { return fd_; }
  void end() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  // Ends with a reset instead of an orderly end.
  void reset() {
    const linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    end();
  }
  void end_sending() const { ::shutdown(fd_, SHUT_WR); }
  void say(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  // Some bytes; empty at the end of the stream or of patience.
  [[nodiscard]] std::string hear(int patience_ms = kPatience_ms) const {
    pollfd wait{fd_, POLLIN, 0};
    if (::poll(&wait, 1, patience_ms) <= 0) return {};
    std::string space(1 << 16, '\0');
    const ssize_t size = ::recv(fd_, space.data(), space.size(), 0);
    space.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return space;
  }
  // Reads on until `text` is in what was heard and returns that; what came after stays for the
  // next.
  std::string hear_until(std::string_view text) {
    for (;;) {
      const std::size_t at = heard_.find(text);
      if (at != std::string::npos) {
        std::string upto = heard_.substr(0, at + text.size());
        heard_.erase(0, upto.size());
        return upto;
      }
      const std::string more = hear();
      if (more.empty()) return {};
      heard_ += more;
    }
  }
  std::string hear_all() {
    std::string all = std::exchange(heard_, {});
    for (std::string more = hear(); !more.empty(); more = hear()) all += more;
    return all;
  }

 private:
  int fd_ = -1;
  std::string heard_;
};

class PeerListener {
 public:
  PeerListener() : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const int yes = 1;
    ::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address));
    ::listen(fd_, 16);
    socklen_t size = sizeof(address);
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~PeerListener() { ::close(fd_); }
  PeerListener(const PeerListener&) = delete;
  PeerListener& operator=(const PeerListener&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] Peer accept(int patience_ms = kPatience_ms) const {
    pollfd wait{fd_, POLLIN, 0};
    if (::poll(&wait, 1, patience_ms) <= 0) return {};
    return Peer(::accept(fd_, nullptr, nullptr));
  }

 private:
  int fd_;
  std::uint16_t port_ = 0;
};

// A port on which nobody listens.
inline std::uint16_t closed_port() { return PeerListener().port(); }

}  // namespace hansa::net::testing
