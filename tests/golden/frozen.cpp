#include "tests/golden/frozen.h"

#include <leveldb/db.h>
#include <stdlib.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "storage/leveldb_store.h"
#include "tests/golden/reads.h"

namespace hansa::golden {
namespace {

constexpr std::string_view kEquals = "  =  ";
void append(storage::Store& store, const Step& step, const storage::LogKey& log,
            storage::BatchNumber expected, storage::Batch batch) {
  const auto outcome = answer<storage::AppendOutcome>(
      step, [&](auto then) { store.append(log, expected, std::move(batch), then); });
  sure(outcome.result == storage::AppendResult::durable);
}

std::vector<storage::Change> changes(const std::map<std::string, std::string>& pairs) {
  std::vector<storage::Change> out;
  for (const auto& [key, value] : pairs) out.push_back({key, value});
  return out;
}

leveldb::DB* database_in(const std::string& path) {
  leveldb::Options options;
  options.create_if_missing = true;
  leveldb::DB* database = nullptr;
  sure(leveldb::DB::Open(options, path, &database).ok());
  return database;
}

}  // namespace

std::string to_text(const Bytes& bytes) {
  std::string out;
  for (const auto& [key, value] : bytes) {
    out += escaped(key) + std::string(kEquals) + escaped(value) + '\n';
  }
  return out;
}

Bytes from_text(std::string_view text) {
  Bytes out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::size_t equals = line.find(kEquals);
    sure(equals != std::string_view::npos);
    out[unescaped(line.substr(0, equals))] = unescaped(line.substr(equals + kEquals.size()));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return out;
}

void Folder::Desk::post(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  work_.push_back(std::move(work));
  filled_.notify_one();
}

void Folder::Desk::step() {
  std::unique_lock lock(mutex_);
  sure(filled_.wait_for(lock, std::chrono::seconds(60), [this] { return !work_.empty(); }));
  const auto work = std::move(work_.front());
  work_.pop_front();
  lock.unlock();
  work();
}

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "hansa-golden-XXXXXX").string();
  sure(::mkdtemp(name.data()) != nullptr);
  path_ = name + "/store";
}

Folder::Folder(const Bytes& bytes) : Folder() {
  const std::unique_ptr<leveldb::DB> database(database_in(path_));
  for (const auto& [key, value] : bytes) {
    sure(database->Put(leveldb::WriteOptions(), key, value).ok());
  }
}

Folder::~Folder() {
  store_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(std::filesystem::path(path_).parent_path(), ignored);
}

Status Folder::open() {
  auto opened = storage::open_leveldb_store(path_, desk_, log_);
  if (!opened) return opened.error();
  store_ = std::move(opened).value();
  return Done{};
}

Step Folder::step() {
  return [this] { desk_.step(); };
}

Bytes Folder::bytes() {
  store_.reset();
  const std::unique_ptr<leveldb::DB> database(database_in(path_));
  const std::unique_ptr<leveldb::Iterator> at(database->NewIterator(leveldb::ReadOptions()));
  Bytes out;
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    out[at->key().ToString()] = at->value().ToString();
  }
  return out;
}

void copy(storage::Store& from, const Step& step_from, storage::Store& to, const Step& step_to) {
  bool first_log = true;
  for (const storage::LogKey& log : logs_of(from, step_from)) {
    const storage::Loaded loaded = load(from, step_from, log);
    storage::Batch batch;
    // Positions begin at 1: what was truncated is written empty, and truncated again.
    for (storage::Position at = 1; at < loaded.first_position; ++at) {
      batch.entries.push_back({at, "-", "-", false});
    }
    std::vector<storage::Position> erased;
    for (storage::Entry& entry : entries_of(from, step_from, log)) {
      if (entry.erased) erased.push_back(entry.position);
      batch.entries.push_back({entry.position, entry.header, entry.payload, false});
    }
    batch.notes = changes(loaded.notes);
    batch.records = changes(loaded.records);
    if (std::exchange(first_log, false)) {
      // One role at a time has an index: a store is a node's or a hub's.
      for (const auto& [key, value] : index_of(from, step_from, log.role)) {
        batch.index.push_back({key, value});
      }
    }
    append(to, step_to, log, 0, std::move(batch));
    for (const storage::Position at : erased) {
      sure(answer<Status>(step_to, [&](auto then) { to.erase_payload(log, at, then); }).ok());
    }
    if (loaded.first_position > 1) {
      const storage::Position first = loaded.first_position;
      sure(answer<Status>(step_to, [&](auto then) { to.truncate(log, first, then); }).ok());
    }
  }
  using Claimed = Result<std::optional<std::string>>;
  for (const char* role : kRoles) {
    for (const auto& [address, id] : addresses_of(from, step_from, role)) {
      sure(answer<Claimed>(step_to, [&](auto then) {
        to.claim(role, address, std::nullopt, id, then);
      }).ok());
    }
  }
}

}  // namespace hansa::golden
