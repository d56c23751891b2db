#pragma once
// One TCP connection between the node and a host: bytes both ways, in pieces of any size, late; an
// end that does not read lets the other's bytes pile up. It may break at any byte.

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "tests/sim/schedule.h"

namespace hansa::sim::hosts {

class Wire : public std::enable_shared_from_this<Wire> {
 public:
  enum End : std::size_t { node = 0, host = 1 };
  struct Handlers {
    std::function<void(std::string_view)> bytes;
    std::function<void()> taken;   // the other end read something of ours
    std::function<void()> closed;  // after it, none of these is called
  };
  explicit Wire(Schedule& schedule) : schedule_(schedule) {}

  void attach(End end, Handlers handlers) { side(end).handlers = std::move(handlers); }
  void send(End from, std::string_view bytes);
  [[nodiscard]] std::size_t queued(End from) const { return sides_[from].out.size(); }
  // That end reads nothing for so long.
  void stall(End reader, Millis time);
  // That end is gone and hears nothing more; the other reads what was sent, then its end.
  void close(End by);
  // The connection broke: each end reads some of what was on its way, then hears of it.
  void cut();
  [[nodiscard]] bool broken() const { return broken_; }

 private:
  struct Side {
    Handlers handlers;
    std::string out;         // sent by this end, not read by the other
    MonoTime stalled;        // reads nothing before
    bool scheduled = false;  // a read of the other end is due
    bool open = true;
  };
  Side& side(End end) { return sides_[end]; }
  static End other(End end) { return end == node ? host : node; }
  void schedule_read(End writer);
  void read(End writer);
  void end(End end);

  Schedule& schedule_;
  std::array<Side, 2> sides_;
  bool broken_ = false;
};

}  // namespace hansa::sim::hosts
