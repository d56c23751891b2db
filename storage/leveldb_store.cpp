#include "storage/leveldb_store.h"

#include <cstdlib>
#include <utility>

#include "storage/leveldb_env.h"
#include "storage/leveldb_reads.h"
#include "storage/leveldb_worker.h"
#include "storage/rules.h"

namespace hansa::storage {
namespace {

// EX_SOFTWARE of sysexits.h: a service manager starts the program again.
constexpr int kFailedSyncStatus = 70;

using Fault = std::optional<std::string>;
template <typename T>
using Reading = std::function<Result<T>(leveldb::DB&)>;

class LevelDbStore final : public Store {
 public:
  LevelDbStore(const std::string& folder, Poster& poster, Log& log, LevelDbOptions options)
      : log_(log),
        end_process_(std::move(options.end_process)),
        env_(options.disk != nullptr ? *options.disk : *leveldb::Env::Default(),
             options.sync_folder ? std::move(options.sync_folder) : sync_posix_folder,
             [this](const std::string& text) { failed_sync(text); }),
        folder_(folder, env_),
        worker_(folder_,
                FreeSpace(folder, options.free_space_reserve,
                          options.free_space ? std::move(options.free_space) : measure_free_space),
                poster, log) {}

  Status start(std::size_t verify_bytes) { return worker_.start(verify_bytes); }

  void append(const LogKey& log, BatchNumber expected, Batch batch,
              Then<AppendOutcome> then) override {
    worker_.write(AppendCall{log, expected, std::move(batch), std::move(then)});
  }
  void truncate(const LogKey& log, Position first, Then<Status> then) override {
    worker_.write(TruncateCall{log, first, std::move(then)});
  }
  void erase_payload(const LogKey& log, Position position, Then<Status> then) override {
    worker_.write(EraseCall{log, position, std::move(then)});
  }
  void remove(const LogKey& log, Then<Status> then) override {
    worker_.write(RemoveCall{log, std::move(then)});
  }
  void claim(const std::string& role, const std::string& address,
             std::optional<std::string> expected, std::optional<std::string> value,
             Then<Result<std::optional<std::string>>> then) override {
    worker_.write(ClaimCall{role, address, std::move(expected), std::move(value), std::move(then)});
  }

  void load(const LogKey& log, Then<Result<Loaded>> then) override {
    read<Loaded>(
        fault_of_key(log),
        [log](leveldb::DB& database) { return leveldb_reads::load(database, log); },
        std::move(then));
  }
  void read(const LogKey& log, Position from, std::size_t max_bytes,
            Then<Result<Page>> then) override {
    const auto reading = [log, from, max_bytes](leveldb::DB& database) {
      return leveldb_reads::page(database, log, from, max_bytes);
    };
    read<Page>(fault_of_key(log), reading, std::move(then));
  }
  void list(const std::string& role, const std::string& after, std::size_t most,
            Then<Result<std::vector<LogKey>>> then) override {
    const auto reading = [role, after, most](leveldb::DB& database) {
      return leveldb_reads::list(database, role, after, most);
    };
    read<std::vector<LogKey>>(fault_of_role(role), reading, std::move(then));
  }
  void lookup(const std::string& role, const std::string& address,
              Then<Result<std::optional<std::string>>> then) override {
    const auto reading = [role, address](leveldb::DB& database) {
      return leveldb_reads::lookup(database, role, address);
    };
    read<std::optional<std::string>>(fault_of_role(role), reading, std::move(then));
  }
  void addresses(const std::string& role, const std::string& after, std::size_t most,
                 Then<Result<std::vector<KeyValue>>> then) override {
    const auto reading = [role, after, most](leveldb::DB& database) {
      return leveldb_reads::addresses(database, role, after, most);
    };
    read<std::vector<KeyValue>>(fault_of_role(role), reading, std::move(then));
  }
  void scan_index(const std::string& role, const std::string& from, const std::string& to,
                  std::size_t most, Then<Result<std::vector<KeyValue>>> then) override {
    const auto reading = [role, from, to, most](leveldb::DB& database) {
      return leveldb_reads::scan_index(database, role, from, to, most);
    };
    read<std::vector<KeyValue>>(fault_of_role(role), reading, std::move(then));
  }

 private:
  template <typename T>
  void read(Fault fault, Reading<T> reading, Then<Result<T>> then) {
    worker_.read(
        [this, fault = std::move(fault), reading = std::move(reading), then = std::move(then)](
            leveldb::DB* database, const std::string& why) mutable -> Told {
          Result<T> result = Error(Condition::resource_constraint, why);
          if (fault) {
            result = Error(Condition::bad_request, *fault);
          } else if (database != nullptr) {
            result = reading(*database);
            if (!result) result = unreadable(result.error());
          }
          return [then = std::move(then), result = std::move(result)]() mutable {
            then(std::move(result));
          };
        });
  }

  Error unreadable(const Error& found) {
    Error damaged = folder_.damaged(std::string(found.message()));
    log_.error("storage", damaged.message());
    return damaged;
  }

  void failed_sync(const std::string& text) {
    log_.error("storage", text + ": nothing is known about what the disk holds until the store " +
                              "is opened anew; the process ends");
    if (end_process_) return end_process_();
    std::_Exit(kFailedSyncStatus);
  }

  Log& log_;
  std::function<void()> end_process_;
  LevelDbEnv env_;
  LevelDbFolder folder_;
  LevelDbWorker worker_;  // last: its threads end before what they use
};

}  // namespace

Result<std::unique_ptr<Store>> open_leveldb_store(const std::string& folder, Poster& poster,
                                                  Log& log, LevelDbOptions options) {
  const std::size_t verify_bytes = options.verify_bytes;
  auto store = std::make_unique<LevelDbStore>(folder, poster, log, std::move(options));
  if (Status started = store->start(verify_bytes); !started) return started.error();
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace hansa::storage
