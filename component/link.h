#pragma once
// One domain's connection to the host: drives the stream machine, connects again when it fell.
// Private to component/. All on the loop's thread, except send, queued and status.

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "component/backoff.h"
#include "component/component.h"
#include "component/counted_log.h"
#include "component/gate.h"
#include "net/tcp.h"
#include "net/timer.h"
#include "stream/component_stream.h"
#include "stream/confirm.h"

namespace hansa::component {

// What the links of one component share; outlives them.
struct Surroundings {
  net::Loop& loop;
  const Clock& clock;
  Random& random;
  Log& log;
  Owner& owner;
  const Options& options;
};

class Link final : public net::ConnectionHandler {
 public:
  Link(Surroundings around, std::uint32_t slot);

  void start();
  void stop(std::function<void()> stopped);

  // From any thread.
  [[nodiscard]] Sent send(std::uint64_t number, net::Buffer stanzas, Mark mark);
  [[nodiscard]] std::size_t queued(std::uint64_t number) const;
  [[nodiscard]] LinkStatus status() const;

 private:
  void connected() override;
  void bytes(std::string_view data) override;
  void closed(const net::Closed& why) override;
  void drained() override;

  void connect();
  void after_end();  // of the connection: another try, or the end
  void tell(Millis wait);
  void tick();
  void feed(const stream::ComponentEvent& event);
  void on(stream::effect::Write& effect);
  void on(stream::effect::Authenticated& effect);
  void on(stream::effect::Received& effect);
  void on(stream::effect::Refused& effect);
  void on(stream::effect::Silent& effect);
  void on(stream::effect::Failed& effect);
  void on(stream::effect::Close& effect);
  void go_down(const std::string& why);
  void deliver();
  void perform(Verdict verdict, const xmpp::Element& stanza);
  [[nodiscard]] bool take_ping(const xmpp::Stanza& stanza);
  void pump_pings();
  void watch_ping();
  void let_go();  // of the connection

  const Surroundings around_;
  const std::uint32_t slot_;
  const std::string& domain_;
  const std::string address_;
  const Gate gate_;
  Backoff backoff_;
  CountedLog counted_;
  net::Timer retry_;
  net::Timer tick_;
  net::Timer ping_;

  std::optional<stream::ComponentStream> machine_;
  std::vector<xmpp::Stanza> read_;  // of the piece of bytes in hand
  std::optional<stream::Failure> failure_;
  std::string told_;  // the last line of failure in the log: each is told once
  MonoTime up_since_;
  std::uint64_t written_ = 0;          // what the socket had taken at the last tick
  std::uint64_t ping_end_ = 0;         // where the ping in flight ends, in bytes written
  std::optional<MonoTime> ping_gone_;  // when the socket was seen to have taken it
  MonoTime moved_;                     // when anything was last read or taken
  bool stopping_ = false;
  std::function<void()> stopped_;

  mutable std::mutex mutex_;  // guards what follows, for send, queued and status
  // Changed on the loop's thread only, which therefore reads them without the lock.
  std::uint64_t last_number_ = 0;
  std::uint64_t number_ = 0;  // of the link that is up; zero: none
  std::unique_ptr<net::Connection> connection_;
  std::optional<stream::Confirm> confirm_;
  bool pumping_ = false;  // pump_pings is on its way
  std::string why_down_ = "not connected yet";
};

}  // namespace hansa::component
