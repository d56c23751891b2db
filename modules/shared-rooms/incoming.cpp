// What the hub sends about a room in its order: items, orders of our own, epochs, problems.

#include <algorithm>

#include "base/limits.h"
#include "modules/shared-rooms/parts.h"

namespace hansa::shared_rooms {

void SharedRooms::Parts::on_entry(RoomTurn& turn, const xsr::Entry& frame) {
  turn.go_on_as(frame.trace);
  const auto& log = turn.state<SharedLog>();
  if (!log.exists()) return ask_for_room(turn, frame);
  if (log.log() != frame.log) return;
  const auto erased = erased_by(turn, as_made(log, frame.item));
  if (!erased) return;
  if (settings.wrong.ack_early) {
    send(turn, xsr::Have{frame.room,
                         frame.log,
                         {frame.item.order, std::string(32, '0')},
                         false,
                         incarnation,
                         {}});
  }
  const xsr::Item& item = frame.item;
  const xsr::Version& cur = log.version();
  if (item.kind == xsr::kKindRefused && item.order == xsr::Version{}) {
    // We had left when it came there: nothing of the room comes here any more but this.
    if (log.position_of(item.origin) == 0) return offer_answered(turn, item.origin);
    turn.append(shared_log::to_entry({item, {}, false}));
    return settled(turn);
  }
  if (lost_place(turn)) return;
  if (item.kind == xsr::kKindEpoch) return take_epoch(turn, item);
  const bool next = item.order.epoch == cur.epoch && item.order.sequence == cur.sequence + 1;
  // While what lies before our welcome is still to come, what follows the end of it is too early.
  if (next && !follows(turn, item)) return;
  if (next || settings.wrong.out_of_order ||
      (settings.wrong.ignore_version && item.kind == xsr::kKindOperation)) {
    return take(turn, item, *erased);
  }
  if (!lies_behind(log, item.order)) return have_again(turn);
  said_of_before(turn, item.order);
  // Not stored either: an enterprise's items are stored as they follow each other.
  const bool told = may_tell_order(turn, item.order);
  if (!follows(turn, item)) return;
  if (!log.has(item.origin)) {
    // From before our welcome, or from a time that we lost: it is here now.
    const bool is_void =
        shared_log::is_act(item.kind) && !judge(log, as_made(log, item), Judged::signature);
    shared_log::append_item(turn, {item, {}, is_void});
    if (*erased > 0 && !is_void) turn.erase_payload(*erased);
    settled(turn);
  } else if (const Position at = log.position_of(item.origin); at > 0) {
    if (!told) return;
    shared_log::StoredOrder order{item.origin, item.order, {}, true, {}};
    turn.append(engine::EntryKind::ordered, {shared_log::encode(order)});
    if (*erased > 0) turn.erase_payload(*erased);
    settled(turn);
  } else {
    ++counts.repeats;
    offer_answered(turn, item.origin);
  }
  if (item.order == cur) turn.state<Here>().asked = false;  // the newest
  caught_up(turn, item.order);
  // Not more than this: after a second welcome what is before it comes in order.
  ack(turn, item.order);
}

void SharedRooms::Parts::take_epoch(RoomTurn& turn, const xsr::Item& item) {
  const auto& log = turn.state<SharedLog>();
  const auto epoch = xsr::read_epoch(item.payload);
  if (!epoch) return;
  if (log.epoch(epoch->epoch) != nullptr) {
    ++counts.repeats;
    if (!follows(turn, item)) return;
    if (item.order == log.version()) turn.state<Here>().asked = false;
    caught_up(turn, item.order);
    return ack(turn, item.order);
  }
  if (is_of_before(log, epoch->epoch)) {  // it comes again with what was ordered in it
    ++counts.repeats;
    said_of_before(turn, item.order);
    if (follows(turn, item)) ack(turn, item.order);
    return;
  }
  if (!follows(turn, item)) return;
  // It began here once, and was taken back: an earlier connection repeats it. Or the hub was put
  // back to a time with it: then it says so again when it is asked. (After a second welcome it
  // follows where we stand.)
  if (log.has(item.origin) && epoch->follows.version != log.version()) {
    if (!turn.state<Here>().asked) return have_again(turn);
    return resync(turn, "the hub is in a time that it had lost");
  }
  const xsr::Point& point = epoch->follows;
  const auto chain = log.chain_at(point.version);
  if (chain && *chain != point.chain) {
    ++counts.forks;
    return resync(turn, "the hub's history forks from ours");
  }
  if (!chain || log.has_forgotten(point.version)) {
    const auto* known = log.epoch(point.version.epoch);
    if (known == nullptr || point.version > known->end.version) return have_again(turn);
    offer_all(turn);
    return resync(turn, "the hub begins again too long ago");
  }
  if (turn.state<Here>().page > point.version) {
    offer_all(turn);
    return resync(turn, "the hub begins again before our list");
  }
  const bool back = point.version != log.version();
  if (back && log.lost_sight_past(point.version)) offer_all(turn);
  const std::string after =
      xsr::next_chain(point.chain, log.log(), item.order, xsr::item_hash(item));
  turn.append(shared_log::to_entry({item, after, false}));
  if (back) {
    counts.offered += log.unordered().size();
    turn.log(LogLevel::warning, turn.room().address().text() + ": the hub has lost " +
                                    "what it ordered; it is offered again");
    if (!log.unordered().empty()) waits(turn);
    update_people(turn);
  }
  sync_cursor(turn, back);
  arm(turn);
  offer_on(turn);
  if (log.syncing()) fetch(turn);  // a page of this epoch that came before it was passed over
  moved(turn, {});
}

// The next item in order.
void SharedRooms::Parts::take(RoomTurn& turn, const xsr::Item& item, Position erased) {
  const auto& log = turn.state<SharedLog>();
  const bool here = item.kind != xsr::kKindRefused && log.has(item.origin);
  shared_log::Pending its = as_made(log, item);
  if (its.hash.empty()) its.hash = xsr::item_hash(item);
  const bool acts = shared_log::is_act(its.kind);
  const bool is_void = acts && wrong(turn, its, item.order);
  const std::string chain = xsr::next_chain(log.point().chain, log.log(), item.order, its.hash);
  if (here && !settings.wrong.skip_repeats) {
    shared_log::StoredOrder order{item.origin, item.order, chain, is_void, {}};
    if (acts) order.payload = its.operation;
    if (item.kind == xsr::kKindEnterprise) order.payload = item.payload;
    turn.append(engine::EntryKind::ordered, {shared_log::encode(order)});
  } else {
    shared_log::append_item(turn, {item, chain, is_void});
  }
  if (acts && !is_void) acted(turn, its, erased);
  offer_answered(turn, item.origin);
  // If it counts at the hub, it is not what the hub ordered: our list is no longer the hub's.
  moved(turn, item.digest);
}

void SharedRooms::Parts::on_ordered(RoomTurn& turn, const xsr::Ordered& frame) {
  const auto& log = turn.state<SharedLog>();
  if (!log.exists() || log.log() != frame.log) return;
  const xsr::Version& cur = log.version();
  const bool next = frame.order.epoch == cur.epoch && frame.order.sequence == cur.sequence + 1;
  const Position at = log.position_of(frame.origin);
  const auto& offering = turn.state<Here>().offering;
  const auto offered = offering.find(frame.origin);
  shared_log::Pending item;
  if (at > 0) item = log.unordered().at(at);
  if (at == 0 && offered != offering.end()) item = offered->second;
  const auto erased = erased_by(turn, item);
  if (!erased) return;
  if (frame.order.sequence == 0) {  // the hub has it, in an order of before our welcome
    // A hub that lost it since said so, or it is in a time that we do not know.
    if (log.epoch(frame.order.epoch) == nullptr) return have_again(turn);
    if (frame.order.epoch != log.version().epoch) return;
    if (at == 0) return offer_answered(turn, frame.origin);
    turn.append(engine::EntryKind::ordered,
                {shared_log::encode(shared_log::StoredOrder{frame.origin, {}, {}, true, {}})});
    if (*erased > 0) turn.erase_payload(*erased);
    return settled(turn);
  }
  if (lost_place(turn)) return;
  xsr::Item placed;
  placed.order = frame.order;
  if (!next) {
    if (!lies_behind(log, frame.order)) return have_again(turn);
    said_of_before(turn, frame.order);
    ++counts.repeats;
    // Said to an earlier life of ours, which we lost: the item comes whole.
    if (!log.has(frame.origin)) return;
    if (at > 0 && !may_tell_order(turn, frame.order)) return;
    if (!follows(turn, placed)) return;
    if (at > 0) {
      shared_log::StoredOrder order{frame.origin, frame.order, {}, true, {}};
      turn.append(engine::EntryKind::ordered, {shared_log::encode(order)});
      if (*erased > 0) turn.erase_payload(*erased);
      settled(turn);
    }
    offer_answered(turn, frame.origin);
    if (frame.order == cur) turn.state<Here>().asked = false;
    caught_up(turn, frame.order);
    return ack(turn, frame.order);
  }
  if (!follows(turn, placed)) return;
  if (item.kind.empty()) return have_again(turn);  // ours, and not here: it will come whole
  const bool acts = shared_log::is_act(item.kind);
  const bool is_void = acts && wrong(turn, item, frame.order);
  const std::string chain = xsr::next_chain(log.point().chain, log.log(), frame.order, item.hash);
  shared_log::StoredOrder order{frame.origin, frame.order, chain, is_void, {}};
  if (acts && at == 0) order.payload = item.operation;
  turn.append(engine::EntryKind::ordered, {shared_log::encode(order)});
  if (acts && !is_void) acted(turn, item, *erased);
  offer_answered(turn, frame.origin);
  moved(turn, frame.digest);
}

// The room stands at a new version.
void SharedRooms::Parts::moved(RoomTurn& turn, const std::string& digest) {
  const auto& log = turn.state<SharedLog>();
  auto& here = turn.state<Here>();
  here.asked = false;
  ends_asked.erase(turn.room().address());
  write_index(turn);
  caught_up(turn, log.version());
  settled(turn);
  ack(turn, log.version());
  // A page of the list may be of a later time than the items that have come.
  if (digest.empty() || log.syncing() || log.list_version() > log.version()) return;
  const std::uint64_t epoch = log.version().epoch;
  if (digest == log.digest()) {
    here.resynced.erase(epoch);
  } else if (here.resynced.insert(epoch).second) {
    resync(turn, "its member list is not the hub's");
  }
}

// The hub has no place for what we send: our part in the room is over.
void SharedRooms::Parts::on_problem(RoomTurn& turn, const xsr::Problem& problem) {
  const auto& log = turn.state<SharedLog>();
  if (problem.condition == "gone") {
    auto& here = turn.state<Here>();
    here.out = true;
    here.asked = here.asked_anew = false;
    if (here.doubted) turn.note(std::string(kAnew), std::nullopt);
    here.in_line = true;  // what is still for us comes from its beginning now
    here.next.reset();
  }
  if (log.exists() && problem.condition == "item-not-found") return create_again(turn);
  if (!log.exists() || problem.condition != "not-allowed") return;
  const auto* self = log.participant(settings.link);
  if (self != nullptr && self->active()) return have_again(turn);  // it has lost that
  while (!log.unordered().empty()) {
    const auto pending = log.unordered().begin()->second;
    xsr::Item item;
    item.kind = xsr::kKindRefused;
    item.origin = pending.origin;
    item.stamp = turn.now();
    item.id = random_token(turn.random(), 20);
    item.salt = shared_log::random_digits(turn.random());
    item.payload = xsr::to_payload(xsr::Refused{problem.condition, problem.text});
    turn.append(shared_log::to_entry({std::move(item), {}, false}));
  }
  offer_ends(turn);  // nor for anything else that we have
}

}  // namespace hansa::shared_rooms
