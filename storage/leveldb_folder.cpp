#include "storage/leveldb_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "storage/leveldb_keys.h"
#include "storage/leveldb_tail.h"

namespace hansa::storage {
namespace {

namespace keys = leveldb_keys;
namespace fs = std::filesystem;

// A group of commits is at most a few MiB; larger buffers only make the start longer.
constexpr std::size_t kWriteBufferBytes = 8 * 1024 * 1024;
constexpr int kFilterBitsPerKey = 10;

bool is_log(std::string_view name) { return name.ends_with(".log"); }

std::string describe(const leveldb::Status& status) { return status.ToString(); }

}  // namespace

// LevelDB says only here which file was damaged.
class LevelDbFolder::DamageLog final : public leveldb::Logger {
 public:
  void Logv(const char* format, std::va_list arguments) override {
    char line[512];
    std::vsnprintf(line, sizeof(line), format, arguments);
    if (std::string_view(line).find("dropping") == std::string_view::npos) return;
    const std::lock_guard lock(mutex_);
    last_ = line;
    while (last_.ends_with('\n')) last_.pop_back();
  }
  [[nodiscard]] std::string last() const {
    const std::lock_guard lock(mutex_);
    return last_;
  }
  void clear() {
    const std::lock_guard lock(mutex_);
    last_.clear();
  }

 private:
  mutable std::mutex mutex_;  // LevelDB's own thread writes too
  std::string last_;
};

LevelDbFolder::LevelDbFolder(std::string path, LevelDbEnv& env)
    : path_(std::move(path)),
      env_(env),
      filter_(leveldb::NewBloomFilterPolicy(kFilterBitsPerKey)),
      damage_(std::make_unique<DamageLog>()) {}

LevelDbFolder::~LevelDbFolder() = default;

Result<std::unique_ptr<leveldb::DB>> LevelDbFolder::open(std::size_t verify_bytes) {
  if (Status prepared = prepare(); !prepared) return prepared.error();
  const Result<bool> exists = holds_database();
  if (!exists) return exists.error();
  if (Status tails = check_tails(); !tails) return tails.error();

  leveldb::Options options;
  options.env = &env_;
  options.info_log = damage_.get();
  options.create_if_missing = !exists.value();
  options.paranoid_checks = true;
  options.write_buffer_size = kWriteBufferBytes;
  options.filter_policy = filter_.get();
  damage_->clear();
  leveldb::DB* opened = nullptr;
  const leveldb::Status status = leveldb::DB::Open(options, path_, &opened);
  std::unique_ptr<leveldb::DB> database(opened);
  if (!status.ok()) return refusal(status);
  if (Status format = check_format(*database); !format) return format.error();
  if (Status verified = verify(*database, verify_bytes); !verified) return verified.error();
  return database;
}

// The folder is there and may be used.
Status LevelDbFolder::prepare() {
  std::error_code error;
  const fs::path path(path_);
  if (!fs::exists(path, error) && !error) {
    if (fs::create_directories(path, error)) {
      fs::permissions(path, fs::perms::owner_all, error);
      const std::string parent = fs::absolute(path).parent_path().string();
      if (!env_.sync_folder(parent).ok()) {
        return Error(Condition::resource_constraint, "the folder " + parent + " cannot be synced");
      }
    }
  }
  if (error) {
    const bool forbidden = error == std::errc::permission_denied;
    return Error(forbidden ? Condition::forbidden : Condition::resource_constraint,
                 "the store's folder " + path_ + " cannot be made or read (" + error.message() +
                     "): make it by hand and give it to the user that runs this program");
  }
  if (!fs::is_directory(path, error)) {
    return Error(Condition::not_acceptable,
                 path_ + " is not a folder: name a folder for the store, or move the file away");
  }
  if (::faccessat(AT_FDCWD, path_.c_str(), R_OK | W_OK | X_OK, AT_EACCESS) != 0) {
    return Error(Condition::forbidden,
                 "no permission to read and write the store's folder " + path_ +
                     ": give it to the user that runs this program (chown -R)");
  }
  return Done{};
}

// Without CURRENT, LevelDB would begin a new database and remove the files of the old one.
Result<bool> LevelDbFolder::holds_database() const {
  std::vector<std::string> names;
  if (leveldb::Status status = env_.GetChildren(path_, &names); !status.ok()) {
    return refusal(status);
  }
  if (std::ranges::find(names, "CURRENT") != names.end()) return true;
  for (const std::string& name : names) {
    const bool begun = name == "MANIFEST-000001";  // the process ended while it made the store
    if (name.ends_with(".ldb") || name.ends_with(".sst") || is_log(name) ||
        (name.starts_with("MANIFEST-") && !begun)) {
      return damaged("the file CURRENT is missing beside " + name);
    }
  }
  return false;
}

Status LevelDbFolder::check_tails() const {
  std::error_code error;
  for (fs::directory_iterator at(path_, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (!is_log(name) && !name.starts_with("MANIFEST-")) continue;
    std::ifstream file(at->path(), std::ios::binary | std::ios::ate);
    const auto size = static_cast<std::size_t>(std::max<std::streamoff>(file.tellg(), 0));
    std::string tail(size % kLogBlockBytes, '\0');
    file.seekg(static_cast<std::streamoff>(size - tail.size()));
    // A file that cannot be read is left to LevelDB.
    if (!file.read(tail.data(), static_cast<std::streamsize>(tail.size()))) continue;
    if (tail_is_damaged(tail)) return damaged("a record's length in " + name + " is wrong");
  }
  return Done{};
}

Error LevelDbFolder::refusal(const leveldb::Status& status) const {
  if (env_.lock_failed()) {
    return Error(Condition::conflict,
                 "the store in " + path_ + " is in use by another process, or its LOCK file may " +
                     "not be written (" + describe(status) + "): stop that process first");
  }
  const std::string dropped = damage_->last();
  const std::size_t log_at = dropped.find(".log: dropping");
  if (log_at != std::string::npos) {
    const std::size_t slash = dropped.rfind('/', log_at);
    const std::string file = dropped.substr(slash + 1, log_at - slash - 1) + ".log";
    return damaged("the write-ahead log " + file + ", " + describe(status) +
                   "; if the machine lost power, this can be a last batch that nobody was told " +
                   "of, but then batches that were confirmed could be missing too");
  }
  const bool missing =
      status.IsIOError() && describe(status).find("No such file") != std::string::npos;
  if (status.IsCorruption() || status.IsInvalidArgument() || status.IsNotFound() || missing) {
    return damaged(describe(status));
  }
  return Error(Condition::resource_constraint,
               "the store in " + path_ + " cannot be opened (" + describe(status) +
                   "): look at free space, open files and the owner of its files");
}

Error LevelDbFolder::damaged(const std::string& what) const {
  return Error(Condition::internal_server_error,
               "the store in " + path_ + " is damaged (" + what +
                   "): keep a copy of the folder and restore it from a backup; it is not used as " +
                   "it is, so that nothing more is lost");
}

Status LevelDbFolder::check_format(leveldb::DB& database) const {
  std::string value;
  leveldb::ReadOptions reading;
  reading.verify_checksums = true;
  const leveldb::Status status = database.Get(reading, keys::kFormatKey, &value);
  if (status.ok()) {
    const auto format = keys::parse_format(value);
    if (!format) return damaged("its format number cannot be read");
    if (*format == keys::kFormat) return Done{};
    if (*format < keys::kOldestFormat) {
      return Error(Condition::not_acceptable,
                   "the store in " + path_ + " has the preliminary format " +
                       std::to_string(*format) + ", which was never released: this program reads " +
                       "formats from " + std::to_string(keys::kOldestFormat) +
                       " on; name an empty folder");
    }
    return Error(Condition::not_acceptable,
                 "the store in " + path_ + " has format " + std::to_string(*format) +
                     ", this program knows formats up to " + std::to_string(keys::kFormat) +
                     ": run the newer version that wrote it, or restore a backup made before it");
  }
  if (!status.IsNotFound()) return refusal(status);
  const std::unique_ptr<leveldb::Iterator> any(database.NewIterator(reading));
  any->SeekToFirst();
  if (any->Valid()) {
    return Error(Condition::not_acceptable, "the folder " + path_ +
                                                " holds a LevelDB database that is not a store of "
                                                "this program: name another folder");
  }
  if (!any->status().ok()) return refusal(any->status());
  leveldb::WriteOptions synced;
  synced.sync = true;
  const leveldb::Status written =
      database.Put(synced, keys::kFormatKey, keys::format_value(keys::kFormat));
  if (!written.ok()) return refusal(written);
  return Done{};
}

Status LevelDbFolder::verify(leveldb::DB& database, std::size_t bytes) const {
  leveldb::ReadOptions reading;
  reading.verify_checksums = true;
  reading.fill_cache = false;
  const std::unique_ptr<leveldb::Iterator> all(database.NewIterator(reading));
  std::size_t seen = 0;
  for (all->SeekToFirst(); all->Valid() && seen < bytes; all->Next()) {
    seen += all->key().size() + all->value().size();
  }
  if (!all->status().ok()) return refusal(all->status());
  return Done{};
}

}  // namespace hansa::storage
