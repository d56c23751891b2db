#include "storage/leveldb_env.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

namespace hansa::storage {
namespace {

using leveldb::Status;

std::string folder_of(const std::string& name) {
  return std::filesystem::path(name).parent_path().string();
}

class SyncedFile final : public leveldb::WritableFile {
 public:
  SyncedFile(LevelDbEnv& env, std::string name, leveldb::WritableFile* below)
      : env_(env), name_(std::move(name)), below_(below) {}

  Status Append(const leveldb::Slice& data) override { return below_->Append(data); }
  Status Close() override { return below_->Close(); }
  Status Flush() override { return below_->Flush(); }

  Status Sync() override {
    // What is buffered is written first, so that a full disk is not taken for a failed sync.
    if (Status status = below_->Flush(); !status.ok()) return status;
    if (Status status = below_->Sync(); !status.ok()) {
      env_.failed_sync(name_, status);
      return status;
    }
    if (name_synced_) return Status::OK();
    const Status status = env_.sync_folder(folder_of(name_));
    name_synced_ = status.ok();
    return status;
  }

 private:
  LevelDbEnv& env_;
  std::string name_;
  std::unique_ptr<leveldb::WritableFile> below_;
  bool name_synced_ = false;
};

}  // namespace

LevelDbEnv::LevelDbEnv(leveldb::Env& below, SyncFolder sync_folder, FailedSync on_failed_sync)
    : EnvWrapper(&below),
      sync_folder_(std::move(sync_folder)),
      on_failed_sync_(std::move(on_failed_sync)) {}

Status LevelDbEnv::NewWritableFile(const std::string& name, leveldb::WritableFile** file) {
  Status status = target()->NewWritableFile(name, file);
  if (status.ok()) *file = new SyncedFile(*this, name, *file);
  return status;
}

Status LevelDbEnv::NewAppendableFile(const std::string& name, leveldb::WritableFile** file) {
  Status status = target()->NewAppendableFile(name, file);
  if (status.ok()) *file = new SyncedFile(*this, name, *file);
  return status;
}

Status LevelDbEnv::RenameFile(const std::string& from, const std::string& to) {
  if (Status status = target()->RenameFile(from, to); !status.ok()) return status;
  return sync_folder(folder_of(to));
}

Status LevelDbEnv::LockFile(const std::string& name, leveldb::FileLock** lock) {
  Status status = target()->LockFile(name, lock);
  lock_failed_ = !status.ok();
  return status;
}

Status LevelDbEnv::sync_folder(const std::string& folder) {
  Status status = sync_folder_(folder);
  if (!status.ok()) failed_sync(folder, status);
  return status;
}

void LevelDbEnv::failed_sync(const std::string& name, const Status& status) {
  on_failed_sync_("the sync of " + name + " failed (" + status.ToString() + ")");
}

Status sync_posix_folder(const std::string& folder) {
  const auto failed = [&folder] {
    return Status::IOError(folder, std::generic_category().message(errno));
  };
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return failed();
  Status status;
  // EINVAL: a file system without syncs of folders; it keeps names by itself.
  if (::fsync(descriptor) != 0 && errno != EINVAL) status = failed();
  ::close(descriptor);
  return status;
}

}  // namespace hansa::storage
