// Each enterprise as a follower: where its node stands, what it is sent, and where to begin again.

#include <algorithm>

#include "base/limits.h"
#include "modules/hub/parts.h"

namespace hansa::hub {

namespace {

xsr::Version version_at(const SharedLog& log, Position position) {
  for (auto one = log.epochs().rbegin(); one != log.epochs().rend(); ++one) {
    if (one->at > 0 && one->at <= position) return {one->epoch, position - one->at};
  }
  return {};
}

// A time in which it took part begins there.
bool begins(const shared_log::Participant& part, Position position) {
  return position == part.since ||
         std::any_of(part.past.begin(), part.past.end(),
                     [&](const auto& time) { return time.first == position; });
}

// The end of the time before that one; 0: it is the first that is known.
Position end_before(const shared_log::Participant& part, Position begin) {
  Position end = 0;
  for (const auto& [first, last] : part.past) end = first < begin ? std::max(end, last) : end;
  return end;
}

xsr::Welcome welcome_at(const xmpp::Jid& room, const SharedLog& log, const xsr::Point& point) {
  xsr::Welcome welcome{room, log.log(), point, {}, {}, false};
  if (const auto* epoch = log.epoch(point.version.epoch)) welcome.key = epoch->key;
  for (const auto& [link, part] : log.participants()) welcome.enterprises.push_back(part.what);
  return welcome;
}

// Told beside the log; what comes after it begins at `next`.
xsr::Welcome welcome_anew(RoomTurn& turn, const xsr::Point& point, Position next) {
  const auto& log = turn.state<SharedLog>();
  xsr::Welcome welcome = welcome_at(turn.room().address(), log, point);
  welcome.anew = true;
  if (next > 0 && next <= turn.room().last_position()) welcome.from = version_at(log, next);
  return welcome;
}

}  // namespace

std::optional<engine::Encoded> ToLink::encode_shared(const engine::RoomState& room,
                                                     const engine::SharedEntry& entry, bool) const {
  const auto stored = shared_log::item_of(entry);
  if (!stored) return std::nullopt;
  const auto& log = room.get<SharedLog>();
  const auto* part = log.participant(link_);
  if (part == nullptr || !part->gets(entry.position)) return std::nullopt;
  const xsr::Item& item = stored->item;
  const auto frame = [&]() -> xsr::Frame {
    // What is between that time and the one before is not for it.
    if (begins(*part, entry.position) && item.kind == xsr::kKindEnterprise) {
      xsr::Welcome welcome = welcome_at(room.address(), log, {item.order, stored->chain});
      const Position before = end_before(*part, entry.position);
      if (before > 0) welcome.after = version_at(log, before);
      return welcome;
    }
    const bool its_own = item.origin.link == link_ && state_.incarnation != 0 &&
                         item.origin.incarnation == state_.incarnation &&
                         item.kind != xsr::kKindRefused;
    const auto& whole = room.get<Watch>().whole;
    const auto asked = whole.find(link_);
    const bool as_order = asked == whole.end() || entry.position > asked->second;
    if (its_own && as_order) {
      return xsr::Ordered{room.address(), log.log(), item.origin, item.order, item.digest};
    }
    return xsr::Entry{room.address(), log.log(), item, entry.trace};
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

// Nothing is sent because a room was loaded: that would load it at the other end, and there the
// same. What was lost with it in memory is missed by a retry, or by what comes next.
void Hub::Parts::on_room_link(RoomTurn& turn, const std::string& link) {
  const auto& log = turn.state<SharedLog>();
  if (!log.exists() || log.participant(link) == nullptr) return;
  turn.pause(group_of(link), false);
  arm(turn);  // what it is sent now may be lost again
}

void Hub::Parts::welcome(RoomTurn& turn, const std::string& link, Position since) {
  const auto& log = turn.state<SharedLog>();
  begin_epoch(turn);
  turn.state<Watch>().offered.erase(link);  // it may have what we have not
  // Items from before the welcome come after it: they are here, in no new order.
  const Position next = since > 0 && log.participant(link)->since == since ? since + 1 : since;
  send(turn, link, welcome_anew(turn, log.point(), next));
  if (next == 0) return;
  turn.follow(group_of(link), link, next, false);
}

void Hub::Parts::on_have(RoomTurn& turn, const std::string& link, const xsr::Have& have) {
  const auto& log = turn.state<SharedLog>();
  const auto* part = log.participant(link);
  if (!log.exists() || log.log() != have.log) {
    if (!have.again) return;
    return problem(turn, link, turn.room().address().text(), Error(Condition::item_not_found));
  }
  if (part == nullptr) {
    // It knows the room by its log id and was let in by something that we lost: what it has past
    // our history brings it in again.
    if (!have.again) return;
    pass_epoch(turn, have.point.version.epoch);
    return welcome(turn, link, 0);
  }
  const std::string group = group_of(link);
  const auto state = links.find(link);
  const bool of_now =
      have.incarnation == 0 || state->second.known == 0 || have.incarnation == state->second.known;
  // From before its node was put back; or it has not said hello yet, and is asked again.
  if (!of_now && (!have.again || have.absent)) return;
  if (!have.again) {
    const Position position = log.position_of(have.point.version);
    if (position == 0) return;
    // What lies between two times in which it took part is not for it.
    const Position next = part->next_for(position + 1);
    turn.confirm_follower(group, next == 0 ? position : next - 1);
    if (part->active()) answer_repeats(turn, link);
    if (!part->active() && position >= part->until) turn.unfollow(group, link);
    return;
  }
  go_back(turn, link, have, false);
}

// To the newest point that the node and we have in common. In a hello it names one point alone.
void Hub::Parts::go_back(RoomTurn& turn, const std::string& link, const xsr::Have& have,
                         bool in_hello) {
  ++counts.rewinds;
  const auto& log = turn.state<SharedLog>();
  const auto& part = *log.participant(link);
  const Position since = part.since;
  std::vector<xsr::Point> points{have.point};
  points.insert(points.end(), have.past.begin(), have.past.end());
  Has has = have.absent ? Has::no_room : Has::no_place;
  for (const xsr::Point& point : points) {
    const auto* epoch = log.epoch(point.version.epoch);
    if (epoch == nullptr || point.version == xsr::Version{}) continue;
    const xsr::Version common = std::min(point.version, epoch->end.version);
    const auto chain = log.chain_at(common);
    if (common == point.version && chain && *chain != point.chain) {
      ++counts.forks;
      turn.log(LogLevel::error, turn.room().address().text() + ": " + link +
                                    " has another history of this room (a fork)");
      break;
    }
    // It has more than we do: an order that we lost, and that a new epoch takes back.
    if (common != point.version || &point != points.data()) begin_epoch(turn);
    // At least the newest: a node that has everything hears that it has.
    const Position next = part.next_for(log.position_of(common) + 1);
    if (next == 0 && !part.active()) {
      has = Has::place;
      break;
    }
    const Position last = turn.room().last_position();
    // Its own items, too, come whole: here they may have been ordered anew, when there they are not
    // without order any more.
    turn.state<Watch>().whole[link] = last;
    return turn.follow(group_of(link), link, next == 0 ? last : std::min(next, last), false);
  }
  if (!part.active()) return tell_gone(turn, link, has);
  const bool unknown =
      have.point.version != xsr::Version{} && log.epoch(have.point.version.epoch) == nullptr;
  if (unknown) {
    // It is in an epoch that we lost. The one that we begin tells it so; if that does not follow
    // anything that it knows, it asks with all its points. Where it takes part only since then it
    // may lack more.
    pass_epoch(turn, have.point.version.epoch);
    const Position at = log.epochs().back().at;
    if (in_hello && at > since) return turn.follow(group_of(link), link, at, false);
  }
  // Nothing in common: the list anew, and all items for it; of the time before, too, if it has not
  // got them yet.
  const Position missed = turn.confirmed(group_of(link), link) + 1;
  welcome(turn, link, missed > 1 && missed < since && part.gets(missed) ? missed : since);
}

// To one who takes part no more. What he has not confirmed of his time here is sent from its
// beginning, as «gone» promises; to one who cannot go on from what he has, from the welcome of his
// last time, or of a time before after one that stands for its end.
void Hub::Parts::tell_gone(RoomTurn& turn, const std::string& link, Has has) {
  const std::string group = group_of(link);
  const auto& part = *turn.state<SharedLog>().participant(link);
  const Position next = turn.confirmed(group, link) + 1;
  const bool left = next > 1 && next <= part.until;
  // Once until the next look: a node that cannot take it must not be sent it again and again.
  if (left && !turn.state<Watch>().begun.insert(link).second) return;
  const bool anew = left && has != Has::place;
  const bool older = next < part.since && part.gets(next);
  if (!anew) problem(turn, link, turn.room().address().text(), Error(Condition::gone));
  if (!left) return;
  if (anew && older) {
    // What he lacks of a time before has no welcome any more.
    const auto& log = turn.state<SharedLog>();
    const xsr::Version end = version_at(log, part.until);
    const std::string chain = log.chain_at(end).value_or(log.point().chain);
    send(turn, link, welcome_anew(turn, {end, chain}, next));
  }
  turn.follow(group, link, anew && !older ? part.since : next, false);
  arm(turn);
}

void Hub::Parts::arm(RoomTurn& turn) {
  auto& watch = turn.state<Watch>();
  if (std::exchange(watch.armed, true)) return;
  turn.wake("shared:retry", Millis(limits::kLinkSilence_ms));
}

void Hub::Parts::on_retry(RoomTurn& turn) {
  turn.state<Watch>().armed = false;
  if (look(turn)) arm(turn);
}

// Whoever has not moved since the last look, and is behind, is sent it again. True: somebody is.
bool Hub::Parts::look(RoomTurn& turn) {
  auto& watch = turn.state<Watch>();
  watch.lacking.clear();
  watch.asked.clear();
  watch.begun.clear();
  watch.waiting.clear();
  watch.held.clear();
  bool behind = false;
  for (const auto& [link, part] : turn.state<SharedLog>().participants()) {
    const auto state = links.find(link);
    if (state == links.end()) continue;
    const std::string group = group_of(link);
    const Position confirmed = turn.confirmed(group, link);
    if (confirmed >= (part.active() ? turn.room().last_position() : part.until)) continue;
    if (!part.active() && confirmed == 0) continue;  // it has all that was for it
    behind = behind || state->second.up;
    const auto stood = watch.stood.find(link);
    const bool still = stood != watch.stood.end() && stood->second == confirmed;
    if (still && state->second.up) turn.follow(group, link, confirmed + 1, false);
    watch.stood[link] = confirmed;
  }
  if (has_holes(turn.state<SharedLog>())) {
    // One may show only now: what an older hub had refused is offered by nobody.
    if (all_offered(turn)) {
      tell_gaps(turn);
    } else {
      ask_offers(turn);
    }
  }
  return behind;
}

}  // namespace hansa::hub
