#pragma once
// A disk for tests, below LevelDB's Env: it fails writes and syncs on request, and loses power:
// then nothing goes through any more, and lose_unsynced() leaves what a disk may leave: synced
// bytes under synced names, and of the rest some first part. Safe from any thread.

#include <leveldb/env.h>

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/random.h"

namespace hansa::storage::test {

class FaultEnv final : public leveldb::EnvWrapper {
 public:
  FaultEnv() : EnvWrapper(leveldb::Env::Default()) {}

  // From now on writes leave half of their bytes and fail with ENOSPC.
  void fail_writes(bool fail);
  void fail_syncs(bool fail);
  // The power goes at the `operations`-th change of the disk from now on (0: now).
  void power_off_after(std::uint64_t operations);
  [[nodiscard]] bool is_off();
  // After the database was closed: what is left when the power comes back.
  void lose_unsynced(SeededRandom& random);

  // For LevelDbOptions::sync_folder.
  leveldb::Status sync_folder(const std::string& folder);

  leveldb::Status NewWritableFile(const std::string& name, leveldb::WritableFile** file) override;
  leveldb::Status NewAppendableFile(const std::string& name, leveldb::WritableFile**) override;
  leveldb::Status RenameFile(const std::string& from, const std::string& to) override;
  leveldb::Status RemoveFile(const std::string& name) override;

 private:
  class File;
  struct Kept {
    std::uint64_t written = 0;
    std::uint64_t synced = 0;
    bool name_synced = false;
    std::optional<std::string> before;  // what was under this name when it was renamed over it
  };

  // Counts a change; an error if it must not happen.
  [[nodiscard]] leveldb::Status change();
  [[nodiscard]] leveldb::Status write(const std::string& name, std::uint64_t bytes);
  [[nodiscard]] leveldb::Status sync(const std::string& name, leveldb::WritableFile& below);

  std::mutex mutex_;
  std::map<std::string, Kept> files_;
  std::optional<std::uint64_t> left_;  // changes until the power goes
  bool fail_writes_ = false;
  bool fail_syncs_ = false;
};

}  // namespace hansa::storage::test
