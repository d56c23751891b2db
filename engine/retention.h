#pragma once
// How long a log keeps what is in it (design §3, Erase): what RoomTurn::retain is told, and how far
// it has come.

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/entry.h"

namespace hansa::engine {

// Ages are by the local stamp, which never decreases in a log.
struct Retention {
  // Entries of these kinds lose their payload at that age; others never do. What is folded from an
  // entry of such a kind has to be in the records, or in its header, for good.
  std::vector<EntryKind> kinds;
  Millis payloads{0};
  // Whole entries of any kind, but for the newest one, are dropped at that age, once no record and
  // no follower within the bound needs them. Nothing: all are kept.
  std::optional<Millis> entries;
};

// Entries before `next` were old enough, and are done; that one and later ones are not older than
// `stamp`. A note for each set of kinds, and one for whole entries: other kinds begin anew.
struct Retained {
  Position next = 1;
  WallTime stamp;
  bool operator==(const Retained&) const = default;
};

inline constexpr std::string_view kRetainedPrefix = "retained/";
inline constexpr std::string_view kRetainedEntries = "entries";
[[nodiscard]] std::string retained_name(const std::vector<EntryKind>& kinds);  // "3,23"
[[nodiscard]] std::string write_retained(const Retained& retained);
[[nodiscard]] Retained read_retained(std::string_view bytes);

}  // namespace hansa::engine
