#pragma once
// Judges writes and puts them into one LevelDB batch, to be written with one sync. Knows the last
// batch of the logs it met (the database is the truth). Used by one thread. After a failed write it
// may know what is not so: it is thrown away, and a new one begins with the database opened again.

#include <leveldb/db.h>
#include <leveldb/write_batch.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
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
using Holder = Result<std::optional<std::string>>;

// A call on its way back to the thread that decides, with what its caller is told. The whole of it
// goes back: its memory is that thread's (two threads that free each other's wait for each other),
// and a caller's function dies where it was made.
struct Answered {
  WriteCall call;
  std::variant<AppendOutcome, Status, Holder> result;
  void tell();  // once, on the thread that decides
};

// The answer to a call that was not tried, because of `why`.
[[nodiscard]] Answered refuse(WriteCall call, const std::string& why);
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
  // The calls staged, in order, with what their callers are told, once it was written, or was not.
  [[nodiscard]] std::vector<Answered> take_answers(const leveldb::Status& written);

 private:
  template <typename T>
  struct Verdict {
    T result;
    bool stands = false;  // even if the batch is not written: nothing was staged for it
  };
  struct Staged {
    Answered answered;
    bool stands;
  };

  using NoSpace = std::optional<std::string>;
  Verdict<AppendOutcome> stage_call(const AppendCall& call, const NoSpace& no_space);
  Verdict<Status> stage_call(const TruncateCall& call, const NoSpace& no_space);
  Verdict<Status> stage_call(const EraseCall& call, const NoSpace& no_space);
  Verdict<Status> stage_call(const RemoveCall& call, const NoSpace& no_space);
  Verdict<Holder> stage_call(const ClaimCall& call, const NoSpace& no_space);

  void put(const std::string& key, const std::string& value);
  void remove(const std::string& key);
  void put_changes(const std::string& prefix, const std::vector<Change>& changes);
  void put_meta(const LogKey& log, const leveldb_keys::LogMeta& meta);
  [[nodiscard]] Result<leveldb_keys::LogMeta> meta_of(const LogKey& log);
  [[nodiscard]] Holder holder_of(const ClaimCall& call);

  leveldb::DB& database_;
  LevelDbSweeper sweeper_;
  leveldb::WriteBatch batch_;
  bool staged_ = false;  // anything is in batch_
  std::vector<Staged> answers_;
  std::map<LogKey, leveldb_keys::LogMeta> metas_;  // with what is staged
  std::map<std::pair<std::string, std::string>, std::optional<std::string>> claims_;  // staged
};

}  // namespace hansa::storage
