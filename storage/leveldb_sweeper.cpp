#include "storage/leveldb_sweeper.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <utility>
#include <vector>

#include "storage/leveldb_keys.h"

namespace hansa::storage {
namespace {

namespace keys = leveldb_keys;

constexpr std::size_t kSliceKeys = 512;

Status status_of(const leveldb::Status& status) {
  if (status.ok()) return Done{};
  return Error(Condition::resource_constraint, status.ToString());
}

std::unique_ptr<leveldb::Iterator> iterate(leveldb::DB& database) {
  leveldb::ReadOptions options;
  options.verify_checksums = true;
  options.fill_cache = false;
  return std::unique_ptr<leveldb::Iterator>(database.NewIterator(options));
}

using Range = std::pair<std::string, std::string>;

std::vector<Range> ranges_of(const LogKey& log, Position before) {
  if (before != keys::kSweepAll) {
    return {{keys::log_prefix('e', log), keys::entry_key(log, before, keys::Part::header)}};
  }
  std::vector<Range> ranges;
  for (const char kind : {'e', 'n', 'r'}) {
    const std::string prefix = keys::log_prefix(kind, log);
    ranges.emplace_back(prefix, keys::end_of(prefix));
  }
  return ranges;
}

}  // namespace

Status LevelDbSweeper::start() {
  const auto at = iterate(database_);
  for (at->Seek("s"); at->Valid() && at->key().starts_with("s"); at->Next()) {
    const auto log = keys::parse_log_key(at->key().ToString());
    const auto before = keys::parse_sweep(at->value().ToString());
    if (!log || !before) {
      return Error(Condition::internal_server_error, "a sweep is not readable");
    }
    sweeps_[*log] = Sweep{*before, {}};
  }
  return status_of(at->status());
}

void LevelDbSweeper::add(const LogKey& log, Position before, leveldb::WriteBatch& batch) {
  Sweep& sweep = sweeps_[log];
  // The keys before `next` are gone; a removal begins anew with the first kind.
  if (before == keys::kSweepAll) sweep.next.clear();
  sweep.before = std::max(sweep.before, before);
  batch.Put(keys::sweep_key(log), keys::sweep_value(sweep.before));
}

bool LevelDbSweeper::removing(const LogKey& log) const {
  const auto found = sweeps_.find(log);
  return found != sweeps_.end() && found->second.before == keys::kSweepAll;
}

Status LevelDbSweeper::slice() {
  assert(pending());
  return slice_of(LogKey(sweeps_.begin()->first));
}

Status LevelDbSweeper::finish(const LogKey& log) {
  while (sweeps_.contains(log)) {
    if (Status status = slice_of(log); !status) return status;
  }
  return Done{};
}

Status LevelDbSweeper::slice_of(const LogKey& log) {
  Sweep& sweep = sweeps_.at(log);
  leveldb::WriteBatch batch;
  std::size_t count = 0;
  const auto at = iterate(database_);
  for (const Range& range : ranges_of(log, sweep.before)) {
    if (range.second <= sweep.next) continue;
    for (at->Seek(std::max(range.first, sweep.next));
         at->Valid() && at->key().compare(range.second) < 0 && count < kSliceKeys; at->Next()) {
      batch.Delete(at->key());
      ++count;
    }
    if (!at->status().ok()) return status_of(at->status());
    if (count == kSliceKeys) break;
  }
  const bool finished = count < kSliceKeys;
  if (finished) {
    batch.Delete(keys::sweep_key(log));
  } else if (at->Valid()) {
    sweep.next = at->key().ToString();
  }
  const leveldb::Status written = database_.Write(leveldb::WriteOptions(), &batch);
  if (written.ok() && finished) sweeps_.erase(log);
  return status_of(written);
}

}  // namespace hansa::storage
