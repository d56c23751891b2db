#include "storage/leveldb_committer.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <type_traits>

#include "storage/leveldb_reads.h"
#include "storage/rules.h"

namespace hansa::storage {
namespace {

namespace keys = leveldb_keys;

// The numbers of a log take some 150 bytes with their key; the map is emptied when it is full.
constexpr std::size_t kKnownLogs = 65'536;

Error bad_request(std::string why) { return Error(Condition::bad_request, std::move(why)); }
Error disk_error(std::string why) { return Error(Condition::resource_constraint, std::move(why)); }

template <typename T>
T failure_as(const std::string& why) {
  if constexpr (std::is_same_v<T, AppendOutcome>) {
    return {AppendResult::unknown, why};
  } else {
    return disk_error(why);
  }
}

}  // namespace

Told refuse(WriteCall call, const std::string& why) {
  return std::visit(
      [&why](auto&& one) -> Told {
        if constexpr (std::is_same_v<std::decay_t<decltype(one)>, AppendCall>) {
          return told(std::move(one.then), AppendOutcome{AppendResult::refused, why});
        } else {
          return told(std::move(one.then), {disk_error(why)});
        }
      },
      std::move(call));
}

std::size_t bytes_of(const WriteCall& call) {
  const auto* append = std::get_if<AppendCall>(&call);
  return sizeof(WriteCall) + (append != nullptr ? bytes_of(append->batch) : 0);
}

const LogKey* Committer::swept_before(const WriteCall& call) const {
  const auto* append = std::get_if<AppendCall>(&call);
  return append != nullptr && sweeper_.removing(append->log) ? &append->log : nullptr;
}

void Committer::stage(WriteCall call, const NoSpace& no_space) {
  std::visit([&](auto&& one) { stage_call(std::move(one), no_space); }, std::move(call));
}

leveldb::Status Committer::commit() {
  if (!staged_) return leveldb::Status::OK();
  leveldb::WriteOptions synced;
  synced.sync = true;
  const leveldb::Status status = database_.Write(synced, &batch_);
  batch_.Clear();
  staged_ = false;
  claims_.clear();
  if (metas_.size() > kKnownLogs) metas_.clear();
  return status;
}

std::vector<Told> Committer::take_answers(const leveldb::Status& written) {
  const std::string why = "the write failed (" + written.ToString() + "), it may be there or not";
  std::vector<Told> out;
  for (Answer& one : answers_) out.push_back(one(written.ok() ? nullptr : &why));
  answers_.clear();
  return out;
}

template <typename T>
void Committer::answer(Then<T> then, T result) {
  answers_.push_back([then = std::move(then),
                      result = std::move(result)](const std::string* failure) mutable -> Told {
    if (failure != nullptr) result = failure_as<T>(*failure);
    return told(std::move(then), std::move(result));
  });
}

template <typename T>
void Committer::refuse_now(Then<T> then, T result) {
  answers_.push_back(
      [then = std::move(then), result = std::move(result)](const std::string*) mutable -> Told {
        return told(std::move(then), std::move(result));
      });
}

// --- calls ---------------------------------------------------------------------------------------

void Committer::stage_call(AppendCall call, const NoSpace& no_space) {
  const LogKey& log = call.log;
  const auto refused = [](std::string why) {
    return AppendOutcome{AppendResult::refused, std::move(why)};
  };
  if (auto fault = fault_of_key(log)) return refuse_now(std::move(call.then), refused(*fault));
  Result<keys::LogMeta> known = meta_of(log);
  if (!known) {
    return refuse_now(std::move(call.then), refused(std::string(known.error().message())));
  }
  keys::LogMeta meta = *known;
  if (meta.last_batch != call.expected) {
    return answer(
        std::move(call.then),
        AppendOutcome{AppendResult::conflict, conflict_text(log, call.expected, meta.last_batch)});
  }
  if (auto fault = fault_of_batch(call.batch, meta.last_position)) {
    return refuse_now(std::move(call.then), refused(*fault));
  }
  if (no_space) return refuse_now(std::move(call.then), refused(*no_space));

  for (const Entry& entry : call.batch.entries) {
    put(keys::entry_key(log, entry.position, keys::Part::header), entry.header);
    put(keys::entry_key(log, entry.position, keys::Part::payload), entry.payload);
  }
  put_changes(keys::log_prefix('n', log), call.batch.notes);
  put_changes(keys::log_prefix('r', log), call.batch.records);
  put_changes(keys::role_prefix('i', log.role), call.batch.index);
  ++meta.last_batch;
  meta.last_position += call.batch.entries.size();
  put_meta(log, meta);
  answer(std::move(call.then), AppendOutcome{AppendResult::durable, {}});
}

void Committer::stage_call(TruncateCall call, const NoSpace&) {
  if (auto fault = fault_of_key(call.log)) {
    return refuse_now<Status>(std::move(call.then), bad_request(*fault));
  }
  const Result<keys::LogMeta> known = meta_of(call.log);
  if (!known) return refuse_now<Status>(std::move(call.then), known.error());
  keys::LogMeta meta = *known;
  const Position first = std::min(call.first, meta.last_position + 1);
  if (meta.last_batch != 0 && first > meta.first_position) {
    meta.first_position = first;
    put_meta(call.log, meta);
    sweeper_.add(call.log, first, batch_);
  }
  answer<Status>(std::move(call.then), Done{});
}

void Committer::stage_call(EraseCall call, const NoSpace&) {
  if (auto fault = fault_of_key(call.log)) {
    return refuse_now<Status>(std::move(call.then), bad_request(*fault));
  }
  const Result<keys::LogMeta> known = meta_of(call.log);
  if (!known) return refuse_now<Status>(std::move(call.then), known.error());
  if (call.position >= known->first_position && call.position <= known->last_position) {
    remove(keys::entry_key(call.log, call.position, keys::Part::payload));
  }
  answer<Status>(std::move(call.then), Done{});
}

void Committer::stage_call(RemoveCall call, const NoSpace&) {
  if (auto fault = fault_of_key(call.log)) {
    return refuse_now<Status>(std::move(call.then), bad_request(*fault));
  }
  const Result<keys::LogMeta> known = meta_of(call.log);
  if (!known) return refuse_now<Status>(std::move(call.then), known.error());
  if (known->last_batch != 0) {
    remove(keys::meta_key(call.log));
    metas_[call.log] = keys::LogMeta{};
    sweeper_.add(call.log, keys::kSweepAll, batch_);
  }
  answer<Status>(std::move(call.then), Done{});
}

void Committer::stage_call(ClaimCall call, const NoSpace& no_space) {
  using Value = Result<std::optional<std::string>>;
  if (auto fault = fault_of_claim(call.role, call.address, call.value)) {
    return refuse_now<Value>(std::move(call.then), bad_request(*fault));
  }
  const Value holder = holder_of(call);
  if (!holder || *holder != call.expected) return answer<Value>(std::move(call.then), holder);
  if (no_space && call.value) return refuse_now<Value>(std::move(call.then), disk_error(*no_space));
  put_changes(keys::role_prefix('d', call.role), {Change{call.address, call.value}});
  claims_[{call.role, call.address}] = call.value;
  answer<Value>(std::move(call.then), call.value);
}

// --- what is known and staged --------------------------------------------------------------------

void Committer::put(const std::string& key, const std::string& value) {
  batch_.Put(key, value);
  staged_ = true;
}

void Committer::remove(const std::string& key) {
  batch_.Delete(key);
  staged_ = true;
}

void Committer::put_changes(const std::string& prefix, const std::vector<Change>& changes) {
  for (const Change& change : changes) {
    if (change.value) {
      put(prefix + change.key, *change.value);
    } else {
      remove(prefix + change.key);
    }
  }
}

void Committer::put_meta(const LogKey& log, const keys::LogMeta& meta) {
  put(keys::meta_key(log), keys::meta_value(meta));
  metas_[log] = meta;
}

Result<keys::LogMeta> Committer::meta_of(const LogKey& log) {
  if (const auto found = metas_.find(log); found != metas_.end()) return found->second;
  Result<keys::LogMeta> meta = leveldb_reads::meta(database_, log);
  if (meta) metas_[log] = *meta;
  return meta;
}

Result<std::optional<std::string>> Committer::holder_of(const ClaimCall& call) {
  const auto found = claims_.find({call.role, call.address});
  if (found != claims_.end()) return found->second;
  return leveldb_reads::lookup(database_, call.role, call.address);
}

}  // namespace hansa::storage
