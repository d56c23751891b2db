// Running events: one after the other, each over as many rounds as its reads need.

#include <cassert>

#include "base/limits.h"
#include "engine/executor.h"
#include "engine/impl.h"
#include "engine/letters.h"

namespace hansa::engine {
namespace {

constexpr std::string_view kLettersWake = "engine:letters";
constexpr Millis kLetterAgain{5000};

// A batch in which the next event may not find room any more: it writes a stanza at most, or half
// as many entries as fit (a change of many members). Too much for a batch is refused as a whole.
constexpr std::size_t kFullBytes = limits::kBatchBytes - limits::kStanzaBytes - 64 * 1024;
constexpr std::size_t kFullEntries = limits::kBatchEntries / 2;

template <typename... F>
struct Visitor : F... {
  using F::operator()...;
};
template <typename... F>
Visitor(F...) -> Visitor<F...>;

// The stanza of an event that has one.
const xmpp::Stanza* stanza_of(const RoomEvent& event) {
  if (const auto* e = std::get_if<StanzaEvent>(&event)) return &e->stanza;
  if (const auto* e = std::get_if<Passed>(&event)) return e->stanza.document ? &e->stanza : nullptr;
  return nullptr;
}

// What a room has asked for itself is bounded by what it asks, and would not come again.
bool comes_from_elsewhere(const RoomEvent& event) {
  return std::holds_alternative<StanzaEvent>(event) || std::holds_alternative<Passed>(event) ||
         std::holds_alternative<Letter>(event);
}

// Its sender is to be told if it is lost: requests, messages, and presence that wants in.
bool wants_answer(const xmpp::Stanza& stanza) {
  if (stanza.is_error()) return false;
  switch (stanza.kind) {
    case xmpp::StanzaKind::iq: return stanza.is_request();
    case xmpp::StanzaKind::message: return stanza.type != "headline";
    case xmpp::StanzaKind::presence: return stanza.type.empty();
  }
  return false;
}

// A stanza that a room would not be as before after it; presence is let through.
bool changes_room(const Router& router, const xmpp::Stanza* stanza) {
  if (stanza == nullptr || stanza->is_error()) return false;
  const bool to_occupant = stanza->type != "groupchat" && !stanza->to.is_bare();
  return stanza->kind == xmpp::StanzaKind::message
             ? !to_occupant
             : stanza->kind == xmpp::StanzaKind::iq && stanza->type == "set" &&
                   !router.only_reads(*stanza);
}

}  // namespace

void RoomExecutor::take(RoomEvent event) {
  last_used_ = ++engine_.uses;
  if (comes_from_elsewhere(event) && line_.size() >= limits::kEventsPerLoadingRoom) {
    return refuse(event);
  }
  line_.push_back(std::move(event));
  engine_.touch(*this);
}

void RoomExecutor::take_life(Life life) {
  if (phase_ != Phase::ready || !state_->exists()) return;  // told when it is loaded
  for (std::size_t i = 0; i < engine_.router.life().size(); ++i) {
    line_.push_back(LifeEvent{life, i});
  }
  engine_.touch(*this);
}

void RoomExecutor::take_wake(DueWake wake) {
  const bool of_before = wake.generation != generation_;
  if (of_before && wake.name == kNotesAgain) return;  // they are gone
  if (of_before) return awaken();
  take(WakeEvent{std::move(wake.name)});
}

void RoomExecutor::awaken() {
  if (phase_ == Phase::ready) return take_life(Life::woken);
  awaited_ = true;
  ensure_loaded();
}

void RoomExecutor::refuse(const RoomEvent& event) {
  if (const auto* passed = std::get_if<Passed>(&event); passed != nullptr && passed->told) {
    return passed->told(Error(Condition::resource_constraint));
  }
  if (const auto* reached = std::get_if<ReachedEvent>(&event)) return reached->done(false);
  const xmpp::Stanza* stanza = stanza_of(event);
  if (stanza == nullptr || !wants_answer(*stanza)) return;
  engine_.refuse(*stanza, Error(Condition::resource_constraint));
}

void RoomExecutor::drain() {
  if (resumable_) resume();
  std::size_t share = limits::kEventsPerTurn;
  while (phase_ == Phase::ready && !running_ && !line_.empty()) {
    if (!state_->tail_here_) return recall();
    if (open_bytes_ >= kFullBytes || open_->entries.size() >= kFullEntries) return;
    if (share-- == 0) return engine_.touch(*this);  // after the others
    RoomEvent event = std::move(line_.front());
    line_.pop_front();
    run(std::move(event), std::make_shared<Reads>());
  }
}

void RoomExecutor::run(RoomEvent event, std::shared_ptr<Reads> reads) {
  if (reads->rounds == 0) {
    const auto* passed = std::get_if<Passed>(&event);
    const bool goes_on = passed != nullptr && passed->trace != 0;
    reads->trace = goes_on ? passed->trace : engine_.next_trace();
  }
  ++reads->rounds;
  stirred_ = engine_.clock.mono();
  in_turn_ = true;
  RoomTurn turn(engine_.owner, *this, *state_, reads->trace, reads);
  if (const xmpp::Stanza* stanza = stanza_of(event)) turn.stanza_ = *stanza;
  if (const auto* passed = std::get_if<Passed>(&event)) turn.told_ = passed->told;
  if (!state_->read_only() || !refuse_change(turn, event)) dispatch(turn, event);
  const bool asked = turn.told_ || (turn.stanza_ && turn.stanza_->is_request());
  if (!turn.waiting() && asked && !turn.answered_) {
    turn.refuse(Error(Condition::service_unavailable));
  }
  end_turn();
  if (turn.waiting()) {
    assert(!turn.changed_ && "a handler that waits for a read has changed nothing");
    if (reads->rounds >= limits::kReadsPerEvent) {
      engine_.log.error("rooms", address_.text() + ": an event asked for too many reads");
      return refuse(event);
    }
    const std::vector<Wanted> wanted = std::move(turn.wanted_);
    running_ = std::make_unique<Running>(Running{std::move(event), reads});
    return issue(wanted, reads);
  }
  if (barrier() <= last_batch_) return;
  if (turn.told_) {
    waiting_.push_back({barrier(), std::nullopt, turn.told_});
  } else if (turn.stanza_ && wants_answer(*turn.stanza_)) {
    waiting_.push_back({barrier(), *turn.stanza_, {}});
  }
}

// A room that can only be read (design §3, Formats) is entered and looked at as ever; what would
// change it is refused, and what other rooms and timers want of it waits for a later version.
bool RoomExecutor::refuse_change(RoomTurn& turn, const RoomEvent& event) {
  if (std::holds_alternative<Letter>(event) || std::holds_alternative<LetterClosed>(event) ||
      std::holds_alternative<TimerEvent>(event)) {
    return true;
  }
  const auto* passed = std::get_if<Passed>(&event);
  if (passed != nullptr && engine_.router.only_reads(*passed)) return false;
  if (!turn.told_ && !changes_room(engine_.router, stanza_of(event))) return false;
  turn.refuse(Error(Condition::not_allowed,
                    "This room holds something that only a newer version of the service "
                    "understands: until it is upgraded, the room can only be read."));
  return true;
}

void RoomExecutor::issue(const std::vector<Wanted>& wanted, const std::shared_ptr<Reads>& reads) {
  reads->open = wanted.size();
  for (const Wanted& one : wanted) {
    issue_read(engine_, one, reads, [weak = weak_from_this(), generation = generation_, reads] {
      const auto self = weak.lock();
      if (!self || self->generation_ != generation || --reads->open > 0) return;
      self->resumable_ = true;
      self->engine_.touch(*self);
    });
  }
}

void RoomExecutor::resume() {
  resumable_ = false;
  assert(running_);
  const std::unique_ptr<Running> running = std::move(running_);
  run(std::move(running->event), std::move(running->reads));
}

void RoomExecutor::dispatch(RoomTurn& turn, RoomEvent& event) {
  const Router& router = engine_.router;
  const auto on_stanza = [&](StanzaEvent& e) {
    if (const auto* handler = router.room(e.target, e.stanza)) return (*handler)(turn, e.stanza);
    if (e.stanza.kind != xmpp::StanzaKind::presence && wants_answer(e.stanza)) {
      turn.refuse(Error(Condition::service_unavailable));
    }
  };
  const auto on_passed = [&](Passed& e) {
    const auto* handler = router.passed(e.topic);
    assert(handler != nullptr && "a topic nobody claims");
    if (handler != nullptr) (*handler)(turn, e);
  };
  const auto on_timer = [&](TimerEvent& e) {
    const auto noted = timers_->find(e.name);
    if (noted == timers_->end() ||
        text_number(noted->second) != static_cast<std::uint64_t>(e.due_ms))
      return;  // it was moved or ended
    if (const auto* handler = router.timer(e.name)) (*handler)(turn, e.name);
    if (turn.waiting()) return;
    const auto after = timers_->find(e.name);
    if (after != timers_->end() &&
        text_number(after->second) == static_cast<std::uint64_t>(e.due_ms))
      timer(e.name, std::nullopt);
  };
  const auto on_wake = [&](WakeEvent& e) {
    if (e.name == kLettersWake) {
      letters_posted_.clear();
      return;  // posted again at the end of this settle()
    }
    if (e.name == kNotesAgain) return try_refused_again();
    const std::string_view name = e.name;
    if (name.starts_with(kSendAgain)) return send_again(name.substr(kSendAgain.size()));
    if (name.starts_with(kEraseAgain)) return erase_again(name.substr(kEraseAgain.size()));
    if (const auto* handler = router.timer(e.name)) (*handler)(turn, e.name);
  };
  const auto on_closed = [&](LetterClosed& e) {  // dropped by it no more
    if (state_->get<Letters>().handled(e.log_id) != e.position) return;
    note(handled_key(e.log_id), std::nullopt, true);
  };
  std::visit(Visitor{on_stanza, on_passed, [&](Letter& e) { handle_letter(turn, e); }, on_timer,
                     on_wake, [&](LetterDone& e) { close_letter(turn, e.position); }, on_closed,
                     [&](LifeEvent& e) { engine_.router.life()[e.handler](turn, e.life); },
                     [&](ReachedEvent& e) { hold(std::move(e)); },
                     [&](LinkEvent& e) { router.room_links()[e.handler](turn, e.link, e.loaded); }},
             event);
}

void RoomExecutor::handle_letter(RoomTurn& turn, const Letter& letter) {
  const auto& letters = state_->get<Letters>();
  if (letters.handled(letter.log_id) < letter.position) {
    const auto* handler = engine_.router.letter(letter.topic);
    if (handler != nullptr) (*handler)(turn, letter);
    if (turn.waiting()) return;
    // A room that does not exist keeps nothing; what it was told is void with it.
    if (state_->exists()) note(handled_key(letter.log_id), number_text(letter.position), false);
  }
  Engine::Impl* engine = &engine_;
  hold(Call([engine, from = letter.from, position = letter.position] {
    engine->room(from).take(LetterDone{position});
  }));
}

void RoomExecutor::close_letter(RoomTurn& turn, Position position) {
  letters_posted_.use().erase(position);
  const auto& letters = state_->get<Letters>();
  const auto letter = letters.open().find(position);
  if (letter == letters.open().end()) return;
  const xmpp::Jid to = letter->second.to;
  append(EntryKind::letter_closed, {encode_closed(position)}, {}, turn);
  if (letters.open().empty()) index("ob/" + state_->log_id(), std::nullopt);
  hold(Call([this, to, position] {
    engine_.tell_closed(to, LetterClosed{state_->log_id(), position});
  }));
}

void RoomExecutor::post_letters() {
  if (phase_ != Phase::ready) return;
  std::set<xmpp::Jid> busy;  // one letter at a time to each: the receiver drops by position
  for (const auto& [position, letter] : state_->get<Letters>().open()) {
    if (position > durable_position_ || !busy.insert(letter.to).second) continue;
    if (!letters_posted_.use().insert(position).second) continue;
    engine_.room(letter.to).take(
        Letter{address_, state_->log_id(), position, letter.topic, letter.bytes});
    wake(std::string(kLettersWake), kLetterAgain);
  }
}

void RoomExecutor::answer(const Question& question, storage::Then<Answer> then) {
  last_used_ = ++engine_.uses;
  if (phase_ == Phase::closing) return then(Answer{});
  when_ready([this, question, then = std::move(then)](const std::optional<Error>& failed) {
    Answer answer;
    answer.failed = failed;
    const AnswerHandler* handler = engine_.router.answer(question.topic);
    if (failed || handler == nullptr) return then(std::move(answer));
    answer.exists = state_->exists();
    answer.version = state_->last_position();
    if (answer.exists) answer.value = (*handler)(*state_, question);
    hold(Answering{std::move(answer), then});
    engine_.touch(*this);
  });
}

void RoomExecutor::page(Position from, std::size_t most_bytes,
                        storage::Then<Result<std::vector<EntryPtr>>> then) {
  when_ready([this, from, most_bytes, then](const std::optional<Error>& failed) {
    if (failed) return then(*failed);
    if (!claimed_) return then(std::vector<EntryPtr>{});
    const auto self = shared_from_this();
    engine_.store.read(key(), from, most_bytes, [self, then](Result<storage::Page> page) {
      if (!page) return then(page.error());
      std::vector<EntryPtr> entries;
      for (const storage::Entry& stored : page->entries) {
        const auto entry = self->read_entry(stored);
        if (!entry) return then(entry.error());
        entries.push_back(*entry);
      }
      then(std::move(entries));
    });
  });
}

}  // namespace hansa::engine
