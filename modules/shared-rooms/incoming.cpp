// What the hub sends about a room: welcomes, pages of the list, items in their order.

#include <algorithm>

#include "base/limits.h"
#include "modules/shared-rooms/parts.h"

namespace hansa::shared_rooms {

void SharedRooms::Parts::on_welcome(RoomTurn& turn, const xsr::Welcome& welcome) {
  const auto& log = turn.state<SharedLog>();
  const xsr::Version& at = welcome.point.version;
  if (log.exists() && log.log() != welcome.log) {
    turn.log(LogLevel::error,
             turn.room().address().text() + ": the hub has another room of this name");
    return;
  }
  const auto* epoch = log.epoch(at.epoch);
  if (log.exists() && epoch != nullptr && at <= epoch->end.version && log.chain_at(at) &&
      *log.chain_at(at) == welcome.point.chain && !turn.state<Here>().asked) {
    return ack(turn);  // it was welcomed before
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
  turn.state<Here>().asked = false;
  if (!anew) make_groups(turn);
  if (up) turn.pause(kGroupHub, false);
  // Our people's sessions are as long as the program's: the room is loaded at its start.
  turn.index("sessions/" + log.log(), turn.room().address().text());
  write_index(turn);
  sync_cursor(turn, true);
  ack(turn);
  send(turn, xsr::Fetch{turn.room().address(), log.log(), {}});
  arm(turn);
}

void SharedRooms::Parts::on_list(RoomTurn& turn, const xsr::List& list) {
  const auto& log = turn.state<SharedLog>();
  if (!log.exists() || log.log() != list.log) return;
  if (!log.syncing() || list.after != log.sync_after()) return;  // of an earlier time
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
  if (!list.complete) {
    send(turn, xsr::Fetch{turn.room().address(), log.log(), log.sync_after()});
    return;
  }
  update_people(turn);
}

// The list that we have is not the hub's, or its history is another one: from the beginning.
void SharedRooms::Parts::resync(RoomTurn& turn, const std::string& why) {
  const auto& log = turn.state<SharedLog>();
  auto& here = turn.state<Here>();
  if (std::exchange(here.asked, true)) return;
  turn.log(LogLevel::error, turn.room().address().text() + ": " + why + "; resynchronising");
  send(turn, xsr::Have{turn.room().address(), log.log(), {}, true, {}});
}

void SharedRooms::Parts::on_entry(RoomTurn& turn, const xsr::Entry& frame) {
  const auto& log = turn.state<SharedLog>();
  if (!log.exists()) {  // older than this room, here: a node restored
    return send(turn, xsr::Have{frame.room, frame.log, {}, true, {}});
  }
  if (log.log() != frame.log) return;
  if (settings.wrong.ack_early) {
    send(turn,
         xsr::Have{frame.room, frame.log, {frame.item.order, std::string(32, '0')}, false, {}});
  }
  const xsr::Item& item = frame.item;
  const xsr::Version& cur = log.version();
  if (item.kind == xsr::kKindEpoch) return take_epoch(turn, item);
  const bool next = item.order.epoch == cur.epoch && item.order.sequence == cur.sequence + 1;
  if (next || settings.wrong.out_of_order ||
      (settings.wrong.ignore_version && item.kind == xsr::kKindOperation)) {
    return take(turn, item);
  }
  const auto* epoch = log.epoch(item.order.epoch);
  const bool earlier = (epoch != nullptr && item.order <= epoch->end.version) ||
                       (!log.epochs().empty() && log.epochs().front().at == 0 &&
                        item.order < log.epochs().front().end.version);
  if (!earlier) return have_again(turn);
  if (!log.has(item.origin)) {
    // From before our welcome, or from a time that we lost: it is here now.
    xsr::Item old = item;
    turn.append(shared_log::to_entry({std::move(old), {}, false}));
    sync_cursor(turn, false);
  } else if (const Position at = log.position_of(item.origin); at > 0) {
    shared_log::StoredOrder order{item.origin, item.order, {}, true, {}};
    turn.append(engine::EntryKind::ordered, {shared_log::encode(order)});
    sync_cursor(turn, false);
  } else {
    ++counts.repeats;
  }
  ack(turn);
}

void SharedRooms::Parts::take_epoch(RoomTurn& turn, const xsr::Item& item) {
  const auto& log = turn.state<SharedLog>();
  const auto epoch = xsr::read_epoch(item.payload);
  if (!epoch) return;
  if (log.epoch(epoch->epoch) != nullptr) {
    ++counts.repeats;
    return ack(turn);
  }
  const xsr::Point& point = epoch->follows;
  const auto chain = log.chain_at(point.version);
  if (chain && *chain != point.chain) {
    ++counts.forks;
    return resync(turn, "the hub's history forks from ours");
  }
  if (!chain) {
    const auto* known = log.epoch(point.version.epoch);
    if (known == nullptr || point.version > known->end.version) {
      if (log.epochs().empty() || point.version > log.version()) return have_again(turn);
    }
    return resync(turn, "the hub begins again too long ago");
  }
  const bool back = point.version != log.version();
  const std::string after =
      xsr::next_chain(point.chain, log.log(), item.order, xsr::item_hash(item));
  turn.append(shared_log::to_entry({item, after, false}));
  turn.state<Here>().asked = false;
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

// The next item in order.
void SharedRooms::Parts::take(RoomTurn& turn, const xsr::Item& item) {
  const auto& log = turn.state<SharedLog>();
  const bool is_operation = item.kind == xsr::kKindOperation;
  const bool is_void = is_operation && wrong(turn, item.payload, item.origin);
  const std::string chain =
      xsr::next_chain(log.point().chain, log.log(), item.order, xsr::item_hash(item));
  const bool here = item.kind != xsr::kKindRefused && log.has(item.origin);
  if (here && !settings.wrong.skip_repeats) {
    shared_log::StoredOrder order{item.origin, item.order, chain, is_void, {}};
    if (is_operation) order.operation = item.payload;
    turn.append(engine::EntryKind::ordered, {shared_log::encode(order)});
  } else {
    turn.append(shared_log::to_entry({item, chain, is_void}));
  }
  if (is_operation && !is_void) {
    const auto operation = xsr::read_operation(item.payload);
    update_person(turn, operation->jid);
  }
  sync_cursor(turn, false);
  moved(turn, is_void ? std::string() : item.digest);
}

void SharedRooms::Parts::on_ordered(RoomTurn& turn, const xsr::Ordered& frame) {
  const auto& log = turn.state<SharedLog>();
  if (!log.exists() || log.log() != frame.log) return;
  const xsr::Version& cur = log.version();
  const bool next = frame.order.epoch == cur.epoch && frame.order.sequence == cur.sequence + 1;
  const Position at = log.position_of(frame.origin);
  if (!next) {
    const auto* epoch = log.epoch(frame.order.epoch);
    if (epoch == nullptr || frame.order > epoch->end.version) return have_again(turn);
    ++counts.repeats;
    if (at > 0) {
      shared_log::StoredOrder order{frame.origin, frame.order, {}, true, {}};
      turn.append(engine::EntryKind::ordered, {shared_log::encode(order)});
      sync_cursor(turn, false);
    }
    return ack(turn);
  }
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
  sync_cursor(turn, false);
  moved(turn, is_void ? std::string() : frame.digest);
}

// The room stands at a new version.
void SharedRooms::Parts::moved(RoomTurn& turn, const std::string& digest) {
  const auto& log = turn.state<SharedLog>();
  auto& here = turn.state<Here>();
  here.asked = false;
  write_index(turn);
  if (log.unordered().empty()) turn.index("lag/" + log.log(), std::nullopt);
  offered(turn);
  ack(turn);
  if (digest.empty() || log.syncing() || digest == log.digest()) return;
  if (here.resynced.insert(log.version().epoch).second) {
    resync(turn, "its member list is not the hub's");
  }
}

// The hub has no place for what we send: our part in the room is over.
void SharedRooms::Parts::on_problem(RoomTurn& turn, const xsr::Problem& problem) {
  const auto& log = turn.state<SharedLog>();
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
  sync_cursor(turn, false);
}

}  // namespace hansa::shared_rooms
