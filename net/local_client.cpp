#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "net/local_socket.h"

// The waiting side of the admin socket, for a command that does one thing and ends: no loop.
namespace hansa::net {
namespace {

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

Error not_there(const std::string& path) {
  return Error(Condition::remote_server_not_found,
               "no hansa listens at " + path + ": " + std::generic_category().message(errno));
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace

Status ask_local(const std::string& path, std::string_view request,
                 const std::function<void(std::string_view)>& piece) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return Error(Condition::remote_server_not_found, path + ": too long for a socket");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  const File file(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto* where = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(file.get(), where, sizeof(address)) != 0) return not_there(path);
  const Error cut(Condition::remote_server_timeout, "hansa broke off before the end");
  if (!send_all(file.get(), std::string(request) + '\n')) return cut;
  std::array<char, 64 * 1024> space;
  for (;;) {
    const ssize_t size = ::recv(file.get(), space.data(), space.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return cut;
    const std::string_view data(space.data(), static_cast<std::size_t>(size));
    const std::size_t end = data.find('\0');
    if (end != 0) piece(data.substr(0, end));
    if (end != std::string_view::npos) return Done{};
  }
}

}  // namespace hansa::net
