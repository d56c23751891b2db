#pragma once
// The bytes of keys and values, as storage/format.md lays them down. Pure functions; roles, ids and
// keys were checked by storage/rules.h. Readers of values give nothing when the bytes are damaged.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "storage/storage.h"

namespace hansa::storage::leveldb_keys {

inline constexpr std::uint32_t kFormat = 1;        // written
inline constexpr std::uint32_t kOldestFormat = 1;  // still read
inline constexpr char kFormatKey[] = "F";

enum class Part : char { header = 0, payload = 1 };

// What the store itself knows of a log.
struct LogMeta {
  BatchNumber last_batch = 0;
  Position last_position = 0;
  Position first_position = 1;
};

// A sweep of everything, not only of entries before a position.
inline constexpr Position kSweepAll = std::numeric_limits<Position>::max();

[[nodiscard]] std::string format_value(std::uint32_t format);
[[nodiscard]] std::optional<std::uint32_t> parse_format(std::string_view value);

[[nodiscard]] std::string meta_key(const LogKey& log);
[[nodiscard]] std::string meta_value(const LogMeta& meta);
[[nodiscard]] std::optional<LogMeta> parse_meta(std::string_view value);

[[nodiscard]] std::string entry_key(const LogKey& log, Position position, Part part);
struct EntryPlace {
  Position position;
  Part part;
};
// `key` without its prefix.
[[nodiscard]] std::optional<EntryPlace> parse_entry_place(std::string_view rest);

[[nodiscard]] std::string sweep_key(const LogKey& log);
[[nodiscard]] std::string sweep_value(Position before);
[[nodiscard]] std::optional<Position> parse_sweep(std::string_view value);

// All keys of a kind: of a log ('e', 'n', 'r'), of a role ('l', 'i', 'd'), of the store ('s').
[[nodiscard]] std::string log_prefix(char kind, const LogKey& log);
[[nodiscard]] std::string role_prefix(char kind, const std::string& role);
// The log of an 'l' or 's' key.
[[nodiscard]] std::optional<LogKey> parse_log_key(std::string_view key);
// The least key after all that begin with `prefix` (which does not end in 0xff).
[[nodiscard]] std::string end_of(std::string prefix);

}  // namespace hansa::storage::leveldb_keys
