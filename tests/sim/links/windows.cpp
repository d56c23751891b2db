#include "tests/sim/links/windows.h"

namespace hansa::sim::links {
namespace {

namespace xsr = xep_shared_rooms;

constexpr auto kWindow = "what is in flight stays within its window";

}  // namespace

void Windows::passes(Cable::End from, const xsr::Frame& frame) {
  from == Cable::node ? up(frame) : down(frame);
}

void Windows::comes_again(Cable::End from, const xsr::Frame& frame) {
  if (from == Cable::node && std::holds_alternative<xsr::Have>(frame)) up(frame);
  // Not in flight once more: the window is the one of what is written.
  const auto* ordered = std::get_if<xsr::Ordered>(&frame);
  if (from == Cable::hub && ordered != nullptr) rooms_[ordered->log].answer(ordered->origin);
}

void Windows::up(const xsr::Frame& frame) {
  if (const auto* entry = std::get_if<xsr::Entry>(&frame)) {
    Room& room = rooms_[entry->log];
    if (!room.answered.contains(entry->item.origin)) room.up.insert(entry->item.origin);
    // A node that goes back leaves a window behind.
    judge_.check(room.up.size() <= 2 * window_, kWindow,
                 link_ + " to the hub, " + entry->room.text());
  } else if (const auto* have = std::get_if<xsr::Have>(&frame)) {
    Room& room = rooms_[have->log];
    if (have->again) {
      room.down.clear();  // the hub begins elsewhere
    } else {
      room.acknowledged = std::max(room.acknowledged, have->point.version);
      room.down.erase(room.down.begin(), room.down.upper_bound(have->point.version));
    }
  } else if (std::holds_alternative<xsr::Rooms>(frame)) {
    for (auto& [log, room] : rooms_) room.down.clear();
  }
}

void Windows::down(const xsr::Frame& frame) {
  const auto in_flight = [&](const xmpp::Jid& address, Room& room, const xsr::Version& order) {
    if (order <= room.acknowledged) return;
    room.down.insert(order);
    // Who goes back leaves a window behind; a welcome, told beside the log, is one more.
    judge_.check(room.down.size() <= 2 * window_ + 1, kWindow,
                 "the hub to " + link_ + ", " + address.text());
  };
  if (const auto* entry = std::get_if<xsr::Entry>(&frame)) {
    Room& room = rooms_[entry->log];
    room.answer(entry->item.origin);
    // Either side may begin elsewhere.
    if (entry->item.kind == xsr::kKindEpoch && room.epochs.insert(entry->item.order).second) {
      room.begin_up();
      room.down.clear();
    }
    in_flight(entry->room, room, entry->item.order);
  } else if (const auto* ordered = std::get_if<xsr::Ordered>(&frame)) {
    Room& room = rooms_[ordered->log];
    room.answer(ordered->origin);
    in_flight(ordered->room, room, ordered->order);
  } else if (const auto* again = std::get_if<xsr::Again>(&frame)) {
    rooms_[again->log].begin_up();
  } else if (const auto* welcome = std::get_if<xsr::Welcome>(&frame)) {
    rooms_[welcome->log].begin_up();
    rooms_[welcome->log].down.clear();
  } else if (std::holds_alternative<xsr::Problem>(frame)) {
    for (auto& [log, room] : rooms_) room.begin_up();
  }
}

}  // namespace hansa::sim::links
