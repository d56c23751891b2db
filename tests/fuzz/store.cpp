// The store's own keys and values, and the search for damage in a write-ahead log's last block.

#include "storage/leveldb_keys.h"
#include "storage/leveldb_tail.h"
#include "tests/fuzz/target.h"

namespace hansa::fuzz {

namespace keys = storage::leveldb_keys;

void run(std::string_view bytes) {
  if (const auto format = keys::parse_format(bytes)) {
    holds(keys::format_value(*format) == bytes, "a format that is read is written the same");
  }
  if (const auto meta = keys::parse_meta(bytes)) {
    holds(keys::meta_value(*meta) == bytes, "a log's numbers that are read are written the same");
  }
  if (const auto before = keys::parse_sweep(bytes)) {
    holds(keys::sweep_value(*before) == bytes, "a sweep that is read is written the same");
  }
  if (const auto log = keys::parse_log_key(bytes)) {
    const std::string again = keys::log_prefix(bytes.front(), *log);
    holds(again == bytes, "a log's key that is read is written the same");
    if (const auto place = keys::parse_entry_place(bytes)) {
      const std::string key = keys::entry_key(*log, place->position, place->part);
      const auto back = keys::parse_entry_place(std::string_view(key).substr(again.size()));
      holds(back && back->position == place->position && back->part == place->part,
            "an entry's place that is written reads the same");
    }
  }
  (void)storage::tail_is_damaged(bytes.substr(0, storage::kLogBlockBytes - 1));
}

}  // namespace hansa::fuzz
