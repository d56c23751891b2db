#pragma once
// Judges writes and puts them into one LevelDB batch, to be written with one sync. Knows the last
// batch of the logs it met (the database is the truth). Used by one thread. After a failed write it
// may know what is not so: it is thrown away, and a new one begins with the database opened again.

#include <leveldb/db.h>
#include <leveldb/write_batch.h>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "storage/leveldb_keys.h"
#include "storage/leveldb_sweeper.h"
#include "storage/storage.h"

namespace hansa::storage {

struct AppendCall {
  LogKey log;
  BatchNumber expected;
  Batch batch;
  Then<AppendOutcome> then;
};
struct TruncateCall {
  LogKey log;
  Position first;
  Then<Status> then;
};
struct EraseCall {
  LogKey log;
  Position position;
  Then<Status> then;
};
struct RemoveCall {
  LogKey log;
  Then<Status> then;
};
struct ClaimCall {
  std::string role;
  std::string address;
  std::optional<std::string> expected;
  std::optional<std::string> value;
  Then<Result<std::optional<std::string>>> then;
};
using WriteCall = std::variant<AppendCall, TruncateCall, EraseCall, RemoveCall, ClaimCall>;

using Told = std::function<void()>;  // what the thread that decides is told; run once

template <typename T>
[[nodiscard]] Told told(Then<T> then, std::type_identity_t<T> result) {
  return
      [then = std::move(then), result = std::move(result)]() mutable { then(std::move(result)); };
}

// The answer to a call that was not tried, because of `why`.
[[nodiscard]] Told refuse(WriteCall call, const std::string& why);
// What the call holds in memory while it waits.
[[nodiscard]] std::size_t bytes_of(const WriteCall& call);

class Committer {
 public:
  explicit Committer(leveldb::DB& database) : database_(database), sweeper_(database) {}

  [[nodiscard]] LevelDbSweeper& sweeper() { return sweeper_; }

  // The log was removed and is being swept: commit what is staged, then finish the sweep.
  [[nodiscard]] const LogKey* swept_before(const WriteCall& call) const;
  // `no_space`: why nothing may be added to the store now; removing goes on.
  void stage(WriteCall call, const std::optional<std::string>& no_space);
  [[nodiscard]] std::size_t staged_bytes() const { return batch_.ApproximateSize(); }

  // Writes and syncs what is staged.
  [[nodiscard]] leveldb::Status commit();
  // What the callers of the calls staged are told, in order, once it was written, or was not.
  [[nodiscard]] std::vector<Told> take_answers(const leveldb::Status& written);

 private:
  // Gives what the caller is told; `failure`: why the batch was not written, or null. Called once.
  // A caller's function is never copied, so that it dies on the thread that decides.
  using Answer = std::function<Told(const std::string* failure)>;
  // The answer of a call: as it is, or that it failed if the batch is not written.
  template <typename T>
  void answer(Then<T> then, T result);
  // The answer that holds in any case, because nothing was staged for it.
  template <typename T>
  void refuse_now(Then<T> then, T result);

  using NoSpace = std::optional<std::string>;
  void stage_call(AppendCall call, const NoSpace& no_space);
  void stage_call(TruncateCall call, const NoSpace& no_space);
  void stage_call(EraseCall call, const NoSpace& no_space);
  void stage_call(RemoveCall call, const NoSpace& no_space);
  void stage_call(ClaimCall call, const NoSpace& no_space);

  void put(const std::string& key, const std::string& value);
  void remove(const std::string& key);
  void put_changes(const std::string& prefix, const std::vector<Change>& changes);
  void put_meta(const LogKey& log, const leveldb_keys::LogMeta& meta);
  [[nodiscard]] Result<leveldb_keys::LogMeta> meta_of(const LogKey& log);
  [[nodiscard]] Result<std::optional<std::string>> holder_of(const ClaimCall& call);

  leveldb::DB& database_;
  LevelDbSweeper sweeper_;
  leveldb::WriteBatch batch_;
  bool staged_ = false;  // anything is in batch_
  std::vector<Answer> answers_;
  std::map<LogKey, leveldb_keys::LogMeta> metas_;  // with what is staged
  std::map<std::pair<std::string, std::string>, std::optional<std::string>> claims_;  // staged
};

}  // namespace hansa::storage
