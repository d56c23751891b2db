#include "net/tcp.h"

#include <doctest/doctest.h>

#include <optional>
#include <thread>

#include "tests/net/await.h"
#include "tests/net/peer.h"

using namespace hansa;
using namespace hansa::net;
using namespace hansa::net::testing;

namespace {

struct Seen {
  int connected = 0;
  int drained = 0;
  std::string bytes;
  std::optional<Closed> closed;
};

// A connection with its loop, watched from the test's thread.
struct Client final : ConnectionHandler {
  explicit Client(ConnectionBounds bounds = {}) {
    loop.start();
    on(loop, [&] { connection = std::make_unique<Connection>(loop, *this, bounds); });
  }
  ~Client() override {
    on(loop, [&] { connection.reset(); });
  }
  void connect(std::uint16_t port, const std::string& host = "127.0.0.1") {
    on(loop, [&] { connection->connect(host, port, Millis(5000)); });
  }
  bool wait_connected() {
    return seen.wait([](const Seen& s) { return s.connected == 1; });
  }
  bool wait_closed() {
    return seen.wait([](const Seen& s) { return s.closed.has_value(); });
  }
  CloseKind close_kind() { return seen.get().closed->kind; }

  void connected() override {
    seen.change([](Seen& s) { ++s.connected; });
  }
  void bytes(std::string_view data) override {
    seen.change([&](Seen& s) { s.bytes += data; });
  }
  void closed(const Closed& why) override {
    seen.change([&](Seen& s) { s.closed = why; });
  }
  void drained() override {
    seen.change([](Seen& s) { ++s.drained; });
  }

  Watched<Seen> seen;
  Loop loop;
  std::unique_ptr<Connection> connection;
};

}  // namespace

TEST_CASE("tcp: bytes go both ways") {
  PeerListener listener;
  Client client;
  client.connect(listener.port());
  Peer peer = listener.accept();
  REQUIRE(client.wait_connected());
  CHECK(client.connection->send(buffer("hello")));
  CHECK(peer.hear_until("hello") == "hello");
  peer.say("world");
  CHECK(client.seen.wait([](const Seen& s) { return s.bytes == "world"; }));
  CHECK(client.connection->queued() == 0);
  CHECK(client.connection->written() == 5);
}

TEST_CASE("tcp: a name is resolved") {
  PeerListener listener;
  Client client;
  client.connect(listener.port(), "localhost");
  CHECK(client.wait_connected());
}

TEST_CASE("tcp: nobody listens") {
  Client client;
  client.connect(closed_port());
  REQUIRE(client.wait_closed());
  CHECK(client.close_kind() == CloseKind::refused);
  CHECK(client.seen.get().closed->text == "Connection refused");
  CHECK_FALSE(client.connection->send(buffer("x")));
}

TEST_CASE("tcp: a name without an address") {
  Client client;
  client.connect(5347, "no-such-host.invalid");
  REQUIRE(client.wait_closed());
  CHECK(client.close_kind() == CloseKind::not_resolved);
}

TEST_CASE("tcp: the peer's end and the peer's reset are told apart") {
  for (const bool reset : {false, true}) {
    PeerListener listener;
    Client client;
    client.connect(listener.port());
    Peer peer = listener.accept();
    REQUIRE(client.wait_connected());
    if (reset) {
      peer.reset();
    } else {
      peer.end();
    }
    REQUIRE(client.wait_closed());
    CHECK(client.close_kind() == (reset ? CloseKind::broken : CloseKind::ended_by_peer));
    CHECK_FALSE(client.connection->send(buffer("x")));
  }
}

TEST_CASE("tcp: close writes what is queued, then ends; later sends are refused") {
  PeerListener listener;
  Client client;
  client.connect(listener.port());
  Peer peer = listener.accept();
  REQUIRE(client.wait_connected());
  const std::string big(4 * 1024 * 1024, 'x');
  CHECK(client.connection->send(buffer(big)));
  on(client.loop, [&] { client.connection->close(); });
  CHECK_FALSE(client.connection->send(buffer("late")));
  CHECK(peer.hear_all().size() == big.size());
  CHECK_FALSE(client.seen.get().closed);  // the peer may still speak
  peer.end();
  REQUIRE(client.wait_closed());
  CHECK(client.close_kind() == CloseKind::ended_by_us);
}

TEST_CASE("tcp: a peer that never ends does not hold a close up for ever") {
  PeerListener listener;
  ConnectionBounds bounds;
  bounds.linger = Millis(50);
  Client client(bounds);
  client.connect(listener.port());
  Peer peer = listener.accept();
  REQUIRE(client.wait_connected());
  on(client.loop, [&] { client.connection->close(); });
  CHECK(client.wait_closed());
}

TEST_CASE("tcp: the queue is bounded, and drained is told once it is short again") {
  PeerListener listener;
  ConnectionBounds bounds;
  bounds.queue_bytes = 16 * 1024 * 1024;
  bounds.high_water = 1024 * 1024;
  bounds.low_water = 1024;
  Client client(bounds);
  client.connect(listener.port());
  Peer peer = listener.accept();
  REQUIRE(client.wait_connected());
  const Buffer piece = buffer(std::string(1024 * 1024, 'y'));
  std::size_t taken = 0;
  while (taken < 64 && client.connection->send(piece)) ++taken;
  CHECK(taken >= 16);
  CHECK(taken < 64);
  CHECK(client.connection->queued() <= bounds.queue_bytes);
  const int before = client.seen.get().drained;  // the system's own buffers took the beginning
  std::thread reader([&peer, taken] {
    for (std::size_t read = 0; read < taken * 1024 * 1024;) read += peer.hear().size();
  });
  CHECK(client.seen.wait([before](const Seen& s) { return s.drained > before; }));
  CHECK(client.connection->queued() <= bounds.low_water);
  reader.join();
  CHECK(client.connection->send(piece));
}

TEST_CASE("tcp: many small buffers from another thread arrive in order") {
  PeerListener listener;
  Client client;
  client.connect(listener.port());
  Peer peer = listener.accept();
  REQUIRE(client.wait_connected());
  constexpr int kCount = 50'000;
  std::string expected;
  for (int i = 0; i < kCount; ++i) {
    std::string text = std::to_string(i) + "\n";
    expected += text;
    CHECK(client.connection->send(buffer(std::move(text))));
  }
  on(client.loop, [&] { client.connection->close(); });
  CHECK(peer.hear_all() == expected);
}

TEST_CASE("tcp: the peer's last words are read though he reads no more") {
  PeerListener listener;
  Client client;
  client.connect(listener.port());
  Peer peer = listener.accept();
  REQUIRE(client.wait_connected());
  on(client.loop, [&] {
    // While the loop stands: the words, the end, then our writing into it.
    peer.say("<stream:error/>");
    peer.end();
    for (int i = 0; i < 100; ++i) (void)client.connection->send(buffer(std::string(10'000, 'x')));
  });
  REQUIRE(client.wait_closed());
  CHECK(client.seen.get().bytes == "<stream:error/>");
}

TEST_CASE("tcp: a destroyed connection calls nobody") {
  PeerListener listener;
  Client client;
  client.connect(listener.port());
  Peer peer = listener.accept();
  REQUIRE(client.wait_connected());
  on(client.loop, [&] { client.connection.reset(); });
  peer.say("late");
  CHECK(peer.hear_all().empty());
  on(client.loop, [] {});
  CHECK(client.seen.get().bytes.empty());
  CHECK_FALSE(client.seen.get().closed);
}
