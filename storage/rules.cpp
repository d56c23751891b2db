#include "storage/rules.h"

#include <algorithm>

namespace hansa::storage {
namespace {

bool printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

std::string over(std::string_view what, std::size_t size, std::size_t limit) {
  return std::string(what) + " has " + std::to_string(size) + " bytes, more than the " +
         std::to_string(limit) + " allowed";
}

std::size_t bytes_of(const std::vector<Change>& changes) {
  std::size_t sum = 0;
  for (const Change& change : changes) {
    sum += change.key.size() + (change.value ? change.value->size() : 0);
  }
  return sum;
}

std::size_t bytes_of(const std::vector<Entry>& entries) {
  std::size_t sum = 0;
  for (const Entry& entry : entries) sum += entry.header.size() + entry.payload.size();
  return sum;
}

std::optional<std::string> fault_of_changes(std::string_view kind,
                                            const std::vector<Change>& changes,
                                            std::size_t value_limit) {
  for (const Change& change : changes) {
    if (change.key.size() > kKeyBytes) {
      return over("the key of a " + std::string(kind), change.key.size(), kKeyBytes);
    }
    if (change.value && change.value->size() > value_limit) {
      return over("a " + std::string(kind), change.value->size(), value_limit);
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> fault_of_role(std::string_view role) {
  if (role.empty() || role.size() > kRoleBytes || !printable(role)) {
    return "a role is 1 to " + std::to_string(kRoleBytes) + " printable ASCII characters";
  }
  return std::nullopt;
}

std::optional<std::string> fault_of_key(const LogKey& log) {
  if (auto fault = fault_of_role(log.role)) return fault;
  if (log.id.empty() || log.id.size() > kLogIdBytes || !printable(log.id)) {
    return "a log id is 1 to " + std::to_string(kLogIdBytes) + " printable ASCII characters";
  }
  return std::nullopt;
}

std::optional<std::string> fault_of_claim(std::string_view role, std::string_view address,
                                          const std::optional<std::string>& value) {
  if (auto fault = fault_of_role(role)) return fault;
  if (address.empty()) return "an address is not empty";
  if (address.size() > kKeyBytes) return over("an address", address.size(), kKeyBytes);
  if (value && value->size() > kLogIdBytes) return over("a log id", value->size(), kLogIdBytes);
  return std::nullopt;
}

std::optional<std::string> fault_of_batch(const Batch& batch, Position last) {
  if (batch.entries.size() > limits::kBatchEntries) {
    return "the batch has " + std::to_string(batch.entries.size()) + " entries, more than the " +
           std::to_string(limits::kBatchEntries) + " allowed";
  }
  for (const Entry& entry : batch.entries) {
    if (entry.position != ++last) {
      return "the batch has an entry at position " + std::to_string(entry.position) + " where " +
             std::to_string(last) + " follows";
    }
    if (entry.erased) return "the batch has an entry that is erased before it is written";
  }
  if (bytes_of(batch.entries) > kEntriesBytes) {
    return over("the batch", bytes_of(batch.entries), kEntriesBytes);
  }
  if (auto fault = fault_of_changes("note", batch.notes, limits::kNoteBytes)) return fault;
  if (auto fault = fault_of_changes("record", batch.records, kChangesBytes)) return fault;
  if (auto fault = fault_of_changes("index value", batch.index, kChangesBytes)) return fault;
  const std::size_t changes =
      bytes_of(batch.notes) + bytes_of(batch.records) + bytes_of(batch.index);
  if (changes > kChangesBytes) return over("what follows from the batch", changes, kChangesBytes);
  return std::nullopt;
}

std::size_t bytes_of(const Batch& batch) {
  return bytes_of(batch.entries) + bytes_of(batch.notes) + bytes_of(batch.records) +
         bytes_of(batch.index);
}

std::string conflict_text(const LogKey& log, BatchNumber expected, BatchNumber last) {
  return "log " + log.role + "/" + log.id + " stands at batch " + std::to_string(last) +
         ", not at " + std::to_string(expected) + ": another writer owns it";
}

}  // namespace hansa::storage
