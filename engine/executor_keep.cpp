// What a log keeps: new entries and their hashes, payloads that are erased, entries dropped.

#include <algorithm>
#include <utility>

#include "engine/executor.h"
#include "engine/impl.h"
#include "engine/letters.h"

namespace hansa::engine {
namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::string_view kErasePrefix = "erase/";
constexpr Millis kErasePause{20'000};

std::string new_salt(Random& random) {
  std::string salt(kSaltBytes, '\0');
  random.fill({reinterpret_cast<std::uint8_t*>(salt.data()), salt.size()});
  return salt;
}

}  // namespace

Position RoomExecutor::append(EntryKind kind, SharedPart shared, LocalPart local,
                              const Turn& turn) {
  auto entry = std::make_shared<Entry>();
  entry->kind = kind;
  entry->origin = engine_.next_origin();
  entry->origin_stamp = turn.now();
  entry->salt = new_salt(engine_.random);
  entry->hash = payload_hash(entry->salt, shared);
  entry->shared = std::move(shared);
  entry->local = std::move(local);
  return append(std::move(entry), turn);
}

Position RoomExecutor::append(Arrived arrived, const Turn& turn) {
  auto entry = std::make_shared<Entry>();
  entry->kind = arrived.kind;
  entry->format = arrived.format;
  entry->must_understand = arrived.must_understand;
  entry->origin = std::move(arrived.origin);
  entry->order = arrived.order;
  entry->origin_stamp = arrived.origin_stamp;
  entry->hash = arrived.hash ? *arrived.hash : payload_hash(arrived.salt, arrived.shared);
  entry->salt = std::move(arrived.salt);
  entry->shared = std::move(arrived.shared);
  entry->ordered = std::move(arrived.ordered);
  entry->local = std::move(arrived.local);
  if (arrived.erased) erase_payload(*entry);
  return append(std::move(entry), turn);
}

Position RoomExecutor::append(std::shared_ptr<Entry> entry, const Turn& turn) {
  if (state_->read_only()) {
    engine_.log.warn("rooms", address_.text() + " can only be read: nothing is appended");
    return state_->last_position();
  }
  entry->position = state_->last_position() + 1;
  entry->stamp = std::max(turn.now(), state_->last_stamp());
  entry->trace = turn.trace();
  storage::Entry& stored = open_.use().entries.emplace_back(to_storage(*entry));
  open_bytes_ += stored.header.size() + stored.payload.size();
  open_strict_ = true;
  const Position position = entry->position;
  const EntryKind kind = entry->kind;
  if (!understood(*entry)) {
    skipped_ = true;
    note(std::string(kSkippedNote), "1", false);
  }
  state_->apply(entry);
  unsent_.push_back(entry);
  hold(Deliver{position});
  if (kind == EntryKind::created) note(std::string(kExistsNote), "1", false);
  if (kind == EntryKind::destroyed) note(std::string(kExistsNote), std::nullopt, false);
  if (kind == EntryKind::erased) erase_payload_of(text_number(entry->local.bytes));
  return position;
}

// --- erasing ------------------------------------------------------------------------------------

void RoomExecutor::erase(Position position) {
  if (state_->read_only()) return;
  state_->blank(position);
  erase_payload_of(position);
}

// The note and the index outlive a crash between the entry and the disk's work (executor_load.cpp).
void RoomExecutor::erase_payload_of(Position position) {
  if (position == 0 || position > state_->last_position()) return;
  erasing_.use().insert(position);
  if (!unsent_.empty() && position >= unsent_.front()->position) unsent_.clear();
  note(std::string(kErasePrefix) + number_text(position), "1", false);
  index("erase/" + state_->log_id(), address_.text());
  hold(Call([this, position] { on_erased(position); }));
}

Retained RoomExecutor::retained(const std::string& name) const {
  const auto place = retained_->find(name);
  return place == retained_->end() ? Retained{} : place->second;
}

void RoomExecutor::retained_to(const std::string& name, const Retained& retained) {
  if (this->retained(name) == retained) return;
  retained_.use()[name] = retained;
  note(std::string(kRetainedPrefix) + name, write_retained(retained), false);
}

void RoomExecutor::on_erased(Position position) {
  pages_.clear();
  auto done = [weak = weak_from_this(), generation = generation_, position](Status status) {
    const auto self = weak.lock();
    if (!self || self->generation_ != generation) return;
    if (!status) {
      self->wake(std::string(kEraseAgain) + number_text(position), kErasePause);
      self->engine_.log.error("storage", self->address_.text() + ": entry " +
                                             number_text(position) +
                                             " is not erased yet: " + status.error().text);
      return;
    }
    self->erasing_.use().erase(position);
    self->note(std::string(kErasePrefix) + number_text(position), std::nullopt, true);
    if (self->erasing_->empty()) {
      self->open_.use().index.push_back({"erase/" + self->state_->log_id(), std::nullopt});
    }
    self->engine_.touch(*self);
  };
  engine_.store.erase_payload(key(), position, std::move(done));
}

void RoomExecutor::erase_again(std::string_view position) {
  const Position at = text_number(position);
  if (erasing_->contains(at)) on_erased(at);
}

Result<EntryPtr> RoomExecutor::read_entry(const storage::Entry& stored) const {
  Result<Entry> entry = from_storage(stored);
  if (!entry) return entry.error();
  auto shared = std::make_shared<Entry>(std::move(entry).value());
  if (erasing_->contains(shared->position)) erase_payload(*shared);
  return EntryPtr(std::move(shared));
}

void RoomExecutor::resume_erasures(const std::map<std::string, std::string>& notes) {
  for (auto note = notes.lower_bound(std::string(kErasePrefix));
       note != notes.end() && note->first.starts_with(kErasePrefix); ++note) {
    erasing_.use().insert(text_number(std::string_view(note->first).substr(kErasePrefix.size())));
  }
}

// --- truncating ---------------------------------------------------------------------------------

// First position that a follower who is not too far behind has yet to be sent.
Position RoomExecutor::followers_need() const {
  const Position end = durable_position_;
  const Position most = engine_.settings.follower_bound;
  const Position bound = end > most ? end - most : 0;
  Position need = end + 1;
  for (const auto& [name, group] : *groups_) need = std::min(need, group.oldest_confirmed() + 1);
  return std::max(need, bound + 1);
}

void RoomExecutor::truncate(Position first) {
  if (skipped_) return;  // what was not understood is folded by a later version
  hold(Call([this, first] {
    const Position keep = std::min(first, followers_need());
    if (keep <= first_position_) return;
    auto done = [weak = weak_from_this(), generation = generation_, keep](Status status) {
      const auto self = weak.lock();
      if (!self || self->generation_ != generation) return;
      if (!status) {
        self->engine_.log.error("storage", self->address_.text() + ": " + status.error().text);
        return;
      }
      self->first_position_ = std::max(self->first_position_, keep);
      self->state_->drop_before(self->first_position_);
    };
    engine_.store.truncate(key(), keep, std::move(done));
  }));
}

}  // namespace hansa::engine
