// Loading a room: address → log id → records and notes → what is newer than the records → tail.
// And reading the tail again of one that rested.

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/limits.h"
#include "engine/executor.h"
#include "engine/impl.h"
#include "engine/letters.h"

namespace hansa::engine {
namespace {

constexpr std::string_view kTimerPrefix = "timer/";
constexpr std::string_view kLivePrefix = "live/";
constexpr Millis kReadAgain{5000};

}  // namespace

storage::LogKey RoomExecutor::key() const { return {engine_.settings.role, state_->log_id()}; }

void RoomExecutor::ensure_loaded() {
  if (phase_ == Phase::idle) load();
}

void RoomExecutor::bring() {
  needed_ = phase_ != Phase::ready;
  ensure_loaded();
}

void RoomExecutor::load() {
  assert(phase_ == Phase::idle);
  phase_ = Phase::loading;
  ++generation_;
  engine_.store.lookup(engine_.settings.role, address_.text(), then(&RoomExecutor::on_looked_up));
}

void RoomExecutor::on_looked_up(Result<std::optional<std::string>> found) {
  if (!found) return fail_load(found.error().text);
  claimed_ = found->has_value();
  std::string log_id = claimed_ ? **found : random_token(engine_.random, 26);
  state_ = std::make_unique<RoomState>(address_, std::move(log_id), engine_.facets);
  if (!claimed_) return become_ready();
  engine_.store.load(key(), then(&RoomExecutor::on_loaded));
}

void RoomExecutor::on_loaded(Result<storage::Loaded> loaded) {
  if (!loaded) return fail_load(loaded.error().text);
  storage::Loaded& log = loading_.use();
  log = std::move(loaded).value();
  last_batch_ = log.last_batch;
  first_position_ = log.first_position;
  skipped_ = log.notes.contains(std::string(kSkippedNote));
  if (skipped_ && first_position_ == 1) {  // folded anew: this version may understand more
    log.records.clear();
    log.records_position = 0;
  }
  for (const auto& [name, value] : log.records) {
    for (const auto& facet : state_->facets_) facet->apply_record(name, value);
  }
  resume_erasures(log.notes);
  for (const auto& [name, value] : log.notes) {
    state_->apply_note(name, value);
    if (name == kExistsNote) state_->exists_ = true;
    if (name.starts_with(kTimerPrefix)) {
      timers_.use()[name.substr(kTimerPrefix.size())] = value;
    }
    if (name.starts_with(kRetainedPrefix)) {
      retained_.use()[name.substr(kRetainedPrefix.size())] = read_retained(value);
    }
    if (name.starts_with(kLivePrefix)) {
      note_live(std::string_view(name).substr(kLivePrefix.size()), text_number(value));
    }
  }
  read_on(std::max(first_position_, std::min(tail_begin(), log.records_position + 1)));
}

// Of the log that is being read.
Position RoomExecutor::tail_begin() const {
  const Position last = loading_->last_position;
  return last > limits::kTailAtLoad ? last - limits::kTailAtLoad + 1 : 1;
}

void RoomExecutor::read_on(Position from) {
  if (from > loading_->last_position) {
    if (recalling_) return recalled();
    durable_position_ = loading_->last_position;
    state_->last_position_ = loading_->last_position;
    return become_ready();
  }
  engine_.store.read(key(), from, limits::kReadPageBytes, then(&RoomExecutor::on_read));
}

void RoomExecutor::on_read(Result<storage::Page> page) {
  if (!page) return fail_read(page.error().text);
  if (page->entries.empty()) return fail_read("entries of its log are missing");
  for (const storage::Entry& stored : page->entries) {
    const auto entry = read_entry(stored);
    if (!entry) return fail_read(entry.error().text);
    if (!understood(**entry) && !std::exchange(skipped_, true)) {
      open_.use().notes.push_back({std::string(kSkippedNote), "1"});
    }
    if ((*entry)->position > loading_->records_position) {
      state_->apply(*entry);
    } else {
      state_->remember(*entry);
      state_->last_stamp_ = std::max(state_->last_stamp_, (*entry)->stamp);
    }
  }
  read_on(page->entries.back().position + 1);
}

void RoomExecutor::become_ready() {
  phase_ = Phase::ready;
  loading_.clear();
  stirred_ = engine_.clock.mono();
  const std::set<Position> erasing = *erasing_;
  for (const Position position : erasing) on_erased(position);
  if (state_->exists()) {
    std::deque<RoomEvent> life;
    for (std::size_t i = 0; i < engine_.router.life().size(); ++i) {
      life.push_back(LifeEvent{Life::loaded, i});
    }
    const auto& addressing = engine_.settings.addressing;
    if (engine_.outbox.up(addressing.rooms) || engine_.outbox.up(addressing.identities) ||
        engine_.outbox.up(addressing.shared)) {
      for (std::size_t i = 0; i < engine_.router.life().size(); ++i) {
        life.push_back(LifeEvent{Life::links_up, i});
      }
    }
    for (const std::string& peer : addressing.peers) {
      if (!engine_.outbox.up(peer)) continue;
      for (std::size_t i = 0; i < engine_.router.room_links().size(); ++i) {
        life.push_back(LinkEvent{peer, true, i});
      }
    }
    for (std::size_t i = 0; awaited_ && i < engine_.router.life().size(); ++i) {
      life.push_back(LifeEvent{Life::woken, i});
    }
    line_.insert_front(life.begin(), life.end());
    for (const auto& [name, due] : *timers_) {
      engine_.timers.add(address_.text(), name, {static_cast<std::int64_t>(text_number(due))});
    }
  }
  awaited_ = needed_ = false;
  const auto waiting = when_ready_.take();
  for (const auto& work : waiting) work(std::nullopt);
  engine_.touch(*this);
}

// --- rest ---------------------------------------------------------------------------------------

void RoomExecutor::rest() {
  const MonoTime now = engine_.clock.mono();
  if (phase_ != Phase::ready || now - stirred_ < engine_.settings.rest) return;
  if (!quiet() || behind() || reading_page_) return;
  stirred_ = now;
  state_->rest(engine_.clock.wall());
  for (auto& [name, group] : groups_.use()) group.rest();
  open_.clear();
  groups_.shed();
  starting_.shed();
  pages_.shed();
  wanted_pages_.shed();
  lanes_.clear();
  timers_.shed();
  erasing_.shed();
  letters_posted_.shed();
}

// Decisions look at the newest entries: events wait for them.
void RoomExecutor::recall() {
  if (std::exchange(recalling_, true)) return;
  storage::Loaded& log = loading_.use();
  log.last_position = log.records_position = state_->last_position();
  read_on(std::max(first_position_, tail_begin()));
}

void RoomExecutor::recalled() {
  recalling_ = false;
  loading_.clear();
  state_->tail_here_ = true;
  engine_.touch(*this);
}

// --- failure ------------------------------------------------------------------------------------

void RoomExecutor::fail_read(const std::string& why) {
  if (recalling_) return drop(why, true);
  fail_load(why);
}

void RoomExecutor::fail_load(const std::string& why) {
  engine_.log.error("rooms", address_.text() + " cannot be read: " + why +
                                 "; whoever asked was told to try again");
  forget();
  // Its timers are read with it.
  const bool timed = std::any_of(line_.begin(), line_.end(), [](const RoomEvent& event) {
    return std::holds_alternative<TimerEvent>(event);
  });
  const bool wanted = std::exchange(awaited_, false) || timed;
  if (std::exchange(needed_, false) || wanted) {
    engine_.timers.add_wake({address_, weak_from_this(), 0, {}}, engine_.clock.mono() + kReadAgain);
  }
  const Error busy(Condition::resource_constraint, "The room cannot be read at the moment.");
  const auto waiting = when_ready_.take();
  for (const auto& work : waiting) work(busy);
  auto line = std::move(line_);
  line_.clear();
  for (const RoomEvent& event : line) refuse(event);
}

void RoomExecutor::when_ready(std::function<void(const std::optional<Error>&)> work) {
  if (phase_ == Phase::ready) return work(std::nullopt);
  when_ready_.use().push_back(std::move(work));
  ensure_loaded();
}

}  // namespace hansa::engine
