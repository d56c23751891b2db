#include "net/local_socket.h"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/limits.h"
#include "tests/net/await.h"
#include "tests/net/peer.h"

using namespace hansa;
using namespace hansa::net;
using namespace hansa::net::testing;

namespace {

class Folder {
 public:
  Folder() {
    char name[] = "/tmp/hansa-local-XXXXXX";
    path_ = ::mkdtemp(name);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::string socket() const { return path_ + "/admin.sock"; }

 private:
  std::string path_;
};

struct Server {
  explicit Server(std::string path, LocalListener::Handler handler) {
    auto opened = LocalListener::open(loop, std::move(path), std::move(handler));
    REQUIRE(opened.ok());
    listener = std::move(opened).value();
    loop.start();
  }
  ~Server() {
    on(loop, [&] { listener.reset(); });
  }
  Loop loop;
  std::unique_ptr<LocalListener> listener;
};

void echo(std::string request, const LocalReplyPtr& reply) {
  CHECK(reply->send(buffer("you said " + request + "\n")));
  reply->end();
}

int local_socket(const std::string& path, bool listens) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  const auto* where = reinterpret_cast<const sockaddr*>(&address);
  if (listens) {
    ::bind(fd, where, sizeof(address));
    ::listen(fd, 1);
  } else {
    ::connect(fd, where, sizeof(address));
  }
  return fd;
}

std::string answer_of(const std::string& path, std::string_view request, bool* whole = nullptr) {
  std::string text;
  const Status status = ask_local(path, request, [&](std::string_view piece) { text += piece; });
  if (whole != nullptr) *whole = status.ok();
  return text;
}

}  // namespace

TEST_CASE("local socket: a request line in, an answer out, again and again") {
  const Folder folder;
  const Server server(folder.socket(), echo);
  bool whole = false;
  CHECK(answer_of(folder.socket(), "room list", &whole) == "you said room list\n");
  CHECK(whole);
  CHECK(answer_of(folder.socket(), "") == "you said \n");
}

TEST_CASE("local socket: only its owner may use it, and its file goes with it") {
  const Folder folder;
  {
    const Server server(folder.socket(), echo);
    struct stat found {};
    REQUIRE(::stat(folder.socket().c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0600);
  }
  CHECK_FALSE(std::filesystem::exists(folder.socket()));
}

TEST_CASE("local socket: the file of a dead process is replaced") {
  const Folder folder;
  ::close(local_socket(folder.socket(), true));
  REQUIRE(std::filesystem::exists(folder.socket()));
  const Server server(folder.socket(), echo);
  CHECK(answer_of(folder.socket(), "x") == "you said x\n");
}

TEST_CASE("local socket: a living listener is not replaced") {
  const Folder folder;
  const Server server(folder.socket(), echo);
  Loop loop;
  const auto second = LocalListener::open(loop, folder.socket(), echo);
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().condition == Condition::conflict);
  CHECK(answer_of(folder.socket(), "x") == "you said x\n");
}

TEST_CASE("local socket: a file that is no socket is left alone") {
  const Folder folder;
  std::ofstream(folder.socket()) << "precious";
  Loop loop;
  const auto opened = LocalListener::open(loop, folder.socket(), echo);
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().condition == Condition::conflict);
  CHECK(std::filesystem::file_size(folder.socket()) == 8);
}

TEST_CASE("local socket: a path that cannot be made is an error, not a crash") {
  Loop loop;
  CHECK_FALSE(LocalListener::open(loop, "/nonexistent/folder/admin.sock", echo).ok());
  CHECK_FALSE(LocalListener::open(loop, "/tmp/" + std::string(200, 'x'), echo).ok());
}

TEST_CASE("local socket: nobody listens") {
  const Folder folder;
  const Status status = ask_local(folder.socket(), "x", [](std::string_view) {});
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().condition == Condition::remote_server_not_found);
}

TEST_CASE("local socket: an answer that was let go of is seen as cut") {
  const Folder folder;
  const Server server(folder.socket(), [](const std::string&, const LocalReplyPtr& reply) {
    CHECK(reply->send(buffer("half")));
  });
  bool whole = true;
  (void)answer_of(folder.socket(), "x", &whole);
  CHECK_FALSE(whole);
}

TEST_CASE("local socket: a long answer is written page by page as the client reads") {
  const Folder folder;
  constexpr std::size_t kPages = 2000;
  constexpr std::size_t kPage = 16 * 1024;
  struct Pages {
    static void write(const LocalReplyPtr& reply, std::size_t left) {
      for (; left > 0; --left) {
        if (reply->queued() > 1024 * 1024) {
          return reply->when_drained([reply, left] { write(reply, left); });
        }
        CHECK(reply->send(buffer(std::string(kPage, 'p'))));
      }
      reply->end();
    }
  };
  const Server server(folder.socket(), [](const std::string&, const LocalReplyPtr& reply) {
    Pages::write(reply, kPages);
  });
  bool whole = false;
  CHECK(answer_of(folder.socket(), "export", &whole).size() == kPages * kPage);
  CHECK(whole);
}

TEST_CASE("local socket: a client that goes is noticed") {
  const Folder folder;
  Watched<LocalReplyPtr> kept;
  Server server(folder.socket(), [&](const std::string&, LocalReplyPtr reply) {
    kept.change([&](LocalReplyPtr& into) { into = std::move(reply); });
  });
  Peer client(local_socket(folder.socket(), false));
  client.say("watch\n");
  REQUIRE(kept.wait([](const LocalReplyPtr& reply) { return reply != nullptr; }));
  client.end();
  const LocalReplyPtr reply = kept.get();
  for (int i = 0; i < 1000 && !reply->gone(); ++i) {
    (void)reply->send(buffer("x"));
    on(server.loop, [] {});
  }
  CHECK(reply->gone());
  kept.change([](LocalReplyPtr& held) { held.reset(); });
}

TEST_CASE("local socket: a request without end is cut") {
  const Folder folder;
  const Server server(folder.socket(), echo);
  Peer client(local_socket(folder.socket(), false));
  client.say(std::string(limits::kAdminRequestBytes + 1, 'x'));
  CHECK(client.hear_all().empty());
}

TEST_CASE("local socket: a client may end its direction before the answer") {
  const Folder folder;
  const Server server(folder.socket(), echo);
  Peer client(local_socket(folder.socket(), false));
  client.say("room list\n");
  client.end_sending();
  CHECK(client.hear_all() == std::string("you said room list\n") + '\0');
}
