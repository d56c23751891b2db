#include <algorithm>

#include "base/limits.h"
#include "engine/letters.h"
#include "engine/turn.h"

namespace hansa::engine {

RoomState::RoomState(const xmpp::Jid& address, std::string log_id,
                     const std::vector<FacetFactory>& factories)
    : address_(address), log_id_(std::move(log_id)) {
  facets_.reserve(factories.size() + 1);
  facets_.push_back(std::make_unique<Letters>());
  for (const FacetFactory factory : factories) facets_.push_back(factory());
}

void RoomState::apply(const EntryPtr& entry) {
  if (entry->kind == EntryKind::created) exists_ = true;
  if (entry->kind == EntryKind::destroyed) exists_ = false;
  last_position_ = entry->position;
  last_stamp_ = std::max(last_stamp_, entry->stamp);
  if (understood(*entry)) {
    for (const auto& facet : facets_) facet->apply(*entry);
  } else if (entry->must_understand) {
    read_only_ = true;
  }
  remember(entry);
  if (entry->kind == EntryKind::erased) blank(text_number(entry->local.bytes));
}

void RoomState::blank(Position position) {
  if (tail_.empty() || position < tail_.front()->position) return;
  const std::size_t place = position - tail_.front()->position;
  if (place >= tail_.size() || tail_[place]->erased) return;
  auto erased = std::make_shared<Entry>(*tail_[place]);
  erase_payload(*erased);
  tail_[place] = std::move(erased);
}

void RoomState::drop_before(Position first) {
  const auto kept =
      std::ranges::find_if(tail_, [&](const EntryPtr& e) { return e->position >= first; });
  tail_.erase(tail_.begin(), kept);
}

void RoomState::remember(const EntryPtr& entry) {
  tail_.push_back(entry);
  // Dropped in bulk, so that the cost of an entry stays constant.
  if (tail_.size() > limits::kTailAtLoad) {
    tail_.erase(tail_.begin(), tail_.end() - static_cast<std::ptrdiff_t>(limits::kTailEntries));
  }
}

void RoomState::rest(WallTime now) {
  std::vector<EntryPtr>().swap(tail_);
  tail_here_ = false;
  for (const auto& facet : facets_) facet->rest(now);
}

void RoomState::apply_note(std::string_view key, const std::optional<std::string>& value) {
  for (const auto& facet : facets_) facet->apply_note(key, value);
}

}  // namespace hansa::engine
