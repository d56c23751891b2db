#pragma once
// What a store holds, as a value in memory: the rules of storage.h, done at once and in one thread.
// The memory back end is an image and a Poster; the simulated one is an image and a disk's manners.

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/storage.h"

namespace hansa::storage {

class Image {
 public:
  // `records_late`: the records of this batch stay behind until a later batch, or a truncation,
  // writes them; load then shows records_batch < last_batch.
  AppendOutcome append(const LogKey& log, BatchNumber expected, const Batch& batch,
                       bool records_late = false);
  [[nodiscard]] Result<Loaded> load(const LogKey& log) const;
  [[nodiscard]] Result<Page> read(const LogKey& log, Position from, std::size_t max_bytes) const;
  Status truncate(const LogKey& log, Position first);
  Status erase_payload(const LogKey& log, Position position);
  Status remove(const LogKey& log);
  [[nodiscard]] Result<std::vector<LogKey>> list(const std::string& role, const std::string& after,
                                                 std::size_t most) const;

  Result<std::optional<std::string>> claim(const std::string& role, const std::string& address,
                                           const std::optional<std::string>& expected,
                                           const std::optional<std::string>& value);
  [[nodiscard]] Result<std::optional<std::string>> lookup(const std::string& role,
                                                          const std::string& address) const;
  [[nodiscard]] Result<std::vector<KeyValue>> addresses(const std::string& role,
                                                        const std::string& after,
                                                        std::size_t most) const;
  [[nodiscard]] Result<std::vector<KeyValue>> scan_index(const std::string& role,
                                                         const std::string& from,
                                                         const std::string& to,
                                                         std::size_t most) const;

 private:
  using Map = std::map<std::string, std::string>;
  struct LogState {
    Loaded state;
    std::deque<Entry> entries;         // first_position … last_position
    std::vector<Change> late_records;  // of the batches after records_batch
  };

  static void write_records(LogState& log);

  std::map<LogKey, LogState> logs_;
  std::map<std::string, Map> index_;      // by role
  std::map<std::string, Map> directory_;  // by role
};

}  // namespace hansa::storage
