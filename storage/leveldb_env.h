#pragma once
// LevelDB's view of the disk, with what LevelDB leaves out: it tells a failed write (an error, the
// caller goes on) from a failed sync (nothing is known about the file any more: on_failed_sync is
// called and is not expected to return), and it syncs the names of new and renamed files.
// Safe from any thread. The Env below outlives it, it outlives the database.

#include <leveldb/env.h>

#include <atomic>
#include <functional>
#include <string>

namespace hansa::storage {

class LevelDbEnv final : public leveldb::EnvWrapper {
 public:
  using FailedSync = std::function<void(const std::string& text)>;
  using SyncFolder = std::function<leveldb::Status(const std::string& folder)>;

  LevelDbEnv(leveldb::Env& below, SyncFolder sync_folder, FailedSync on_failed_sync);

  leveldb::Status NewWritableFile(const std::string& name, leveldb::WritableFile** file) override;
  leveldb::Status NewAppendableFile(const std::string& name, leveldb::WritableFile** file) override;
  leveldb::Status RenameFile(const std::string& from, const std::string& to) override;
  leveldb::Status LockFile(const std::string& name, leveldb::FileLock** lock) override;

  // The last attempt to lock the store failed.
  [[nodiscard]] bool lock_failed() const { return lock_failed_; }
  // Makes the names in `folder` durable; a failure is a failed sync.
  leveldb::Status sync_folder(const std::string& folder);
  void failed_sync(const std::string& name, const leveldb::Status& status);

 private:
  SyncFolder sync_folder_;
  FailedSync on_failed_sync_;
  std::atomic<bool> lock_failed_ = false;
};

// fsync of a folder (POSIX).
[[nodiscard]] leveldb::Status sync_posix_folder(const std::string& folder);

}  // namespace hansa::storage
