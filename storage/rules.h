#pragma once
// What every back end refuses, and in which words. Pure functions: a batch or key that passes here
// can be written by any back end; one that does not is written by none.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "storage/storage.h"

namespace hansa::storage {

// "node", "hub": a short word, so that it can stand in front of every key.
inline constexpr std::size_t kRoleBytes = 16;
// Log ids are random tokens; four times the longest that we draw.
inline constexpr std::size_t kLogIdBytes = 128;
// Notes, records, index, directory: holds two bare JIDs and a few words between them.
inline constexpr std::size_t kKeyBytes = 8192;
// Entries of a batch (headers and payloads), and beside them its changes (keys and values): what
// follows from entries can be as large again.
inline constexpr std::size_t kEntriesBytes = limits::kBatchBytes;
inline constexpr std::size_t kChangesBytes = limits::kBatchBytes;
// Writes waiting for the disk. Above this they are refused: the disk is behind by minutes.
inline constexpr std::size_t kWaitingBytes = 64 * 1024 * 1024;

static_assert(kKeyBytes > 2 * (2 * limits::kJidPartBytes + 1));
static_assert(kChangesBytes > limits::kNoteBytes + kKeyBytes);
static_assert(kWaitingBytes > kEntriesBytes + kChangesBytes);

// Why the key or batch is refused; nothing if it is good.
[[nodiscard]] std::optional<std::string> fault_of_role(std::string_view role);
[[nodiscard]] std::optional<std::string> fault_of_key(const LogKey& log);
[[nodiscard]] std::optional<std::string> fault_of_claim(std::string_view role,
                                                        std::string_view address,
                                                        const std::optional<std::string>& value);
// `last`: the position of the log's last entry.
[[nodiscard]] std::optional<std::string> fault_of_batch(const Batch& batch, Position last);

// Keys and values, headers and payloads.
[[nodiscard]] std::size_t bytes_of(const Batch& batch);

// The text of a conflict: batch `expected` was awaited, the log stands at `last`.
[[nodiscard]] std::string conflict_text(const LogKey& log, BatchNumber expected, BatchNumber last);

}  // namespace hansa::storage
