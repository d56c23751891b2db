#include "tests/storage/fault_env.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

namespace hansa::storage::test {

namespace fs = std::filesystem;
using leveldb::Slice;
using leveldb::Status;

namespace {

Status no_power() { return Status::IOError("the power is off"); }

std::string contents(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

class FaultEnv::File final : public leveldb::WritableFile {
 public:
  File(FaultEnv& env, std::string name, leveldb::WritableFile* below)
      : env_(env), name_(std::move(name)), below_(below) {}

  Status Append(const Slice& data) override {
    Status status = env_.write(name_, data.size());
    if (status.ok()) return below_->Append(data);
    if (!env_.is_off()) {
      (void)below_->Append(Slice(data.data(), data.size() / 2));
      (void)below_->Flush();
    }
    return status;
  }
  Status Close() override { return below_->Close(); }
  Status Flush() override { return env_.is_off() ? no_power() : below_->Flush(); }
  Status Sync() override { return env_.sync(name_, *below_); }

 private:
  FaultEnv& env_;
  std::string name_;
  std::unique_ptr<leveldb::WritableFile> below_;
};

void FaultEnv::fail_writes(bool fail) {
  const std::lock_guard lock(mutex_);
  fail_writes_ = fail;
}

void FaultEnv::fail_syncs(bool fail) {
  const std::lock_guard lock(mutex_);
  fail_syncs_ = fail;
}

void FaultEnv::power_off_after(std::uint64_t operations) {
  const std::lock_guard lock(mutex_);
  left_ = operations;
}

bool FaultEnv::is_off() {
  const std::lock_guard lock(mutex_);
  return left_ && *left_ == 0;
}

Status FaultEnv::change() {
  if (!left_) return Status::OK();
  if (*left_ > 0) --*left_;
  return *left_ == 0 ? no_power() : Status::OK();
}

Status FaultEnv::write(const std::string& name, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (Status status = change(); !status.ok()) return status;
  if (fail_writes_) return Status::IOError(name, "No space left on device");
  files_[name].written += bytes;
  return Status::OK();
}

Status FaultEnv::sync(const std::string& name, leveldb::WritableFile& below) {
  const std::lock_guard lock(mutex_);
  if (Status status = change(); !status.ok()) return status;
  if (fail_syncs_) return Status::IOError(name, "Input/output error");
  Kept& kept = files_[name];
  kept.synced = kept.written;
  return below.Flush();  // what the process itself cannot lose
}

Status FaultEnv::sync_folder(const std::string& folder) {
  const std::lock_guard lock(mutex_);
  if (Status status = change(); !status.ok()) return status;
  if (fail_syncs_) return Status::IOError(folder, "Input/output error");
  for (auto& [name, kept] : files_) {
    if (fs::path(name).parent_path() != folder) continue;
    kept.name_synced = true;
    kept.before.reset();
  }
  return Status::OK();
}

Status FaultEnv::NewWritableFile(const std::string& name, leveldb::WritableFile** file) {
  {
    const std::lock_guard lock(mutex_);
    if (Status status = change(); !status.ok()) return status;
    files_[name] = Kept{};
  }
  Status status = target()->NewWritableFile(name, file);
  if (status.ok()) *file = new File(*this, name, *file);
  return status;
}

Status FaultEnv::NewAppendableFile(const std::string& name, leveldb::WritableFile**) {
  return Status::NotSupported(name);
}

Status FaultEnv::RenameFile(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  if (Status status = change(); !status.ok()) return status;
  Kept kept = files_[from];
  kept.name_synced = false;
  if (fs::exists(to)) kept.before = contents(to);
  files_.erase(from);
  files_[to] = std::move(kept);
  return target()->RenameFile(from, to);
}

Status FaultEnv::RemoveFile(const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (Status status = change(); !status.ok()) return status;
  files_.erase(name);
  return target()->RemoveFile(name);
}

void FaultEnv::lose_unsynced(SeededRandom& random) {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, kept] : files_) {
    if (!fs::exists(name)) continue;
    const bool new_name = kept.name_synced || random.below(2) == 0;
    if (!new_name && kept.before) {
      std::ofstream(name, std::ios::binary | std::ios::trunc) << *kept.before;
    } else if (!new_name) {
      fs::remove(name);
    } else {
      const std::uint64_t size = fs::file_size(name);
      REQUIRE(size >= kept.synced);
      fs::resize_file(name, kept.synced + random.below(size - kept.synced + 1));
    }
  }
  files_.clear();
  left_.reset();
}

}  // namespace hansa::storage::test
