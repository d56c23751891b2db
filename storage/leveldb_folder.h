#pragma once
// The folder of a LevelDB store: opens the database in it, or says in words for the operator why it
// cannot be opened and what to do. Used by one thread at a time; outlives the database it opened.

#include <leveldb/db.h>
#include <leveldb/filter_policy.h>

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "storage/leveldb_env.h"

namespace hansa::storage {

class LevelDbFolder {
 public:
  LevelDbFolder(std::string path, LevelDbEnv& env);
  ~LevelDbFolder();

  // Opens the database, or makes a new one where there is none. `verify_bytes`: how much of what is
  // stored is read, with its checksums, before it counts as open.
  // Error: damaged or not ours: internal_server_error; newer format: not_acceptable; in use:
  // conflict; no permission: forbidden; else (no space, no descriptors): resource_constraint.
  [[nodiscard]] Result<std::unique_ptr<leveldb::DB>> open(std::size_t verify_bytes);

  [[nodiscard]] const std::string& path() const { return path_; }
  // The text of damage that a read met.
  [[nodiscard]] Error damaged(const std::string& what) const;

 private:
  class DamageLog;

  [[nodiscard]] Status prepare();
  [[nodiscard]] Result<bool> holds_database() const;
  [[nodiscard]] Status check_tails() const;
  [[nodiscard]] Error refusal(const leveldb::Status& status) const;
  [[nodiscard]] Status check_format(leveldb::DB& database) const;
  [[nodiscard]] Status verify(leveldb::DB& database, std::size_t bytes) const;

  std::string path_;
  LevelDbEnv& env_;
  std::unique_ptr<const leveldb::FilterPolicy> filter_;
  std::unique_ptr<DamageLog> damage_;
};

}  // namespace hansa::storage
