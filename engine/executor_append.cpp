// Appending and releasing: the open batch, the one in flight, the effects held behind them; and the
// end of a room.

#include <algorithm>
#include <cassert>
#include <limits>

#include "base/limits.h"
#include "engine/executor.h"
#include "engine/impl.h"
#include "engine/letters.h"

namespace hansa::engine {
namespace {

bool empty(const storage::Batch& batch) {
  return batch.entries.empty() && batch.notes.empty() && batch.records.empty() &&
         batch.index.empty();
}

// Of an effect of the turn that is running.
constexpr storage::BatchNumber kTurnsEnd = std::numeric_limits<storage::BatchNumber>::max();

}  // namespace

RoomExecutor::RoomExecutor(Engine::Impl& engine, xmpp::Jid address)
    : engine_(engine), address_(std::move(address)) {}
RoomExecutor::~RoomExecutor() = default;

// --- what a turn asks for -----------------------------------------------------------------------

Position RoomExecutor::write_letter(const xmpp::Jid& to, std::string topic, std::string bytes,
                                    const Turn& turn) {
  const bool first = state_->get<Letters>().open().empty();
  LetterBody body{to, std::move(topic), std::move(bytes)};
  const Position position = append(EntryKind::letter, {encode_letter(body)}, {}, turn);
  if (first) index("ob/" + state_->log_id(), address_.text());
  return position;
}

void RoomExecutor::note(std::string key, std::optional<std::string> value, bool late) {
  state_->apply_note(key, value);
  open_bytes_ += key.size() + (value ? value->size() : 0);
  open_.use().notes.push_back({std::move(key), std::move(value)});
  if (!late) open_strict_ = true;
}

void RoomExecutor::index(std::string key, std::optional<std::string> value) {
  open_bytes_ += key.size() + (value ? value->size() : 0);
  open_.use().index.push_back({std::move(key), std::move(value)});
  open_strict_ = true;
}

void RoomExecutor::timer(std::string name, std::optional<WallTime> due) {
  const auto old = timers_->find(name);
  if (old != timers_->end()) {
    const WallTime was{static_cast<std::int64_t>(text_number(old->second))};
    index(Timers::key(was, state_->log_id(), name), std::nullopt);
    timers_.use().erase(old);
  }
  if (due) {
    const std::string noted = number_text(static_cast<std::uint64_t>(due->ms));
    timers_.use()[name] = noted;
    index(Timers::key(*due, state_->log_id(), name), address_.text());
    // Those that are durable, so that a look into the index and this do not miss each other.
    hold(Call([this, name, due = *due] { engine_.timers.add(address_.text(), name, due); }));
    note("timer/" + name, noted, false);
  } else {
    note("timer/" + name, std::nullopt, false);
  }
}

void RoomExecutor::wake(std::string name, Millis delay) {
  engine_.timers.add_wake({address_, weak_from_this(), generation_, std::move(name)},
                          engine_.clock.mono() + delay);
}

void RoomExecutor::serve(ServiceHandler handler, xmpp::Stanza stanza) {
  Engine::Impl* engine = &engine_;
  hold(Call([engine, handler = std::move(handler), stanza = std::move(stanza)] {
    engine->soon([engine, handler, stanza] {
      auto run = [handler, stanza](ServiceTurn& turn) { handler(turn, stanza); };
      engine->run_service(std::make_shared<ServiceRun>(*engine, stanza, std::move(run)));
    });
  }));
}

void RoomExecutor::emit(std::string domain, std::string bytes) {
  hold(Bytes{std::move(domain), std::move(bytes)});
}

void RoomExecutor::tell(Told told, Result<std::string> answer) {
  hold(Call([told = std::move(told), answer = std::move(answer)] { told(answer); }));
}

// --- batches ------------------------------------------------------------------------------------

storage::BatchNumber RoomExecutor::barrier() const {
  const storage::BatchNumber flight = in_flight_ ? 1 : 0;
  if (open_strict_) return last_batch_ + flight + 1;
  return in_flight_ && flight_strict_ ? last_batch_ + 1 : last_batch_;
}

// What a turn does waits for all that it changes, before or after: it may answer first.
void RoomExecutor::hold(Effect effect) {
  if (in_turn_) return held_.push_back({kTurnsEnd, std::move(effect)});
  if (held_.empty() && barrier() <= last_batch_) return perform(std::move(effect));
  held_.push_back({barrier(), std::move(effect)});
}

void RoomExecutor::end_turn() {
  in_turn_ = false;
  const storage::BatchNumber all_that_it_changed = barrier();
  for (std::size_t i = held_.size(); i > 0 && held_[i - 1].barrier == kTurnsEnd; --i) {
    held_[i - 1].barrier = all_that_it_changed;
  }
  release();
}

void RoomExecutor::settle() {
  if (phase_ == Phase::idle && !line_.empty()) load();
  if (phase_ != Phase::ready) return;
  drain();
  if (phase_ != Phase::ready) return;
  submit();
  post_letters();
  pump();
}

void RoomExecutor::submit() {
  if (in_flight_ || empty(*open_)) return;
  take_up_refused();
  add_live_notes();
  for (const auto& facet : state_->facets_) facet->collect_records(open_.use().records);
  if (state_->last_position() == 0) {  // notes about a room that nobody created: void
    open_.clear();
    open_bytes_ = 0;
    open_strict_ = false;
    for (Held& one : held_) one.barrier = last_batch_;
    return release();
  }
  storage::Batch batch = open_.take();
  open_bytes_ = 0;
  in_flight_ = true;
  flight_strict_ = open_strict_;
  open_strict_ = false;
  flight_position_ = state_->last_position();
  if (claimed_) return append_now(std::move(batch));
  flight_.use() = std::move(batch);
  engine_.store.claim(engine_.settings.role, address_.text(), std::nullopt, state_->log_id(),
                      then(&RoomExecutor::on_claimed));
}

void RoomExecutor::on_claimed(Result<std::optional<std::string>> found) {
  if (!found) return drop(found.error().text, true);
  if (*found != state_->log_id()) return drop("its address was taken meanwhile", true);
  claimed_ = true;
  append_now(flight_.take());
}

void RoomExecutor::append_now(storage::Batch batch) {
  if (!flight_strict_) flight_.use() = batch;
  engine_.store.append(key(), last_batch_, std::move(batch), then(&RoomExecutor::on_appended));
}

void RoomExecutor::on_appended(storage::AppendOutcome outcome) {
  switch (outcome.result) {
    case storage::AppendResult::durable: return on_durable();
    case storage::AppendResult::unknown:
      return engine_.store.load(key(), then(&RoomExecutor::on_read_back));
    case storage::AppendResult::conflict: return drop(outcome.text, true);
    case storage::AppendResult::refused: return not_written(outcome.text);
  }
}

// There is one writer: if the log has one batch more, it is ours.
void RoomExecutor::on_read_back(Result<storage::Loaded> loaded) {
  if (!loaded) return drop(loaded.error().text, true);
  const bool written =
      loaded->last_batch == last_batch_ + 1 && loaded->last_position == flight_position_;
  if (written) return on_durable();
  if (loaded->last_batch == last_batch_) return not_written("the disk failed");
  drop("the disk failed and its log is not as it was left", true);
}

void RoomExecutor::on_durable() {
  if (engine_.disk_trouble) {
    engine_.disk_trouble = false;
    engine_.log.info("storage", "writing works again");
  }
  in_flight_ = false;
  flight_.clear();
  ++last_batch_;
  durable_position_ = flight_position_;
  while (!waiting_.empty() && waiting_.front().barrier <= last_batch_) {
    waiting_.pop_front();
  }
  release();
  if (!state_->exists() && durable_position_ > 0 && held_.empty() && empty(*open_)) return close();
  engine_.touch(*this);
}

void RoomExecutor::release() {
  while (!held_.empty() && held_.front().barrier <= last_batch_) {
    Effect effect = std::move(held_.front().effect);
    held_.pop_front();
    perform(std::move(effect));
  }
}

void RoomExecutor::perform(Effect effect) {
  if (auto* call = std::get_if<Call>(&effect)) return (*call)();
  if (auto* answering = std::get_if<Answering>(&effect)) {
    return answering->then(std::move(answering->answer));
  }
  if (const auto* reached = std::get_if<ReachedEvent>(&effect)) return reached->done(true);
  engine_.touch(*this);
  if (const auto* bytes = std::get_if<Bytes>(&effect)) {
    auto& lane = lanes_.use()[bytes->domain];
    return lane.push_back(std::move(effect));
  }
  if (std::holds_alternative<Deliver>(effect)) {
    std::set<std::string> domains;
    for (const auto& [name, group] : *groups_) domains.insert(group.spec().domain);
    for (const std::string& domain : domains) lanes_.use()[domain].push_back(effect);
    return;
  }
  std::string name;
  if (const auto* follow = std::get_if<Follow>(&effect)) name = follow->group;
  if (const auto* unfollow = std::get_if<Unfollow>(&effect)) name = unfollow->group;
  if (const auto* resume = std::get_if<Resume>(&effect)) name = resume->group;
  const auto group = groups_->find(name);
  if (group == groups_->end()) return;
  lanes_.use()[group->second.spec().domain].push_back(std::move(effect));
}

// --- end ----------------------------------------------------------------------------------------

// The room is destroyed, durably: its keys in the index go, in pieces, then its address is free.
void RoomExecutor::close() {
  pump();
  phase_ = Phase::closing;
  remove_keys();
}

void RoomExecutor::remove_keys() {
  const std::string from = log_keys(state_->log_id());
  std::string to = from;
  ++to.back();
  engine_.store.scan_index(engine_.settings.role, from, to, limits::kBatchEntries,
                           then(&RoomExecutor::on_keys));
}

void RoomExecutor::on_keys(Result<std::vector<storage::KeyValue>> found) {
  if (!found || found->empty()) return give_up_address();
  storage::Batch batch;
  for (auto& [name, value] : *found) batch.index.push_back({std::move(name), std::nullopt});
  engine_.store.append(key(), last_batch_, std::move(batch), then(&RoomExecutor::on_keys_removed));
}

void RoomExecutor::on_keys_removed(storage::AppendOutcome outcome) {
  if (outcome.result != storage::AppendResult::durable) {  // they cost space, and nothing else
    engine_.log.warn("storage", address_.text() + ": keys of its index are left: " + outcome.text);
    return give_up_address();
  }
  ++last_batch_;
  remove_keys();
}

void RoomExecutor::give_up_address() {
  engine_.store.claim(
      engine_.settings.role, address_.text(), state_->log_id(), std::nullopt,
      [weak = weak_from_this(), generation = generation_](Result<std::optional<std::string>>) {
        const auto self = weak.lock();
        if (!self || self->generation_ != generation) return;
        const storage::LogKey log = self->key();
        self->forget();
        self->engine_.store.remove(log, [](Status) {});
        self->engine_.touch(*self);
      });
}

bool RoomExecutor::quiet() const {
  for (const auto& [domain, lane] : *lanes_) {
    if (!lane.empty()) return false;
  }
  return line_.empty() && !running_ && !in_flight_ && empty(*open_) && held_.empty() &&
         when_ready_->empty() && (phase_ == Phase::ready || phase_ == Phase::idle);
}

bool RoomExecutor::evictable() const {
  if (!quiet() || flight_.held()) return false;
  if (phase_ == Phase::idle) return true;
  if (!state_->get<Letters>().open().empty()) return false;
  for (const auto& [name, group] : *groups_) {
    const LiveNote* noted = live_note(name);
    if (!group.settled()) return false;
    if (noted == nullptr || noted->confirmed != group.confirmed()) return false;
  }
  return true;
}

}  // namespace hansa::engine
