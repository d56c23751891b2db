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

void Answered::tell() {
  const auto run = [this]<typename T>(Then<T>& then) { then(std::get<T>(std::move(result))); };
  std::visit([&run](auto& one) { run(one.then); }, call);
}

Answered refuse(WriteCall call, const std::string& why) {
  Answered out{std::move(call), Status(disk_error(why))};
  if (std::holds_alternative<AppendCall>(out.call)) {
    out.result = AppendOutcome{AppendResult::refused, why};
  } else if (std::holds_alternative<ClaimCall>(out.call)) {
    out.result = Holder(disk_error(why));
  }
  return out;
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
  answers_.push_back({{std::move(call), {}}, false});
  Staged& staged = answers_.back();
  const auto one = [&](const auto& its) {
    auto verdict = stage_call(its, no_space);
    staged.answered.result = std::move(verdict.result);
    staged.stands = verdict.stands;
  };
  std::visit(one, staged.answered.call);
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

std::vector<Answered> Committer::take_answers(const leveldb::Status& written) {
  const std::string why = "the write failed (" + written.ToString() + "), it may be there or not";
  const auto fail = [&why]<typename T>(T& result) { result = failure_as<T>(why); };
  std::vector<Answered> out;
  out.reserve(answers_.size());
  for (Staged& one : answers_) {
    if (!written.ok() && !one.stands) std::visit(fail, one.answered.result);
    out.push_back(std::move(one.answered));
  }
  answers_.clear();
  return out;
}

// --- calls ---------------------------------------------------------------------------------------

auto Committer::stage_call(const AppendCall& call, const NoSpace& no_space)
    -> Verdict<AppendOutcome> {
  const LogKey& log = call.log;
  const auto refused = [](std::string why) {
    return Verdict<AppendOutcome>{{AppendResult::refused, std::move(why)}, true};
  };
  if (auto fault = fault_of_key(log)) return refused(*fault);
  Result<keys::LogMeta> known = meta_of(log);
  if (!known) return refused(std::string(known.error().message()));
  keys::LogMeta meta = *known;
  if (meta.last_batch != call.expected) {
    return {{AppendResult::conflict, conflict_text(log, call.expected, meta.last_batch)}};
  }
  if (auto fault = fault_of_batch(call.batch, meta.last_position)) return refused(*fault);
  if (no_space) return refused(*no_space);

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
  return {{AppendResult::durable, {}}};
}

auto Committer::stage_call(const TruncateCall& call, const NoSpace&) -> Verdict<Status> {
  if (auto fault = fault_of_key(call.log)) return {bad_request(*fault), true};
  const Result<keys::LogMeta> known = meta_of(call.log);
  if (!known) return {known.error(), true};
  keys::LogMeta meta = *known;
  const Position first = std::min(call.first, meta.last_position + 1);
  if (meta.last_batch != 0 && first > meta.first_position) {
    meta.first_position = first;
    put_meta(call.log, meta);
    sweeper_.add(call.log, first, batch_);
  }
  return {Done{}};
}

auto Committer::stage_call(const EraseCall& call, const NoSpace&) -> Verdict<Status> {
  if (auto fault = fault_of_key(call.log)) return {bad_request(*fault), true};
  const Result<keys::LogMeta> known = meta_of(call.log);
  if (!known) return {known.error(), true};
  if (call.position >= known->first_position && call.position <= known->last_position) {
    remove(keys::entry_key(call.log, call.position, keys::Part::payload));
  }
  return {Done{}};
}

auto Committer::stage_call(const RemoveCall& call, const NoSpace&) -> Verdict<Status> {
  if (auto fault = fault_of_key(call.log)) return {bad_request(*fault), true};
  const Result<keys::LogMeta> known = meta_of(call.log);
  if (!known) return {known.error(), true};
  if (known->last_batch != 0) {
    remove(keys::meta_key(call.log));
    metas_[call.log] = keys::LogMeta{};
    sweeper_.add(call.log, keys::kSweepAll, batch_);
  }
  return {Done{}};
}

auto Committer::stage_call(const ClaimCall& call, const NoSpace& no_space) -> Verdict<Holder> {
  if (auto fault = fault_of_claim(call.role, call.address, call.value)) {
    return {bad_request(*fault), true};
  }
  const Holder holder = holder_of(call);
  if (!holder || *holder != call.expected) return {holder};
  if (no_space && call.value) return {disk_error(*no_space), true};
  put_changes(keys::role_prefix('d', call.role), {Change{call.address, call.value}});
  claims_[{call.role, call.address}] = call.value;
  return {call.value};
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

Holder Committer::holder_of(const ClaimCall& call) {
  const auto found = claims_.find({call.role, call.address});
  if (found != claims_.end()) return found->second;
  return leveldb_reads::lookup(database_, call.role, call.address);
}

}  // namespace hansa::storage
