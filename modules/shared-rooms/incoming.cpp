// What the hub sends about a room: welcomes, pages of the list, items in their order.

#include <algorithm>

#include "base/limits.h"
#include "modules/shared-rooms/parts.h"

namespace hansa::shared_rooms {
namespace {

// It is of this history, or of before the welcome with which ours begins.
bool lies_behind(const SharedLog& log, const xsr::Version& order) {
  const auto* epoch = log.epoch(order.epoch);
  if (epoch != nullptr) return order <= epoch->end.version;
  if (log.epochs().empty()) return false;
  const auto& first = log.epochs().front();
  return first.at == 0 && order < first.end.version;
}

// It came before: the point is of our history, or the time that it begins is of before the welcome
// with which ours begins.
bool was_welcomed(const SharedLog& log, const xsr::Welcome& welcome) {
  const xsr::Version& at = welcome.point.version;
  if (!lies_behind(log, at)) return false;
  const auto chain = log.chain_at(at);
  return chain ? *chain == welcome.point.chain : !welcome.anew;
}

}  // namespace

void SharedRooms::Parts::on_welcome(RoomTurn& turn, const xsr::Welcome& welcome) {
  const auto& log = turn.state<SharedLog>();
  const xsr::Version& at = welcome.point.version;
  if (log.exists() && log.log() != welcome.log) {
    turn.log(LogLevel::error,
             turn.room().address().text() + ": the hub has another room of this name");
    return;
  }
  if (log.exists() && !turn.state<Here>().asked_anew && was_welcomed(log, welcome)) {
    turn.state<Here>().asked = false;
    if (!welcome.anew && !turn.state<Here>().behind) ack(turn, at);
    return;
  }
  for (const auto& [link, pin] : settings.pinned) {
    for (const xsr::Enterprise& one : welcome.enterprises) {
      if (one.link != link || one.key == pin) continue;
      ++counts.bad_signatures;
      turn.log(LogLevel::error, "the hub says another key of " + link + " than the configured one");
    }
  }
  const bool anew = log.exists();
  if (anew) {
    ++counts.resyncs;
  } else {
    turn.append(engine::EntryKind::created,
                {shared_log::encode(shared_log::Created{welcome.log, settings.link})});
  }
  turn.append(
      engine::EntryKind::welcomed,
      {shared_log::encode(shared_log::Welcomed{welcome.point, welcome.key, welcome.enterprises})});
  auto& here = turn.state<Here>();
  here.asked = here.asked_anew = here.out = false;
  here.in_line = true;
  here.next = welcome.anew ? welcome.from : std::nullopt;
  here.next_stood.reset();
  here.fetch = 0;
  if (here.page != xsr::Version{}) turn.note(std::string(kPage), std::nullopt);
  if (welcome.anew != here.behind) {
    turn.note(std::string(kBehind), welcome.anew ? std::optional<std::string>("1") : std::nullopt);
  }
  if (!anew) make_groups(turn);
  // Who is in it is known when the list is here: until then nobody is told what is said.
  turn.pause(kGroupPeople, true);
  if (up) turn.pause(kGroupHub, false);
  // Our people's sessions are as long as the program's: the room is loaded at its start.
  turn.index("sessions/" + log.log(), turn.room().address().text());
  write_index(turn);
  sync_cursor(turn, true);
  // What is of before comes again, and is acknowledged as it comes.
  if (!welcome.anew) ack(turn, at);
  fetch(turn);
  arm(turn);
}

void SharedRooms::Parts::on_list(RoomTurn& turn, const xsr::List& list) {
  const auto& log = turn.state<SharedLog>();
  if (!log.exists() || log.log() != list.log) return;
  // Of an earlier time. (A hub of before gives no id back.)
  if (!log.syncing() || list.after != log.sync_after()) return;
  if (list.id != 0 && list.id != turn.state<Here>().fetch) return;
  shared_log::ListPage page{list.version, list.complete, {}};
  for (const xsr::Record& record : list.records) {
    const Status good =
        settings.wrong.accept_unsigned
            ? Status(Done{})
            : shared_log::check_signature(log, record.operation, record.origin, settings.pinned);
    if (good) {
      page.records.push_back(record);
      continue;
    }
    ++counts.bad_signatures;
    turn.log(LogLevel::error, turn.room().address().text() + ": the hub's record of " +
                                  record.operation.jid + " is not signed as it should be");
  }
  turn.append(engine::EntryKind::list_page, {shared_log::encode(page)});
  if (page.version > turn.state<Here>().page) {
    turn.note(std::string(kPage),
              std::to_string(page.version.epoch) + ' ' + std::to_string(page.version.sequence));
  }
  if (!list.complete) {
    return fetch(turn);
  }
  if (list.digest == log.digest()) turn.state<Here>().resynced.erase(log.version().epoch);
  update_people(turn);
  turn.pause(kGroupPeople, false);
}

// The list that we have is not the hub's, or its history is another one: from the beginning.
void SharedRooms::Parts::resync(RoomTurn& turn, const std::string& why) {
  if (turn.state<Here>().asked_anew) return;
  turn.log(LogLevel::error, turn.room().address().text() + ": " + why + "; resynchronising");
  ask_anew(turn);
}

void SharedRooms::Parts::ask_anew(RoomTurn& turn) {
  turn.state<Here>().asked_anew = true;
  send(turn,
       xsr::Have{turn.room().address(), turn.state<SharedLog>().log(), {}, true, incarnation, {}});
  arm(turn);
}

// A write failed, or we began anew, while what lies before our welcome came: what of it is here
// cannot be told from the orders, and to acknowledge anything would acknowledge all of it.
bool SharedRooms::Parts::lost_place(RoomTurn& turn) {
  const auto& here = turn.state<Here>();
  if (!here.behind || here.in_line) return false;
  have_again(turn);
  return true;
}

// Of what comes after a welcome that was told beside the log: it comes with all that stands before
// it. What is of an earlier connection does not, and acknowledges nothing.
bool SharedRooms::Parts::follows(RoomTurn& turn, const xsr::Item& item) {
  auto& here = turn.state<Here>();
  if (!here.behind || !here.next || item.order < *here.next) return true;
  bool so = item.order == *here.next;
  if (!so && item.kind == xsr::kKindEpoch) {
    const auto epoch = xsr::read_epoch(item.payload);
    const xsr::Version after = epoch ? epoch->follows.version : xsr::Version{};
    so = after.epoch == here.next->epoch && after.sequence + 1 == here.next->sequence;
  } else if (!so && item.kind == xsr::kKindEnterprise) {  // another time in which we took part
    const auto enterprise = xsr::read_enterprise(item.payload);
    so = enterprise && enterprise->link == settings.link;
  }
  if (so) here.next = xsr::Version{item.order.epoch, item.order.sequence + 1};
  return so;
}

void SharedRooms::Parts::on_entry(RoomTurn& turn, const xsr::Entry& frame) {
  const auto& log = turn.state<SharedLog>();
  if (!log.exists()) {  // older than this room, here: a node restored
    return send(turn, xsr::Have{frame.room, frame.log, {}, true, incarnation, {}, true});
  }
  if (log.log() != frame.log) return;
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
    if (log.position_of(item.origin) == 0) return;
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
    return take(turn, item);
  }
  if (!lies_behind(log, item.order)) return have_again(turn);
  // Not stored either: an enterprise's items are stored as they follow each other.
  if (!follows(turn, item)) return;
  if (!log.has(item.origin)) {
    // From before our welcome, or from a time that we lost: it is here now.
    bool is_void = false;
    if (item.kind == xsr::kKindOperation && !settings.wrong.accept_unsigned) {
      const auto operation = xsr::read_operation(item.payload);
      is_void =
          !operation || !shared_log::check_signature(log, *operation, item.origin, settings.pinned);
    }
    turn.append(shared_log::to_entry({item, {}, is_void}));
    settled(turn);
  } else if (const Position at = log.position_of(item.origin); at > 0) {
    shared_log::StoredOrder order{item.origin, item.order, {}, true, {}};
    turn.append(engine::EntryKind::ordered, {shared_log::encode(order)});
    settled(turn);
  } else {
    ++counts.repeats;
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
  const auto counter = [](std::uint64_t number) { return number >> 32; };
  if (!log.epochs().empty() && log.epochs().front().at == 0 &&
      counter(epoch->epoch) < counter(log.epochs().front().epoch)) {
    // Of before our welcome, which comes again with what was ordered in it.
    ++counts.repeats;
    if (follows(turn, item)) ack(turn, item.order);
    return;
  }
  if (!follows(turn, item)) return;
  const xsr::Point& point = epoch->follows;
  const auto chain = log.chain_at(point.version);
  if (chain && *chain != point.chain) {
    ++counts.forks;
    return resync(turn, "the hub's history forks from ours");
  }
  if (!chain) {
    const auto* known = log.epoch(point.version.epoch);
    if (known == nullptr || point.version > known->end.version) return have_again(turn);
    return resync(turn, "the hub begins again too long ago");
  }
  if (turn.state<Here>().page > point.version) {
    return resync(turn, "the hub begins again before our list");
  }
  const bool back = point.version != log.version();
  const std::string after =
      xsr::next_chain(point.chain, log.log(), item.order, xsr::item_hash(item));
  turn.append(shared_log::to_entry({item, after, false}));
  if (back) {
    counts.offered += log.unordered().size();
    turn.log(LogLevel::warning, turn.room().address().text() + ": the hub has lost " +
                                    "what it ordered; it is offered again");
    if (!log.unordered().empty()) {
      turn.index("lag/" + log.log(), turn.room().address().text());
    }
    update_people(turn);
  }
  sync_cursor(turn, back);
  arm(turn);
  moved(turn, {});
}

// True: it changes nothing here, because it is not what its actor may do.
bool SharedRooms::Parts::wrong(RoomTurn& turn, const std::string& payload,
                               const xsr::Origin& origin) {
  const auto& log = turn.state<SharedLog>();
  const auto operation = xsr::read_operation(payload);
  if (!operation) return true;
  Status good = Done{};
  if (!settings.wrong.accept_unsigned) {
    good = shared_log::check_signature(log, *operation, origin, settings.pinned);
  }
  // While pages arrive the list is partly of a later time.
  if (good && !log.syncing()) good = shared_log::check_right(log, *operation);
  if (good) return false;
  ++counts.bad_signatures;
  turn.log(LogLevel::error, turn.room().address().text() + ": the hub ordered a change of " +
                                operation->jid + " that counts for nothing: " + good.error().text);
  return true;
}

// The next item in order. What we have of it without order is as it was made: that counts, and not
// what became of it on its way.
void SharedRooms::Parts::take(RoomTurn& turn, const xsr::Item& item) {
  const auto& log = turn.state<SharedLog>();
  const bool here = item.kind != xsr::kKindRefused && log.has(item.origin);
  const Position at = here ? log.position_of(item.origin) : 0;
  shared_log::Pending its{item.origin, item.kind, {}, item.payload};
  if (at > 0) its = log.unordered().at(at);
  if (its.hash.empty()) its.hash = xsr::item_hash(item);
  const bool is_operation = its.kind == xsr::kKindOperation;
  const bool is_void = is_operation && wrong(turn, its.operation, item.origin);
  const std::string chain = xsr::next_chain(log.point().chain, log.log(), item.order, its.hash);
  if (here && !settings.wrong.skip_repeats) {
    shared_log::StoredOrder order{item.origin, item.order, chain, is_void, {}};
    if (is_operation) order.operation = its.operation;
    turn.append(engine::EntryKind::ordered, {shared_log::encode(order)});
  } else {
    turn.append(shared_log::to_entry({item, chain, is_void}));
  }
  if (is_operation && !is_void) {
    const auto operation = xsr::read_operation(its.operation);
    update_person(turn, operation->jid);
  }
  // If it counts at the hub, it is not what the hub ordered: our list is no longer the hub's.
  moved(turn, item.digest);
}

void SharedRooms::Parts::on_ordered(RoomTurn& turn, const xsr::Ordered& frame) {
  const auto& log = turn.state<SharedLog>();
  if (!log.exists() || log.log() != frame.log) return;
  const xsr::Version& cur = log.version();
  const bool next = frame.order.epoch == cur.epoch && frame.order.sequence == cur.sequence + 1;
  const Position at = log.position_of(frame.origin);
  if (frame.order == xsr::Version{}) {  // the hub has it, in an order of before our welcome
    if (at == 0) return;
    turn.append(engine::EntryKind::ordered,
                {shared_log::encode(shared_log::StoredOrder{frame.origin, {}, {}, true, {}})});
    return settled(turn);
  }
  if (lost_place(turn)) return;
  xsr::Item placed;
  placed.order = frame.order;
  if (!next) {
    if (!lies_behind(log, frame.order)) return have_again(turn);
    ++counts.repeats;
    // Said to an earlier life of ours, which we lost: the item comes whole.
    if (!log.has(frame.origin)) return;
    if (!follows(turn, placed)) return;
    if (at > 0) {
      shared_log::StoredOrder order{frame.origin, frame.order, {}, true, {}};
      turn.append(engine::EntryKind::ordered, {shared_log::encode(order)});
      settled(turn);
    }
    if (frame.order == cur) turn.state<Here>().asked = false;
    caught_up(turn, frame.order);
    return ack(turn, frame.order);
  }
  if (!follows(turn, placed)) return;
  if (at == 0) return have_again(turn);  // ours, and not here: it will come whole
  const shared_log::Pending item = log.unordered().at(at);
  const bool is_operation = item.kind == xsr::kKindOperation;
  const bool is_void = is_operation && wrong(turn, item.operation, item.origin);
  const std::string chain = xsr::next_chain(log.point().chain, log.log(), frame.order, item.hash);
  shared_log::StoredOrder order{frame.origin, frame.order, chain, is_void, {}};
  turn.append(engine::EntryKind::ordered, {shared_log::encode(order)});
  if (is_operation && !is_void) {
    const auto operation = xsr::read_operation(item.operation);
    update_person(turn, operation->jid);
  }
  moved(turn, frame.digest);
}

// The room stands at a new version.
void SharedRooms::Parts::moved(RoomTurn& turn, const std::string& digest) {
  const auto& log = turn.state<SharedLog>();
  auto& here = turn.state<Here>();
  here.asked = false;
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
    here.in_line = true;  // what is still for us comes from its beginning now
    here.next.reset();
  }
  if (!log.exists() || problem.condition != "not-allowed") return;
  const auto* self = log.participant(settings.link);
  if (self != nullptr && self->active()) return;  // it has lost that; it will be told
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
  settled(turn);
}

}  // namespace hansa::shared_rooms
