#pragma once
// The interface of every store (design §3). A *log* is a room's history, keyed by (role, log id);
// a *batch* is what is written at once: entries (each with a position), notes (key → value, no
// position), the records and index keys that follow from them. A batch is wholly there or not.
//
// Every call completes later, by a function that runs on the thread that decides (the Poster given
// to the back end): appends in order within a log, in any order between logs; never inside the
// call. The store may be destroyed with calls open: their functions are then never run.
//
// What is *durable* survives a crash of the process and of the machine. Nothing else does.
//
// Writes of one log (append, truncate, erase_payload, remove) take effect, and complete, in the
// order asked. A read sees every write that completed before it was asked for, all or nothing of
// one that is still open, and never what is not durable. Between reads there is no order. A write
// whose Status is an error may be done or not: all but append are harmless to repeat. Bounds of
// roles, ids, keys and batches stand in storage/rules.h; what passes them no back end refuses for
// its form.

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace hansa::storage {

using Position = std::uint64_t;     // of an entry in its log: dense, from 1; 0 is before the first
using BatchNumber = std::uint64_t;  // of a batch in its log: dense, from 1; 0 is the empty log

struct LogKey {
  std::string role;  // "node" or "hub": the shard
  std::string id;    // random, printable (a–z 2–7)
  auto operator<=>(const LogKey&) const = default;
};

// Header and payload are stored under separate keys: a payload can be erased, a header stays.
struct Entry {
  Position position = 0;
  std::string header;
  std::string payload;
  bool erased = false;  // set by read: the payload was erased
  bool operator==(const Entry&) const = default;
};

// A value under a key; without a value the key is removed. Last one in a batch wins.
struct Change {
  std::string key;
  std::optional<std::string> value;
};

struct Batch {
  std::vector<Entry> entries;   // positions go on where the log ended, without a gap
  std::vector<Change> notes;    // of this log
  std::vector<Change> records;  // of this log: cache of the fold; a back end may write them late
  std::vector<Change> index;    // of the shard
};

enum class AppendResult : std::uint8_t {
  durable,   // written and synced
  conflict,  // the log's last batch was not the expected one: another writer owns it
  refused,   // nothing was written (no space, invalid batch): the same may be tried again later
  unknown,   // it may be there or not: load again to find out
};
struct AppendOutcome {
  AppendResult result = AppendResult::unknown;
  std::string text;  // for the operator's log when not durable
};

// A log as it stands. Notes are always those of `last_batch`. Records are those of
// `records_batch` ≤ last_batch: fold the entries after `records_position` to reach the end.
struct Loaded {
  BatchNumber last_batch = 0;
  Position last_position = 0;
  Position first_position = 1;  // oldest entry kept (truncation)
  BatchNumber records_batch = 0;
  Position records_position = 0;
  std::map<std::string, std::string> records;
  std::map<std::string, std::string> notes;
};

struct Page {
  std::vector<Entry> entries;  // from the position asked for (or the oldest kept), dense
  bool end = false;            // the last entry of the log is in this page or before it
};

using KeyValue = std::pair<std::string, std::string>;

template <typename T>
using Then = std::function<void(T)>;

class Store {
 public:
  virtual ~Store() = default;

  // Writes `batch` as number expected + 1, if the log's last batch has the number `expected`.
  // Several may be open for one log. After one that was not durable, those behind it are judged as
  // ever by their number: mostly they conflict, but after *unknown* they may become durable.
  virtual void append(const LogKey& log, BatchNumber expected, Batch batch,
                      Then<AppendOutcome> then) = 0;
  // The state of a log; an unknown log is an empty one. Error: the store cannot read.
  virtual void load(const LogKey& log, Then<Result<Loaded>> then) = 0;
  // Entries from `from` on, forward, at least one if there is one, then while they fit into
  // `max_bytes` (headers and payloads).
  virtual void read(const LogKey& log, Position from, std::size_t max_bytes,
                    Then<Result<Page>> then) = 0;
  // Drops all entries before `first` (all of them, if it is past the end: positions go on from the
  // last one). Idempotent. Durable before `then`.
  virtual void truncate(const LogKey& log, Position first, Then<Status> then) = 0;
  // Removes the payload at `position`; its header stays. Idempotent; nothing where there is no
  // entry. Durable before `then`.
  virtual void erase_payload(const LogKey& log, Position position, Then<Status> then) = 0;
  // Removes everything under the key, records and notes included, and leaves the empty log. What
  // its batches wrote into the index stays. Idempotent. Durable before `then`.
  virtual void remove(const LogKey& log, Then<Status> then) = 0;
  // Keys of the shard, in order, those after `after`.
  virtual void list(const std::string& role, const std::string& after, std::size_t most,
                    Then<Result<std::vector<LogKey>>> then) = 0;

  // The directory: address → log id. Compare-and-set: if the address has the value `expected`
  // (none: is free), it becomes `value` (none: free again), durably; gives the value now in force,
  // equal to `value` if it was done.
  virtual void claim(const std::string& role, const std::string& address,
                     std::optional<std::string> expected, std::optional<std::string> value,
                     Then<Result<std::optional<std::string>>> then) = 0;
  virtual void lookup(const std::string& role, const std::string& address,
                      Then<Result<std::optional<std::string>>> then) = 0;
  // Addresses in the directory, in order, those after `after`, with their log ids.
  virtual void addresses(const std::string& role, const std::string& after, std::size_t most,
                         Then<Result<std::vector<KeyValue>>> then) = 0;

  // The shard's index: keys in [from, to), in order; if `from` > `to`, those in [to, from), the
  // last one first. Read as of the last durable batch.
  virtual void scan_index(const std::string& role, const std::string& from, const std::string& to,
                          std::size_t most, Then<Result<std::vector<KeyValue>>> then) = 0;
};

}  // namespace hansa::storage
