// What nodes send up: judged, ordered, or refused; repeats are dropped by their origin.

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "modules/hub/parts.h"

namespace hansa::hub {
namespace {

Error left_error() {
  return Error(Condition::not_allowed, "Nobody of yours is in that room any more.");
}

// It is here, or lost: what follows it may come.
bool is_settled(const SharedLog& log, const xsr::Origin& origin) {
  return log.has(origin) || log.is_lost(origin);
}

// What stands in the place of an item that was refused.
xsr::Item refused_item(const xsr::Item& item, const Error& why, Random& random) {
  xsr::Item refused = item;
  refused.kind = xsr::kKindRefused;
  refused.format = xsr::kFormat;
  refused.must_understand = false;
  refused.salt = shared_log::random_digits(random);
  refused.hash.clear();
  if (refused.id.empty()) refused.id = random_token(random, 20);
  refused.order = {};
  refused.after.reset();
  refused.payload =
      xsr::to_payload(xsr::Refused{std::string(row_of(why.condition).element), why.text});
  return refused;
}

}  // namespace

void Hub::Parts::on_entry(RoomTurn& turn, const std::string& link, const xsr::Entry& frame) {
  turn.go_on_as(frame.trace);
  const auto& log = turn.state<SharedLog>();
  const std::string address = turn.room().address().text();
  if (!log.exists() || log.log() != frame.log) {
    return problem(turn, link, address, Error(Condition::item_not_found));
  }
  const xsr::Item& item = frame.item;
  Position erased = 0;
  if (item.kind == xsr::kKindErasure && !log.has(item.origin)) {
    const auto found = shared_log::find_erased(turn, item.payload);
    if (!found) return;
    erased = *found;
  }
  begin_epoch(turn);
  if (log.has(item.origin) && !settings.wrong.skip_repeats) return on_repeat(turn, link, item);
  refresh(turn, link);
  const auto* part = log.participant(link);
  if ((part == nullptr || !part->active()) && !is_let_in(turn, link, item)) return;
  if (item.origin.link == link && item.after && !is_settled(log, *item.after) &&
      !settings.wrong.out_of_order) {
    return lacks(turn, link);
  }
  if (item.origin.link != link) {
    // Another's item: taken as long as this node offers what an earlier hub had ordered.
    const auto& offered = turn.state<Watch>().offered;
    const auto done = offered.find(link);
    if (done != offered.end() && done->second == log.version().epoch) {
      ++counts.refused;
      turn.log(LogLevel::warning, address + ": " + link + " sends an item of another enterprise");
      return problem(turn, link, address, Error(Condition::not_allowed));
    }
  }
  if (item.must_understand) {
    for (const auto& [other, state] : links) refresh(turn, other);
  }
  if (waits_for_key(turn, link, item)) return;
  if (const Status good = judge(log, item); !good) return refuse(turn, link, item, good.error());
  if (item.kind == xsr::kKindOperation) {
    const auto operation = xsr::read_operation(item.payload);
    if (operation->affiliation != "none" && operation->affiliation != "outcast") {
      admit(turn, operation->jid);
    }
  }
  turn.state<Watch>().lacking.erase(link);
  turn.state<Watch>().waiting.erase(link);
  xsr::Item ordered = item;
  ordered.order = {};
  order(turn, std::move(ordered));
  if (erased > 0) turn.erase_payload(erased);
}

// After a loss, acts of an enterprise may be offered by others before its node's first hello says
// its key. What a node offers is ordered as it comes: what follows such an act waits, too, and all
// of it comes again.
bool Hub::Parts::waits_for_key(RoomTurn& turn, const std::string& link, const xsr::Item& item) {
  auto& held = turn.state<Watch>().held;
  const auto first = held.find(link);
  if (first != held.end() && first->second != item.origin) return true;
  if (shared_log::is_act(item.kind) && !knows_key(turn, item.origin.link)) {
    held.try_emplace(link, item.origin);
    return true;
  }
  held.erase(link);
  return false;
}

bool Hub::Parts::knows_key(RoomTurn& turn, const std::string& link) {
  refresh(turn, link);
  const auto* part = turn.state<SharedLog>().participant(link);
  const bool will_know = part != nullptr && part->active() && configured(link) != nullptr;
  return !will_know || !part->what.key.empty() || pinned.contains(link);
}

// From an enterprise that takes no part here. If an older hub had let it in and we lost that, an
// operation says so, which it has itself or another one offers: nothing is final before all have
// offered what they have. False: the item is not taken.
bool Hub::Parts::is_let_in(RoomTurn& turn, const std::string& link, const xsr::Item& item) {
  const auto& log = turn.state<SharedLog>();
  if (item.kind == xsr::kKindOperation && judge(log, item)) return true;
  if (!all_offered(turn)) {
    turn.state<Watch>().put_off.insert(link);
    ask_offers(turn);
    return false;
  }
  // What stood before it was not taken, perhaps, when not all had offered. If this one were refused
  // now, that would be a hole, and be said to be lost.
  if (item.after && !is_settled(log, *item.after)) {
    auto& waiting = turn.state<Watch>().waiting;
    const auto [place, fresh] = waiting.try_emplace(link, item.origin);
    if (fresh) send(turn, link, xsr::Again{turn.room().address(), log.log()});
    if (fresh || place->second != item.origin) return false;
    // All that it has begins with this one: what was before is not there.
  }
  turn.state<Watch>().waiting.erase(link);
  if (log.participant(link) == nullptr) {
    problem(turn, link, turn.room().address().text(), Error(Condition::not_allowed));
  } else {
    refuse(turn, link, item, left_error());
  }
  return false;
}

void Hub::Parts::refuse(RoomTurn& turn, const std::string& link, const xsr::Item& item,
                        const Error& why) {
  ++counts.refused;
  turn.log(LogLevel::warning,
           turn.room().address().text() + ": an item of " + link + " is refused: " + why.text);
  order(turn, refused_item(item, why, turn.random()));
  // Who takes part no more is sent nothing of the room: it is told by itself.
  const auto* part = turn.state<SharedLog>().participant(link);
  if (part == nullptr || !part->active()) refuse_alone(turn, link, item);
}

void Hub::Parts::refuse_alone(RoomTurn& turn, const std::string& link, const xsr::Item& item) {
  send(turn, link,
       xsr::Entry{turn.room().address(), turn.state<SharedLog>().log(),
                  refused_item(item, left_error(), turn.random())});
}

// A node that sends what we have is told its order by what it is sent next, mostly. If it has
// confirmed all that was here when it sent that first, the order lies in a time that it missed (it
// was welcomed since): then it is told that we have the item.
void Hub::Parts::on_repeat(RoomTurn& turn, const std::string& link, const xsr::Item& item) {
  ++counts.repeats;
  const auto& log = turn.state<SharedLog>();
  const auto* part = log.participant(link);
  if (part == nullptr) return refuse_alone(turn, link, item);
  if (!part->active()) {
    // Where nothing goes any more it was refused, because that enterprise had left.
    const Position confirmed = turn.confirmed(group_of(link), link);
    if (confirmed == 0 || confirmed >= part->until) refuse_alone(turn, link, item);
    return;
  }
  auto& repeated = turn.state<Watch>().repeated[link];
  if (repeated.size() > limits::kSharedHistory) repeated.clear();
  repeated.try_emplace(item.origin, turn.room().last_position());
  answer_repeats(turn, link);
}

void Hub::Parts::answer_repeats(RoomTurn& turn, const std::string& link) {
  auto& repeated = turn.state<Watch>().repeated;
  const auto its = repeated.find(link);
  if (its == repeated.end()) return;
  const Position confirmed = turn.confirmed(group_of(link), link);
  const xsr::Version now{turn.state<SharedLog>().version().epoch, 0};
  std::erase_if(its->second, [&](const auto& one) {
    if (confirmed < one.second) return false;
    const auto& log = turn.state<SharedLog>().log();
    send(turn, link, xsr::Ordered{turn.room().address(), log, one.first, now, {}});
    return true;
  });
  if (its->second.empty()) repeated.erase(its);
}

// What stands before that item at its node never came: all of it again, which is said once, since
// what is on its way was sent before the node knew. It is sent again what it has not confirmed,
// too: it may not have heard that we lost something.
void Hub::Parts::lacks(RoomTurn& turn, const std::string& link) {
  if (!turn.state<Watch>().lacking.insert(link).second) return;
  const auto& log = turn.state<SharedLog>();
  send(turn, link, xsr::Again{turn.room().address(), log.log()});
  const auto* part = log.participant(link);
  if (part != nullptr && part->active()) {
    const std::string group = group_of(link);
    turn.follow(group, link, turn.confirmed(group, link) + 1, false);
  }
  arm(turn);
}

// Who offered is forgotten when the room leaves memory; «again» makes a node say so once more.
void Hub::Parts::ask_offers(RoomTurn& turn) {
  begin_epoch(turn);
  const auto& log = turn.state<SharedLog>();
  auto& watch = turn.state<Watch>();
  for (const auto& [link, part] : log.participants()) {
    const auto state = links.find(link);
    if (!part.active() || state == links.end() || !state->second.up) continue;
    const auto offered = watch.offered.find(link);
    if (offered != watch.offered.end() && offered->second == log.version().epoch) continue;
    if (watch.asked.insert(link).second) {
      send(turn, link, xsr::Again{turn.room().address(), log.log()});
    }
  }
  arm(turn);
}

// Numbers that are missing here, for a gap to be made or an item to be offered.
bool Hub::Parts::has_holes(const SharedLog& log) const {
  const auto holes = log.holes();
  return std::any_of(holes.begin(), holes.end(),
                     [&](const xsr::Gap& hole) { return hole.first.link != settings.domain; });
}

// In the epoch of this process.
bool Hub::Parts::all_offered(RoomTurn& turn) const {
  const auto& log = turn.state<SharedLog>();
  if (log.epochs().empty() || log.epochs().back().maker != incarnation) return false;
  const auto& offered = turn.state<Watch>().offered;
  return std::all_of(log.participants().begin(), log.participants().end(), [&](const auto& one) {
    const auto its = offered.find(one.first);
    return !one.second.active() || (its != offered.end() && its->second == log.version().epoch);
  });
}

void Hub::Parts::on_create(RoomTurn& turn, const std::string& link, const xsr::Create& frame) {
  const auto answer = [&](Condition condition) {
    send(turn, link,
         xsr::Created{frame.room, frame.log, frame.id, frame.user,
                      std::string(row_of(condition).element)});
  };
  const auto& log = turn.state<SharedLog>();
  if (log.exists()) {
    if (log.log() != frame.log) return answer(Condition::conflict);
    return send(turn, link, xsr::Created{frame.room, frame.log, frame.id, frame.user, {}});
  }
  const auto operation = xsr::read_operation(frame.item.payload);
  const Enterprise* enterprise = operation ? enterprise_of(operation->actor) : nullptr;
  const auto place = links.find(link);
  const bool first = operation && shared_log::begins_room(*operation) &&
                     frame.item.origin.link == link && frame.item.kind == xsr::kKindOperation;
  if (!first || enterprise == nullptr || enterprise->link != link || place == links.end() ||
      place->second.key.empty()) {
    return answer(Condition::not_allowed);
  }
  // Judged before anything is written: a room begins with an operation that counts.
  SharedLog fresh;
  engine::Entry created;
  created.kind = engine::EntryKind::created;
  created.shared.bytes = shared_log::encode(shared_log::Created{frame.log, settings.domain});
  fresh.apply(created);
  engine::Entry told;
  told.position = 2;
  told.kind = engine::EntryKind::welcomed;
  told.shared.bytes = shared_log::encode(shared_log::Welcomed{
      {}, {}, {{link, enterprise->domains, place->second.key, place->second.format}}});
  fresh.apply(told);
  if (!judge(fresh, frame.item)) return answer(Condition::not_authorized);

  turn.append(engine::EntryKind::created, created.shared);
  pass_epoch(turn, frame.past);
  admit(turn, operation->actor);
  xsr::Item item = frame.item;
  item.order = {};
  order(turn, std::move(item));
  send(turn, link, xsr::Created{frame.room, frame.log, frame.id, frame.user, {}});
}

// When every enterprise has offered what it has, a hole is a loss: it is said so in the log. Who
// took no part then may have it: if it comes back, that is an item like any other. And what was put
// off until then is asked for at once: by the time it is sent by itself the room may have left
// memory, with who had offered.
void Hub::Parts::on_offered(RoomTurn& turn, const std::string& link, const xsr::Offered& frame) {
  const auto& log = turn.state<SharedLog>();
  if (!log.exists() || log.log() != frame.log) return;
  if (frame.epoch != log.version().epoch) return;
  turn.state<Watch>().offered[link] = frame.epoch;
  if (!all_offered(turn)) return;
  for (const std::string& other : std::exchange(turn.state<Watch>().put_off, {})) {
    send(turn, other, xsr::Again{frame.room, frame.log});
  }
  tell_gaps(turn);
}

void Hub::Parts::tell_gaps(RoomTurn& turn) {
  if (settings.wrong.tell_no_gaps) return;
  for (const xsr::Gap& gap : turn.state<SharedLog>().holes()) {
    if (gap.first.link == settings.domain) continue;
    turn.log(LogLevel::error, turn.room().address().text() + ": items of " + gap.first.link +
                                  " are lost at every party");
    order(turn, own_item(turn, xsr::kKindGap, xsr::to_payload(gap)));
  }
}

}  // namespace hansa::hub
