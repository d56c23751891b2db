// The disk failed: what is forgotten with it, and what is kept.

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "base/limits.h"
#include "engine/executor.h"
#include "engine/impl.h"
#include "engine/letters.h"

namespace hansa::engine {
namespace {

// Notes that were refused are tried again then, or with what is stored next. So many bytes of them
// are kept: they find room beside what is new.
constexpr Millis kRefusedAgain{5000};
constexpr std::size_t kRefusedBytes = limits::kBatchBytes / 4;

std::size_t bytes_of(const std::vector<storage::Change>& changes) {
  std::size_t sum = 0;
  for (const storage::Change& one : changes) {
    sum += one.key.size() + (one.value ? one.value->size() : 0);
  }
  return sum;
}

// What is written later to a key stands.
void put_before(std::vector<storage::Change> earlier, std::vector<storage::Change>& later) {
  std::set<std::string_view> keys;
  for (const storage::Change& one : later) keys.insert(one.key);
  std::erase_if(earlier, [&](const storage::Change& one) { return keys.contains(one.key); });
  later.insert(later.begin(), std::make_move_iterator(earlier.begin()),
               std::make_move_iterator(earlier.end()));
}

constexpr std::string_view kBusy = "The room could not store that; please try again.";

}  // namespace

void RoomExecutor::report(const std::string& why) {
  if (std::exchange(engine_.disk_trouble, true)) return;
  engine_.log.error("storage",
                    address_.text() + ": not stored: " + why + "; senders are told to try again");
}

// Nothing of the batch in flight is there. Notes alone, for which nobody waits, are no reason to
// forget the room: whoever is in it would hear again what he has.
void RoomExecutor::not_written(const std::string& why) {
  const std::size_t kept =
      bytes_of(flight_->notes) + bytes_of(flight_->records) + bytes_of(flight_->index);
  if (flight_strict_ || kept > kRefusedBytes) return drop(why, true);
  report(why);
  in_flight_ = false;
  for (Held& one : held_) one.barrier = std::min(one.barrier, last_batch_ + 1);
  for (Waiting& one : waiting_) one.barrier = std::min(one.barrier, last_batch_ + 1);
  if (!std::exchange(refused_due_, true)) wake(std::string(kNotesAgain), kRefusedAgain);
  engine_.touch(*this);
}

void RoomExecutor::try_refused_again() {
  refused_due_ = false;
  take_up_refused();
}

// What was refused is stored with what is to be stored next.
void RoomExecutor::take_up_refused() {
  if (in_flight_ || !flight_.held()) return;
  storage::Batch refused = flight_.take();
  storage::Batch& open = open_.use();
  put_before(std::move(refused.notes), open.notes);
  put_before(std::move(refused.records), open.records);
  put_before(std::move(refused.index), open.index);
}

// The room is dropped. What its modules confirm is as they note it, and may be dropped with it.
void RoomExecutor::remember_heard() {
  if (heard_->log_id != state_->log_id()) heard_.clear();
  for (const auto& [name, group] : *groups_) {
    if (group.spec().confirmed_by != ConfirmedBy::host || live_note(name) == nullptr) continue;
    heard_.use().log_id = state_->log_id();
    const auto same = [&its = name](const LiveNote& one) { return one.group == its; };
    std::erase_if(heard_.use().groups, same);
    heard_.use().groups.push_back({name, std::min(group.confirmed(), durable_position_)});
  }
}

// 0: nothing.
Position RoomExecutor::take_heard(std::string_view group) {
  if (!heard_.held() || heard_->log_id != state_->log_id()) return 0;
  std::vector<LiveNote>& groups = heard_.use().groups;
  const auto place = std::ranges::find(groups, group, &LiveNote::group);
  if (place == groups.end()) return 0;
  const Position confirmed = place->confirmed;
  groups.erase(place);
  if (groups.empty()) heard_.clear();
  return confirmed;
}

void RoomExecutor::forget() {
  ++generation_;
  phase_ = Phase::idle;
  state_.reset();
  loading_.clear();
  open_.clear();
  flight_.clear();
  refused_due_ = false;
  open_bytes_ = 0;
  live_due_ = false;
  open_strict_ = in_flight_ = flight_strict_ = claimed_ = resumable_ = false;
  last_batch_ = 0;
  durable_position_ = 0;
  first_position_ = 1;
  groups_.clear();
  starting_.clear();
  live_notes_.clear();
  unsent_.clear();
  pages_.clear();
  wanted_pages_.clear();
  reading_page_ = recalling_ = false;
  lanes_.clear();
  timers_.clear();
  erasing_.clear();
  skipped_ = false;
  letters_posted_.clear();
  retained_.clear();
  if (running_) line_.push_front(std::move(running_->event));
  running_.reset();
  // What was for the room as it was in memory is void: it is told anew that it is loaded.
  line_.erase_if([](const RoomEvent& event) {
    const auto* life = std::get_if<LifeEvent>(&event);
    return std::holds_alternative<WakeEvent>(event) || std::holds_alternative<LinkEvent>(event) ||
           (life != nullptr && life->life != Life::stopping);
  });
}

void RoomExecutor::drop(const std::string& why, bool told) {
  if (told) report(why);
  remember_heard();
  const Line<Waiting> waiting = std::exchange(waiting_, {});
  auto held = std::move(held_);
  held_.clear();
  forget();
  const Error busy(Condition::resource_constraint, std::string(kBusy));
  for (const Waiting& one : waiting) {
    if (one.stanza) engine_.refuse(*one.stanza, busy);
    if (one.told) one.told(busy);
  }
  for (Held& one : held) {
    if (const auto* reached = std::get_if<ReachedEvent>(&one.effect)) reached->done(false);
    auto* answering = std::get_if<Answering>(&one.effect);
    if (answering == nullptr) continue;
    answering->answer.failed = busy;
    answering->then(std::move(answering->answer));
  }
  // Whoever was in the room is followed again as soon as it can be read. Nobody is woken: he might
  // write again, in vain again.
  needed_ = true;
  engine_.soon([&engine = engine_, address = address_] { engine.room(address).ensure_loaded(); });
  engine_.touch(*this);
}

}  // namespace hansa::engine
