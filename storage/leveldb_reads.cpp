#include "storage/leveldb_reads.h"

#include <algorithm>
#include <memory>
#include <string_view>

namespace hansa::storage::leveldb_reads {
namespace {

namespace keys = leveldb_keys;

std::string_view view(const leveldb::Slice& slice) { return {slice.data(), slice.size()}; }

Error unreadable(const std::string& what) { return Error(Condition::internal_server_error, what); }

Error unreadable(const LogKey& log, const std::string& what) {
  return unreadable("log " + log.role + "/" + log.id + ": " + what);
}

// One state of the database for several reads.
class Snapshot {
 public:
  explicit Snapshot(leveldb::DB& database)
      : database_(database), snapshot_(database.GetSnapshot()) {
    options_.snapshot = snapshot_;
    options_.verify_checksums = true;
  }
  ~Snapshot() { database_.ReleaseSnapshot(snapshot_); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  [[nodiscard]] std::unique_ptr<leveldb::Iterator> iterator() const {
    return std::unique_ptr<leveldb::Iterator>(database_.NewIterator(options_));
  }
  [[nodiscard]] leveldb::Status get(const std::string& key, std::string& value) const {
    return database_.Get(options_, key, &value);
  }

 private:
  leveldb::DB& database_;
  const leveldb::Snapshot* snapshot_;
  leveldb::ReadOptions options_;
};

Result<keys::LogMeta> meta_in(const Snapshot& snapshot, const LogKey& log) {
  std::string value;
  const leveldb::Status status = snapshot.get(keys::meta_key(log), value);
  if (status.IsNotFound()) return keys::LogMeta{};
  if (!status.ok()) return unreadable(log, status.ToString());
  const auto meta = keys::parse_meta(value);
  if (!meta) return unreadable(log, "its numbers are not readable");
  return *meta;
}

// Keys in [from, to), each given to `take` without the first `prefix` bytes, while it says so.
template <typename Take>
Status each(const Snapshot& snapshot, const std::string& from, const std::string& to,
            std::size_t prefix, Take take) {
  const auto at = snapshot.iterator();
  for (at->Seek(from); at->Valid() && at->key().compare(to) < 0; at->Next()) {
    if (!take(view(at->key()).substr(prefix), view(at->value()))) break;
  }
  if (!at->status().ok()) return unreadable(at->status().ToString());
  return Done{};
}

Status read_map(const Snapshot& snapshot, char kind, const LogKey& log,
                std::map<std::string, std::string>& out) {
  const std::string prefix = keys::log_prefix(kind, log);
  return each(snapshot, prefix, keys::end_of(prefix), prefix.size(),
              [&out](std::string_view key, std::string_view value) {
                out.emplace_hint(out.end(), key, value);
                return true;
              });
}

Result<std::vector<KeyValue>> collect(leveldb::DB& database, const std::string& from,
                                      const std::string& to, std::size_t prefix, std::size_t most) {
  std::vector<KeyValue> found;
  if (most == 0) return found;
  const Status status = each(Snapshot(database), from, to, prefix,
                             [&found, most](std::string_view key, std::string_view value) {
                               found.emplace_back(key, value);
                               return found.size() < most;
                             });
  if (!status) return status.error();
  return found;
}

// Keys in [to, from), the last one first.
Result<std::vector<KeyValue>> collect_back(leveldb::DB& database, const std::string& from,
                                           const std::string& to, std::size_t prefix,
                                           std::size_t most) {
  std::vector<KeyValue> found;
  const Snapshot snapshot(database);
  const auto at = snapshot.iterator();
  at->Seek(from);
  // Past the last key there is nothing to step back from.
  for (at->Valid() ? at->Prev() : at->SeekToLast();
       at->Valid() && found.size() < most && at->key().compare(to) >= 0; at->Prev()) {
    found.emplace_back(view(at->key()).substr(prefix), view(at->value()));
  }
  if (!at->status().ok()) return unreadable(at->status().ToString());
  return found;
}

// The least key after `prefix` + `after`.
std::string beyond(std::string prefix, const std::string& after) {
  if (!after.empty()) prefix += after + '\0';
  return prefix;
}

}  // namespace

Result<keys::LogMeta> meta(leveldb::DB& database, const LogKey& log) {
  return meta_in(Snapshot(database), log);
}

Result<Loaded> load(leveldb::DB& database, const LogKey& log) {
  const Snapshot snapshot(database);
  const Result<keys::LogMeta> meta = meta_in(snapshot, log);
  if (!meta) return meta.error();
  Loaded loaded;
  if (meta->last_batch == 0) return loaded;  // what a removed log left is not its own any more
  loaded.last_batch = loaded.records_batch = meta->last_batch;
  loaded.last_position = loaded.records_position = meta->last_position;
  loaded.first_position = meta->first_position;
  if (Status status = read_map(snapshot, 'r', log, loaded.records); !status) return status.error();
  if (Status status = read_map(snapshot, 'n', log, loaded.notes); !status) return status.error();
  return loaded;
}

Result<Page> page(leveldb::DB& database, const LogKey& log, Position from, std::size_t max_bytes) {
  const Snapshot snapshot(database);
  const Result<keys::LogMeta> meta = meta_in(snapshot, log);
  if (!meta) return meta.error();
  Page page;
  Position next = std::max(from, meta->first_position);
  page.end = next > meta->last_position;
  if (page.end) return page;

  const std::string prefix = keys::log_prefix('e', log);
  std::size_t bytes = 0;
  bool dense = true;
  const auto take = [&](std::string_view key, std::string_view value) {
    const auto place = keys::parse_entry_place(key);
    const bool header = place && place->part == keys::Part::header;
    dense =
        place && place->position == (header ? next : next - 1) && (header || !page.entries.empty());
    if (!dense) return false;
    if (header) {
      // The entry before is complete: a page that is full ends here.
      if (!page.entries.empty() && bytes + value.size() > max_bytes) return false;
      bytes += value.size();
      page.entries.push_back(Entry{next++, std::string(value), {}, true});
      return true;
    }
    bytes += value.size();
    if (bytes > max_bytes && page.entries.size() > 1) {
      page.entries.pop_back();
      --next;
      return false;
    }
    page.entries.back().payload = value;
    page.entries.back().erased = false;
    return true;
  };
  const Status status =
      each(snapshot, keys::entry_key(log, next, keys::Part::header),
           keys::end_of(keys::entry_key(log, meta->last_position, keys::Part::payload)),
           prefix.size(), take);
  if (!status) return unreadable(log, std::string(status.error().message()));
  page.end = next > meta->last_position;
  if (!dense || page.entries.empty()) {
    return unreadable(log, "the entry at position " + std::to_string(next) + " is missing");
  }
  return page;
}

Result<std::vector<LogKey>> list(leveldb::DB& database, const std::string& role,
                                 const std::string& after, std::size_t most) {
  const std::string prefix = keys::role_prefix('l', role);
  const auto found = collect(database, after.empty() ? prefix : beyond(prefix, after + '\0'),
                             keys::end_of(prefix), prefix.size(), most);
  if (!found) return found.error();
  std::vector<LogKey> logs;
  for (const KeyValue& one : *found) {
    if (!one.first.ends_with('\0')) return unreadable("a log's key is not readable");
    logs.push_back(LogKey{role, one.first.substr(0, one.first.size() - 1)});
  }
  return logs;
}

Result<std::optional<std::string>> lookup(leveldb::DB& database, const std::string& role,
                                          const std::string& address) {
  std::string value;
  leveldb::ReadOptions options;
  options.verify_checksums = true;
  const leveldb::Status status =
      database.Get(options, keys::role_prefix('d', role) + address, &value);
  if (status.IsNotFound()) return std::optional<std::string>{};
  if (!status.ok()) return unreadable(status.ToString());
  return std::optional(value);
}

Result<std::vector<KeyValue>> addresses(leveldb::DB& database, const std::string& role,
                                        const std::string& after, std::size_t most) {
  const std::string prefix = keys::role_prefix('d', role);
  return collect(database, beyond(prefix, after), keys::end_of(prefix), prefix.size(), most);
}

Result<std::vector<KeyValue>> scan_index(leveldb::DB& database, const std::string& role,
                                         const std::string& from, const std::string& to,
                                         std::size_t most) {
  const std::string prefix = keys::role_prefix('i', role);
  if (from > to) return collect_back(database, prefix + from, prefix + to, prefix.size(), most);
  return collect(database, prefix + from, prefix + to, prefix.size(), most);
}

}  // namespace hansa::storage::leveldb_reads
