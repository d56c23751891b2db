#pragma once
// The attachment to an XMPP server by XEP-0114: one connection per domain, connected again for ever
// until stopped. Reads always; judges what comes (gate.h); tells its owner what passed, what the
// host has confirmed, and when it may write on. It keeps nothing: what was sent on a link that fell
// and was not confirmed is lost, and the owner sends it again from its log.
//
// Made and destroyed by main while the loop does not run. Threads: Owner is called on the loop's
// thread and must not wait; start, stop and send may be called from any thread.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/random.h"
#include "component/backoff.h"
#include "net/buffer.h"
#include "net/loop.h"
#include "net/tcp.h"
#include "stream/component_failure.h"
#include "stream/confirm.h"
#include "xmpp/stanza.h"

namespace hansa::component {

using stream::Mark;

// One connection that is, or was, up. Never used twice: the link after a reconnect is another one,
// so nothing decided for the old one can slip into the new one before the owner knows of it.
struct LinkId {
  std::uint32_t slot = 0;    // the place of its domain in Options::domains
  std::uint64_t number = 0;  // zero: none
  friend bool operator==(LinkId, LinkId) = default;
};

class Owner {
 public:
  virtual ~Owner() = default;
  // For each link: up, then any of the others, then down; in this order.
  virtual void link_up(LinkId link, std::string_view domain) = 0;
  // Nothing more is confirmed on `link`. `why` is a line for the operator (already logged).
  virtual void link_down(LinkId link, std::string_view domain, const std::string& why) = 0;
  // Stanzas in the order read, all that one piece of the network's bytes held. Each is to an
  // address at the link's domain, and from none of our domains.
  virtual void stanzas(LinkId link, std::vector<xmpp::Stanza> read) = 0;
  // The host has read everything up to `mark` (stream/confirm.h).
  virtual void confirmed(LinkId link, Mark mark) = 0;
  // The queue was long (ConnectionBounds::high_water) and is short again: write on.
  virtual void drained(LinkId link) = 0;
  // Whether new work may be admitted; asked for every stanza. False: requests, messages and
  // presence other than unavailable are answered with resource-constraint here; answers, errors and
  // unavailable presence are given to the owner all the same.
  [[nodiscard]] virtual bool admits() = 0;
};

// Waits of the driver; tests make them short.
struct Timing {
  BackoffBounds reconnect;
  Millis connect{limits::kHandshake_ms};
  Millis tick{1000};
  Millis ping_answer{limits::kPingAnswer_ms};
};

struct Options {
  std::string host;  // name or address
  std::uint16_t port = 0;
  std::string secret;
  std::vector<std::string> domains;  // prepared, none twice
  Timing timing;
  net::ConnectionBounds bounds;
};

enum class Sent : std::uint8_t {
  taken,  // in the link's queue
  full,   // limits::kOutBufferBytes are waiting: again after drained()
  gone,   // the link is down; link_down() has been, or will be, called
};

// For `hansa check`, metrics and the admin socket.
struct LinkStatus {
  std::string domain;
  bool up = false;
  std::string text;        // when down: why
  std::size_t queued = 0;  // bytes
  Mark confirmed = 0;
};

class Component {
 public:
  Component(net::Loop& loop, const Clock& clock, Random& random, Log& log, Owner& owner,
            Options options);
  ~Component();
  Component(const Component&) = delete;
  Component& operator=(const Component&) = delete;

  void start();
  // Writes what is queued (for at most limits::kStopFlush_ms), closes the streams, and does not
  // connect again; then calls `stopped` on the loop's thread. Once.
  void stop(std::function<void()> stopped);

  // Queues `stanzas` (whole ones, written with ns::kClient as default) on `link`, in the order of
  // the calls. `mark`: confirmed() will tell when the host has read them; zero: not asked for.
  // Marks grow from call to call.
  [[nodiscard]] Sent send(LinkId link, net::Buffer stanzas, Mark mark = 0);
  // Bytes that wait on `link`; zero when it is gone.
  [[nodiscard]] std::size_t queued(LinkId link) const;
  [[nodiscard]] std::vector<LinkStatus> status() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hansa::component
