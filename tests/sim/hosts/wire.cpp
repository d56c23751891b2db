#include "tests/sim/hosts/wire.h"

#include <algorithm>

namespace hansa::sim::hosts {

void Wire::send(End from, std::string_view bytes) {
  if (broken_ || !side(from).open) return;
  side(from).out.append(bytes);
  schedule_read(from);
}

void Wire::stall(End reader, Millis time) { side(reader).stalled = schedule_.mono() + time; }

void Wire::schedule_read(End writer) {
  Side& from = side(writer);
  if (from.scheduled) return;
  from.scheduled = true;
  Millis delay = schedule_.between(0, 8);
  const MonoTime stalled = side(other(writer)).stalled;
  if (stalled > schedule_.mono()) delay += stalled - schedule_.mono();
  schedule_.after(delay, [self = shared_from_this(), writer] { self->read(writer); });
}

void Wire::read(End writer) {
  Side& from = side(writer);
  Side& to = side(other(writer));
  from.scheduled = false;
  if (!to.open) return;
  if (to.stalled > schedule_.mono()) return schedule_read(writer);
  std::size_t size = from.out.size();
  if (size > 1 && schedule_.chance(0.3)) size = 1 + schedule_.below(size);
  const std::string bytes = from.out.substr(0, size);
  from.out.erase(0, size);
  if (!from.out.empty()) schedule_read(writer);
  const auto keep = shared_from_this();
  // Copies: what they do may end this connection.
  const auto on_bytes = to.handlers.bytes;
  if (!bytes.empty() && on_bytes) on_bytes(bytes);
  const auto on_taken = from.handlers.taken;
  if (from.open && !bytes.empty() && on_taken) on_taken();
  if (from.out.empty() && (broken_ || !from.open)) end(other(writer));
}

void Wire::close(End by) {
  Side& own = side(by);
  if (!own.open) return;
  own.open = false;
  own.handlers = {};
  schedule_read(by);
}

void Wire::cut() {
  if (broken_) return;
  broken_ = true;
  for (const End writer : {node, host}) {
    Side& from = side(writer);
    from.out.resize(schedule_.below(from.out.size() + 1));
    schedule_read(writer);
  }
}

void Wire::end(End which) {
  Side& own = side(which);
  if (!own.open) return;
  own.open = false;
  const auto closed = std::move(own.handlers.closed);
  own.handlers = {};
  if (closed) closed();
}

}  // namespace hansa::sim::hosts
