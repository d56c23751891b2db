#include <algorithm>

#include "base/limits.h"
#include "engine/letters.h"
#include "engine/turn.h"

namespace hansa::engine {

RoomState::RoomState(xmpp::Jid address, std::string log_id,
                     const std::vector<FacetFactory>& factories)
    : address_(std::move(address)), log_id_(std::move(log_id)) {
  facets_.push_back(std::make_unique<Letters>());
  for (const FacetFactory factory : factories) facets_.push_back(factory());
}

void RoomState::apply(const EntryPtr& entry) {
  if (entry->kind == EntryKind::created) exists_ = true;
  if (entry->kind == EntryKind::destroyed) exists_ = false;
  last_position_ = entry->position;
  last_stamp_ = std::max(last_stamp_, entry->stamp);
  for (const auto& facet : facets_) facet->apply(*entry);
  remember(entry);
}

void RoomState::remember(const EntryPtr& entry) {
  tail_.push_back(entry);
  // Dropped in bulk, so that the cost of an entry stays constant.
  if (tail_.size() > limits::kTailAtLoad) {
    tail_.erase(tail_.begin(), tail_.end() - static_cast<std::ptrdiff_t>(limits::kTailEntries));
  }
}

void RoomState::apply_note(std::string_view key, const std::optional<std::string>& value) {
  for (const auto& facet : facets_) facet->apply_note(key, value);
}

}  // namespace hansa::engine
