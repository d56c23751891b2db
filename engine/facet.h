#pragma once
// The state of a room is a fold over its log and notes, kept in *facets*: each module that has
// state in a room owns one. A facet is made empty, given records and notes when the room is loaded,
// and every entry and note from then on, in order, before they are durable (a failed append drops
// the room with all facets). The fold is total: it reads no clock, limit or configuration and
// refuses nothing (design §3).

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/entry.h"
#include "storage/storage.h"

namespace hansa::engine {

// The engine's note of a room that was created and is not destroyed.
inline constexpr std::string_view kExistsNote = "exists";

class Facet {
 public:
  virtual ~Facet() = default;
  virtual void apply(const Entry& entry) = 0;
  // A note was set, or removed (nullopt). Called for notes of other facets as well.
  virtual void apply_note(std::string_view key, const std::optional<std::string>& value) {
    static_cast<void>(key);
    static_cast<void>(value);
  }
  // Adds the records that changed since the last call. Keys begin with the facet's own prefix.
  virtual void collect_records(std::vector<storage::Change>& out) { static_cast<void>(out); }
  // The room has been idle for a while: gives back memory that it does not need. No part of the
  // fold.
  virtual void rest(WallTime now) { static_cast<void>(now); }
  // A record as it was collected (any facet's; pass over those of others).
  virtual void apply_record(std::string_view key, std::string_view value) {
    static_cast<void>(key);
    static_cast<void>(value);
  }
};

// Makes the facets of a new room, always in the same order.
using FacetFactory = std::unique_ptr<Facet> (*)();

}  // namespace hansa::engine
