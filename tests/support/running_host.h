#pragma once
// A host of our own for a whole node, over real sockets: it takes a stream for each domain, judges
// the secret, routes a component's pings back to it as hosts do, and keeps all else that it is
// sent. Its side runs on a thread of its own; everything public is for the test's thread.

#include <poll.h>

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "tests/net/await.h"
#include "tests/net/peer.h"
#include "tests/support/host_stream.h"
#include "xmpp/parser.h"
#include "xmpp/writer.h"

namespace hansa::test {

class RunningHost {
 public:
  struct Heard {
    std::set<std::string> up;  // domains whose stream is open
    std::size_t refused = 0;   // secrets
    std::size_t closed = 0;    // streams, in an orderly way
    std::vector<std::string> stanzas;

    [[nodiscard]] std::size_t count(std::string_view part) const {
      std::size_t found = 0;
      for (const std::string& one : stanzas) found += one.find(part) != std::string::npos ? 1 : 0;
      return found;
    }
  };

  explicit RunningHost(std::string secret) : secret_(std::move(secret)) {
    thread_ = std::thread([this] { run(); });
  }
  ~RunningHost() {
    ending_ = true;
    thread_.join();
  }
  RunningHost(const RunningHost&) = delete;
  RunningHost& operator=(const RunningHost&) = delete;

  [[nodiscard]] std::uint16_t port() const { return listener_.port(); }
  void change_secret(std::string secret) {
    const std::lock_guard lock(mutex_);
    secret_ = std::move(secret);
  }
  // To the component of that domain, if it is there.
  void say(const std::string& domain, std::string_view xml) {
    const std::lock_guard lock(mutex_);
    for (const auto& [fd, stream] : streams_) {
      if (stream.open && stream.domain == domain) stream.peer.say(xml);
    }
  }
  net::testing::Watched<Heard> heard;

 private:
  struct Stream {
    net::testing::Peer peer;
    xmpp::StreamParser parser;
    std::string domain;
    bool open = false;
  };

  void run() {
    while (!ending_) {
      std::vector<pollfd> waits{{listener_.fd(), POLLIN, 0}};
      for (const auto& [fd, stream] : streams_) waits.push_back({fd, POLLIN, 0});
      if (::poll(waits.data(), waits.size(), 20) <= 0) continue;
      const std::lock_guard lock(mutex_);
      for (std::size_t i = 1; i < waits.size(); ++i) {
        if (waits[i].revents != 0) read(waits[i].fd);
      }
      if (waits[0].revents == 0) continue;
      net::testing::Peer peer = listener_.accept();
      const int fd = peer.fd();
      streams_.insert_or_assign(fd, Stream{std::move(peer), xmpp::StreamParser(), {}});
    }
  }
  void read(int fd) {
    Stream& stream = streams_.at(fd);
    const std::string bytes = stream.peer.hear();
    std::vector<xmpp::StreamEvent> events;
    stream.parser.feed(bytes, events);
    bool goes_on = !bytes.empty();
    for (const xmpp::StreamEvent& event : events) goes_on = take(stream, event) && goes_on;
    if (goes_on) return;
    heard.change([&](Heard& h) { h.up.erase(stream.domain); });
    streams_.erase(fd);
  }
  // False: the stream has ended.
  bool take(Stream& stream, const xmpp::StreamEvent& event) {
    if (const auto* opened = std::get_if<xmpp::StreamOpened>(&event)) {
      stream.domain = opened->header->root().attr("to");
      stream.peer.say(host_opening(stream.domain));
      return true;
    }
    if (const auto* stanza = std::get_if<xmpp::StanzaRead>(&event)) {
      return take(stream, stanza->stanza->root());
    }
    if (std::holds_alternative<xmpp::StreamClosed>(event)) {
      stream.peer.say("</stream:stream>");
      heard.change([](Heard& h) { ++h.closed; });
    }
    return false;
  }
  bool take(Stream& stream, const xmpp::Element& stanza) {
    if (!stream.open) return authenticate(stream, stanza);
    const std::string xml = xmpp::to_xml(stanza);
    if (stanza.name() == "iq" && stanza.attr("to") == stream.domain) {
      stream.peer.say(xml);
    } else {
      heard.change([&](Heard& h) { h.stanzas.push_back(xml); });
    }
    return true;
  }
  bool authenticate(Stream& stream, const xmpp::Element& handshake) {
    stream.open = handshake.name() == "handshake" && handshake.text() == host_digest(secret_);
    heard.change([&](Heard& h) {  // before the component can go on
      if (stream.open) h.up.insert(stream.domain);
      if (!stream.open) ++h.refused;
    });
    stream.peer.say(stream.open ? "<handshake/>" : kHostRefusal);
    return stream.open;
  }

  net::testing::PeerListener listener_;
  std::mutex mutex_;  // of the two below; what is said is said under it, stanza by stanza
  std::string secret_;
  std::map<int, Stream> streams_;  // by file descriptor; only its own thread changes the map
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

}  // namespace hansa::test
