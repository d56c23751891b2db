// How a room begins here, and begins anew: welcomes, pages of its list, and what is told in line
// after them.

#include <algorithm>

#include "base/limits.h"
#include "modules/shared-rooms/parts.h"

namespace hansa::shared_rooms {

// An epoch of before the welcome with which our history begins. By the counter: with the same one
// it is of another history.
bool is_of_before(const SharedLog& log, std::uint64_t epoch) {
  if (log.epochs().empty()) return false;
  const auto& first = log.epochs().front();
  return first.at == 0 && epoch >> 32U < first.epoch >> 32U;
}

bool lies_behind(const SharedLog& log, const xsr::Version& order) {
  const auto* epoch = log.epoch(order.epoch);
  return epoch != nullptr ? order <= epoch->end.version : is_of_before(log, order.epoch);
}

namespace {

// Rooms that are remembered to have been asked for.
constexpr std::size_t kAskedFor = 4096;

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
    if (at == log.version()) turn.state<Here>().asked = false;  // the newest
    if (!welcome.anew) time_begins(turn, welcome);
    return;
  }
  if ((!welcome.anew || is_unasked(turn, welcome)) && lacks_end(turn)) return have_again(turn);
  for (const auto& [link, pin] : settings.pinned) {
    for (const xsr::Enterprise& one : welcome.enterprises) {
      if (one.link != link || one.key == pin) continue;
      ++counts.bad_signatures;
      turn.log(LogLevel::error, "the hub says another key of " + link + " than the configured one");
    }
  }
  asked_for.erase(turn.room().address());
  const bool anew = log.exists();
  if (anew) {
    ++counts.resyncs;
    // Nothing of ours is in its history, or it made the room once more: it lost all of it.
    const bool is_lost = welcome.anew || turn.state<Here>().made_again;
    if (is_lost && log.epoch(at.epoch) == nullptr) offer_all(turn);
  } else {
    turn.append(engine::EntryKind::created,
                {shared_log::encode(shared_log::Created{welcome.log, settings.link})});
  }
  turn.append(
      engine::EntryKind::welcomed,
      {shared_log::encode(shared_log::Welcomed{welcome.point, welcome.key, welcome.enterprises})});
  auto& here = turn.state<Here>();
  here.asked = here.asked_anew = here.out = here.made_again = false;
  here.in_line = true;
  here.next = welcome.anew ? welcome.from : std::nullopt;
  here.next_stood.reset();
  here.fetch = 0;
  if (here.page != xsr::Version{}) turn.note(std::string(kPage), std::nullopt);
  if (welcome.anew != here.behind) {
    turn.note(std::string(kBehind), welcome.anew ? std::optional<std::string>("1") : std::nullopt);
  }
  if (here.doubted) turn.note(std::string(kAnew), std::nullopt);
  if (!anew) make_groups(turn);
  // Who is in it is known when the list is here: until then nobody is told what is said.
  turn.pause(kGroupPeople, true);
  if (up) turn.pause(kGroupHub, here.offer.has_value());
  here.offering.clear();
  offer_on(turn);
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
  // Of an epoch that is not here: its key, or another history, is still to come.
  const bool later = list.version.epoch == log.version().epoch;
  if (!later && !lies_behind(log, list.version)) return;
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
  // The room may leave memory before it is answered.
  turn.note(std::string(kAnew), "1");
  write_index(turn);
  ask_anew(turn);
}

void SharedRooms::Parts::ask_anew(RoomTurn& turn) {
  turn.state<Here>().asked_anew = true;
  send(turn,
       xsr::Have{turn.room().address(), turn.state<SharedLog>().log(), {}, true, incarnation, {}});
  arm(turn);
}

// It is of a time before our history, and we lack nothing of that: the hub has lost ours, or an
// earlier connection repeats it.
void SharedRooms::Parts::said_of_before(RoomTurn& turn, const xsr::Version& order) {
  const auto& here = turn.state<Here>();
  if (here.behind || here.out) return;
  if (is_of_before(turn.state<SharedLog>(), order.epoch)) have_again(turn);
}

// A write failed, or we began anew, while what lies before our welcome came: what of it is here
// cannot be told from the orders, and to acknowledge anything would acknowledge all of it.
bool SharedRooms::Parts::lost_place(RoomTurn& turn) {
  const auto& here = turn.state<Here>();
  if (!here.behind || here.in_line) return false;
  have_again(turn);
  return true;
}

// Of an item that is here without order, that it was given one long ago: only what comes after a
// welcome that was told beside the log says so for the first time. An earlier connection may repeat
// it when the hub has lost that order since.
bool SharedRooms::Parts::may_tell_order(RoomTurn& turn, const xsr::Version& order) const {
  const auto& here = turn.state<Here>();
  return here.behind && (!here.next || order >= *here.next);
}

// Of what comes after a welcome that was told beside the log: it comes with all that stands before
// it, but for times in which we took no part (time_begins). What is of an earlier connection does
// not, and acknowledges nothing.
bool SharedRooms::Parts::follows(RoomTurn& turn, const xsr::Item& item) {
  auto& here = turn.state<Here>();
  if (!here.behind || !here.next || item.order < *here.next) return true;
  bool so = item.order == *here.next;
  if (!so && item.kind == xsr::kKindEpoch) {
    const auto epoch = xsr::read_epoch(item.payload);
    const xsr::Version after = epoch ? epoch->follows.version : xsr::Version{};
    so = after.epoch == here.next->epoch && after.sequence + 1 == here.next->sequence;
  }
  if (so) here.next = xsr::Version{item.order.epoch, item.order.sequence + 1};
  return so;
}

// A welcome that stands in the log. Amid what lies before another one, told beside the log, it is
// what comes next, or another time in which we took part, which follows the end of the one before.
void SharedRooms::Parts::time_begins(RoomTurn& turn, const xsr::Welcome& welcome) {
  auto& here = turn.state<Here>();
  const xsr::Version& at = welcome.point.version;
  said_of_before(turn, at);
  if (!here.behind) return ack(turn, at);
  if (!here.in_line || !here.next || at < *here.next) return;
  const auto& last = welcome.after;
  const bool so =
      !last || (last->epoch == here.next->epoch && last->sequence + 1 == here.next->sequence);
  if (so || at == *here.next) here.next = xsr::Version{at.epoch, at.sequence + 1};
}

// We lack nothing, and are to begin anew with a time of before: an earlier connection says so, most
// likely. If the hub was put back, it says so again when it is asked.
bool SharedRooms::Parts::is_unasked(RoomTurn& turn, const xsr::Welcome& welcome) const {
  const auto& log = turn.state<SharedLog>();
  const auto& here = turn.state<Here>();
  return log.exists() && !here.asked_anew && !here.behind &&
         is_of_before(log, welcome.point.version.epoch);
}

// Another time begins for us, and we have not seen the end of the one before: that comes first, or
// the welcome that begins anew if we asked for that. If neither does, the hub cannot say it, and
// this is its answer.
bool SharedRooms::Parts::lacks_end(RoomTurn& turn) {
  const auto* self = turn.state<SharedLog>().participant(settings.link);
  const bool is_in = self != nullptr && self->active();
  const xmpp::Jid& room = turn.room().address();
  if (is_in) {
    if (ends_asked.size() >= kAskedFor) ends_asked.clear();
    const auto first = ends_asked.try_emplace(room, turn.mono()).first->second;
    if (turn.mono() - first < Millis(limits::kLinkSilence_ms / 2)) return true;
  }
  ends_asked.erase(room);
  return false;
}

bool SharedRooms::Parts::may_ask_for(RoomTurn& turn) {
  if (asked_for.size() >= kAskedFor) asked_for.clear();
  const auto [asked, fresh] = asked_for.try_emplace(turn.room().address(), turn.mono());
  if (!fresh && turn.mono() - asked->second < Millis(limits::kLinkSilence_ms / 2)) return false;
  asked->second = turn.mono();
  return true;
}

// Of a room that is not here: a node restored, or its disk refused the welcome. Not at once again:
// a hub that cannot answer (its disk is full) would be asked as fast as the link carries it.
void SharedRooms::Parts::ask_for_room(RoomTurn& turn, const xsr::Entry& frame) {
  if (!may_ask_for(turn)) return;
  send(turn, xsr::Have{frame.room, frame.log, {}, true, incarnation, {}, true});
}

}  // namespace hansa::shared_rooms
