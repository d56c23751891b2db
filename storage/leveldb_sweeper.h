#pragma once
// Removes the keys of truncated and removed logs, in slices, so that other writes need not wait
// long. What is still to be swept stands in the database (storage/format.md) and is invisible to
// readers meanwhile. Slices are not synced: what a crash undoes is swept again. Used by one thread.

#include <leveldb/db.h>
#include <leveldb/write_batch.h>

#include <map>
#include <string>

#include "storage/storage.h"

namespace hansa::storage {

class LevelDbSweeper {
 public:
  explicit LevelDbSweeper(leveldb::DB& database) : database_(database) {}

  // Takes up the sweeps that were not finished.
  [[nodiscard]] Status start();

  // Entries before `before` are to go, or with kSweepAll all of the log. The keys go after `batch`
  // was written.
  void add(const LogKey& log, Position before, leveldb::WriteBatch& batch);

  [[nodiscard]] bool pending() const { return !sweeps_.empty(); }
  // The log was removed, and not all of it is gone yet: nothing may be written to it.
  [[nodiscard]] bool removing(const LogKey& log) const;
  // Removes one slice of one log, or all there is of `log`.
  [[nodiscard]] Status slice();
  [[nodiscard]] Status finish(const LogKey& log);

 private:
  struct Sweep {
    Position before = 0;
    std::string next;  // the first key not yet looked at
  };

  [[nodiscard]] Status slice_of(const LogKey& log);

  leveldb::DB& database_;
  std::map<LogKey, Sweep> sweeps_;
};

}  // namespace hansa::storage
