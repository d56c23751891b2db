#include "net/local_socket.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <system_error>

#include "base/limits.h"
#include "net/await.h"
#include "net/local_session.h"
#include "net/loop_impl.h"
#include "net/task.h"

namespace hansa::net {
namespace {

using Local = asio::local::stream_protocol;

Error system_error(const std::string& path, const std::string& what, const std::string& why) {
  return Error(Condition::internal_server_error, "admin socket " + path + ": " + what + ": " + why);
}

// Removes what a dead process left behind. Error: a living one, or something else has the name.
Status make_room(const std::string& path, asio::io_context& context) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return Done{};
  if (!S_ISSOCK(found.st_mode)) {
    return Error(Condition::conflict, "admin socket " + path + ": a file of that name is there");
  }
  Local::socket probe(context);
  boost::system::error_code failure;
  probe.connect(Local::endpoint(path), failure);
  if (failure != boost::system::errc::connection_refused) {
    return Error(Condition::conflict,
                 "admin socket " + path + ": another process listens there" +
                     (failure ? " (" + failure.message() + ")" : std::string()));
  }
  if (::unlink(path.c_str()) != 0) {
    return system_error(path, "cannot remove the old one", std::generic_category().message(errno));
  }
  return Done{};
}

}  // namespace

struct LocalListener::Impl : std::enable_shared_from_this<Impl> {
  Impl(Loop& io, std::string file, Handler on_request)
      : loop(io),
        path(std::move(file)),
        handler(std::move(on_request)),
        acceptor(io.impl().context) {}

  Status listen();
  static Task<> accept(std::shared_ptr<Impl> self);

  Loop& loop;
  std::string path;
  Handler handler;
  Local::acceptor acceptor;
  std::shared_ptr<std::atomic<std::size_t>> sessions =
      std::make_shared<std::atomic<std::size_t>>(0);
  bool open = true;
  dev_t device = 0;
  ino_t inode = 0;
};

Status LocalListener::Impl::listen() {
  if (path.size() >= sizeof(sockaddr_un::sun_path)) {
    return system_error(path, "cannot be made", "the path is too long for a socket");
  }
  const Status free = make_room(path, loop.impl().context);
  if (!free) return free;
  boost::system::error_code failure;
  acceptor.open(Local(), failure);
  // Linux takes the mode of the file from the socket: it is never open to others, not even briefly.
  if (!failure) ::fchmod(acceptor.native_handle(), S_IRUSR | S_IWUSR);
  if (!failure) acceptor.bind(Local::endpoint(path), failure);
  if (!failure) ::chmod(path.c_str(), S_IRUSR | S_IWUSR);
  if (!failure) acceptor.listen(asio::socket_base::max_listen_connections, failure);
  if (failure) return system_error(path, "cannot be made", failure.message());
  struct stat made {};
  if (::stat(path.c_str(), &made) == 0) {
    device = made.st_dev;
    inode = made.st_ino;
  }
  return Done{};
}

Task<> LocalListener::Impl::accept(std::shared_ptr<Impl> self) {
  asio::steady_timer pause(self->loop.impl().context);
  boost::system::error_code failure;
  while (self->open) {
    Local::socket socket = co_await self->acceptor.async_accept(into(failure));
    if (!self->open) co_return;
    if (failure) {  // too many files are open: others' closing will help
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(into(failure));
    } else if (self->sessions->load() < kLocalSessions) {
      LocalSession::start(self->loop, std::move(socket), self->handler, self->sessions);
    }
  }
}

Result<std::unique_ptr<LocalListener>> LocalListener::open(Loop& loop, std::string path,
                                                           Handler handler) {
  auto impl = std::make_shared<Impl>(loop, std::move(path), std::move(handler));
  const Status listening = impl->listen();
  if (!listening) return listening.error();
  spawn(loop, Impl::accept(impl));
  return std::unique_ptr<LocalListener>(new LocalListener(std::move(impl)));
}

LocalListener::LocalListener(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

LocalListener::~LocalListener() {
  impl_->open = false;
  boost::system::error_code ignored;
  impl_->acceptor.close(ignored);
  struct stat now {};
  const bool ours = ::lstat(impl_->path.c_str(), &now) == 0 && now.st_dev == impl_->device &&
                    now.st_ino == impl_->inode;
  if (ours) ::unlink(impl_->path.c_str());
}

}  // namespace hansa::net
