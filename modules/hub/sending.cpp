// Each enterprise as a follower: where its node stands, what it is sent, and where to begin again.

#include <algorithm>

#include "base/limits.h"
#include "modules/hub/parts.h"

namespace hansa::hub {

std::optional<engine::Encoded> ToLink::encode(const engine::RoomState& room,
                                              const engine::Entry& entry, bool) const {
  const auto stored = shared_log::item_of(entry);
  if (!stored) return std::nullopt;
  const auto& log = room.get<SharedLog>();
  const auto* part = log.participant(link_);
  if (part == nullptr || !part->gets(entry.position)) return std::nullopt;
  const xsr::Item& item = stored->item;
  const auto frame = [&]() -> xsr::Frame {
    if (entry.position == part->since && item.kind == xsr::kKindEnterprise) {
      xsr::Welcome welcome{room.address(), log.log(), {item.order, stored->chain}, {}, {}};
      if (const auto* epoch = log.epoch(item.order.epoch)) welcome.key = epoch->key;
      for (const auto& [link, other] : log.participants()) {
        welcome.enterprises.push_back(other.what);
      }
      return welcome;
    }
    const bool its_own = item.origin.link == link_ && state_.incarnation != 0 &&
                         item.origin.incarnation == state_.incarnation &&
                         item.kind != xsr::kKindRefused;
    if (its_own) {
      return xsr::Ordered{room.address(), log.log(), item.origin, item.order, item.digest};
    }
    return xsr::Entry{room.address(), log.log(), item};
  };
  return shared_log::cut_at_to(xsr::to_message(settings_.domain, link_, frame()));
}

void Hub::Parts::follow(RoomTurn& turn, const std::string& link, bool from_end) {
  const auto delivery = deliveries.find(link);
  if (delivery == deliveries.end()) return;  // no longer configured
  const std::string name = group_of(link);
  const Position confirmed =
      turn.group({name, link, &delivery->second, engine::ConfirmedBy::module, settings.window});
  const Position start = from_end ? turn.room().last_position() : confirmed;
  if (from_end) turn.confirm_follower(name, start);
  turn.follow(name, link, start + 1, false);
  if (links.find(link)->second.up) turn.pause(name, false);
}

void Hub::Parts::on_loaded(RoomTurn& turn) {
  for (const auto& [link, part] : turn.state<SharedLog>().participants()) {
    follow(turn, link, false);
  }
  arm(turn);
}

void Hub::Parts::on_room_link(RoomTurn& turn, const std::string& link, bool loaded) {
  const auto& log = turn.state<SharedLog>();
  if (!log.exists() || log.participant(link) == nullptr) return;
  turn.pause(group_of(link), false);
  // What was on its way when the room was not in memory may be gone.
  if (loaded) send(turn, link, xsr::Again{turn.room().address(), log.log()});
}

void Hub::Parts::welcome(RoomTurn& turn, const std::string& link, Position since) {
  const auto& log = turn.state<SharedLog>();
  begin_epoch(turn);
  turn.state<Watch>().offered.erase(link);  // it may have what we have not
  xsr::Welcome welcome{turn.room().address(), log.log(), log.point(), log.epochs().back().key, {}};
  for (const auto& [other, part] : log.participants()) {
    welcome.enterprises.push_back(part.what);
  }
  send(turn, link, welcome);
  if (since == 0) return;
  // Items from before the welcome come after it: they are here, in no new order.
  turn.follow(group_of(link), link, since + 1, false);
}

void Hub::Parts::on_have(RoomTurn& turn, const std::string& link, const xsr::Have& have) {
  const auto& log = turn.state<SharedLog>();
  const auto* part = log.participant(link);
  if (!log.exists() || log.log() != have.log) return;
  if (part == nullptr) {
    // It knows the room by its log id and was let in by something that we lost: what it has past
    // our history brings it in again.
    if (have.again) welcome(turn, link, 0);
    return;
  }
  const std::string group = group_of(link);
  if (!have.again) {
    const Position position = log.position_of(have.point.version);
    if (position == 0) return;
    turn.confirm_follower(group, position);
    if (!part->active() && position >= part->until) turn.unfollow(group, link);
    return;
  }
  ++counts.rewinds;
  std::vector<xsr::Point> points{have.point};
  points.insert(points.end(), have.past.begin(), have.past.end());
  for (const xsr::Point& point : points) {
    const auto* epoch = log.epoch(point.version.epoch);
    if (epoch == nullptr || point.version == xsr::Version{}) continue;
    xsr::Version common = point.version;
    if (common > epoch->end.version) {
      // It has more of that epoch than we do: an order that we lost.
      begin_epoch(turn);
      common = log.epoch(point.version.epoch)->end.version;
    } else {
      const auto chain = log.chain_at(common);
      if (chain && *chain != point.chain) {
        ++counts.forks;
        turn.log(LogLevel::error, turn.room().address().text() + ": " + link +
                                      " has another history of this room (a fork)");
        break;
      }
    }
    const Position position = std::max(log.position_of(common), part->since - 1);
    return turn.follow(group, link, position + 1, false);
  }
  // Nothing in common: the list anew, and all items for it.
  welcome(turn, link, part->since);
}

void Hub::Parts::arm(RoomTurn& turn) {
  auto& watch = turn.state<Watch>();
  if (std::exchange(watch.armed, true)) return;
  turn.wake("shared:retry", Millis(limits::kLinkSilence_ms));
}

// Whoever has not moved since the last look, and is behind, is sent it again.
void Hub::Parts::on_retry(RoomTurn& turn) {
  auto& watch = turn.state<Watch>();
  watch.armed = false;
  bool behind = false;
  for (const auto& [link, part] : turn.state<SharedLog>().participants()) {
    const auto state = links.find(link);
    if (state == links.end() || !part.active()) continue;
    const std::string group = group_of(link);
    const Position confirmed = turn.confirmed(group, link);
    if (confirmed >= turn.room().last_position()) continue;
    behind = behind || state->second.up;
    const auto stood = watch.stood.find(link);
    const bool still = stood != watch.stood.end() && stood->second == confirmed;
    if (still && state->second.up) turn.follow(group, link, confirmed + 1, false);
    watch.stood[link] = confirmed;
  }
  if (behind) arm(turn);
}

}  // namespace hansa::hub
