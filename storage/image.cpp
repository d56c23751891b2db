#include "storage/image.h"

#include <algorithm>
#include <iterator>

#include "storage/rules.h"

namespace hansa::storage {
namespace {

using Map = std::map<std::string, std::string>;

Error bad_request(std::string text) { return Error(Condition::bad_request, std::move(text)); }

void write_to(Map& map, const std::vector<Change>& changes) {
  for (const Change& change : changes) {
    if (change.value) {
      map[change.key] = *change.value;
    } else {
      map.erase(change.key);
    }
  }
}

const Map& map_of(const std::map<std::string, Map>& maps, const std::string& role) {
  static const Map empty;
  const auto found = maps.find(role);
  return found == maps.end() ? empty : found->second;
}

template <typename Iterator>
std::vector<KeyValue> collect(Iterator at, Iterator end, std::size_t most) {
  std::vector<KeyValue> found;
  for (; at != end && found.size() < most; ++at) found.emplace_back(at->first, at->second);
  return found;
}

}  // namespace

AppendOutcome Image::append(const LogKey& log, BatchNumber expected, const Batch& batch,
                            bool records_late) {
  if (auto fault = fault_of_key(log)) return {AppendResult::refused, *fault};
  const auto found = logs_.find(log);
  const BatchNumber last = found == logs_.end() ? 0 : found->second.state.last_batch;
  if (last != expected) return {AppendResult::conflict, conflict_text(log, expected, last)};
  const Position end = found == logs_.end() ? 0 : found->second.state.last_position;
  if (auto fault = fault_of_batch(batch, end)) return {AppendResult::refused, *fault};

  LogState& kept = logs_[log];
  kept.entries.insert(kept.entries.end(), batch.entries.begin(), batch.entries.end());
  kept.state.last_batch = expected + 1;
  kept.state.last_position = end + batch.entries.size();
  write_to(kept.state.notes, batch.notes);
  kept.late_records.insert(kept.late_records.end(), batch.records.begin(), batch.records.end());
  if (!records_late) write_records(kept);
  write_to(index_[log.role], batch.index);
  return {AppendResult::durable, {}};
}

void Image::write_records(LogState& log) {
  write_to(log.state.records, log.late_records);
  log.late_records.clear();
  log.state.records_batch = log.state.last_batch;
  log.state.records_position = log.state.last_position;
}

Result<Loaded> Image::load(const LogKey& log) const {
  if (auto fault = fault_of_key(log)) return bad_request(*fault);
  const auto found = logs_.find(log);
  return found == logs_.end() ? Loaded{} : found->second.state;
}

Result<Page> Image::read(const LogKey& log, Position from, std::size_t max_bytes) const {
  if (auto fault = fault_of_key(log)) return bad_request(*fault);
  Page page;
  const auto found = logs_.find(log);
  if (found == logs_.end()) {
    page.end = true;
    return page;
  }
  const LogState& kept = found->second;
  Position at = std::max(from, kept.state.first_position);
  std::size_t bytes = 0;
  for (; at <= kept.state.last_position; ++at) {
    const Entry& entry = kept.entries[at - kept.state.first_position];
    bytes += entry.header.size() + entry.payload.size();
    if (bytes > max_bytes && !page.entries.empty()) break;
    page.entries.push_back(entry);
  }
  page.end = at > kept.state.last_position;
  return page;
}

Status Image::truncate(const LogKey& log, Position first) {
  if (auto fault = fault_of_key(log)) return bad_request(*fault);
  const auto found = logs_.find(log);
  if (found == logs_.end()) return Done{};
  LogState& kept = found->second;
  // What is dropped could not be folded any more.
  write_records(kept);
  while (kept.state.first_position < first && !kept.entries.empty()) {
    kept.entries.pop_front();
    ++kept.state.first_position;
  }
  return Done{};
}

Status Image::erase_payload(const LogKey& log, Position position) {
  if (auto fault = fault_of_key(log)) return bad_request(*fault);
  const auto found = logs_.find(log);
  if (found == logs_.end()) return Done{};
  LogState& kept = found->second;
  if (position < kept.state.first_position || position > kept.state.last_position) return Done{};
  Entry& entry = kept.entries[position - kept.state.first_position];
  entry.payload.clear();
  entry.erased = true;
  return Done{};
}

Status Image::remove(const LogKey& log) {
  if (auto fault = fault_of_key(log)) return bad_request(*fault);
  logs_.erase(log);
  return Done{};
}

Result<std::vector<LogKey>> Image::list(const std::string& role, const std::string& after,
                                        std::size_t most) const {
  if (auto fault = fault_of_role(role)) return bad_request(*fault);
  std::vector<LogKey> found;
  for (auto at = logs_.upper_bound(LogKey{role, after}); at != logs_.end(); ++at) {
    if (at->first.role != role || found.size() >= most) break;
    found.push_back(at->first);
  }
  return found;
}

Result<std::optional<std::string>> Image::claim(const std::string& role, const std::string& address,
                                                const std::optional<std::string>& expected,
                                                const std::optional<std::string>& value) {
  if (auto fault = fault_of_claim(role, address, value)) return bad_request(*fault);
  Map& map = directory_[role];
  const auto found = map.find(address);
  std::optional<std::string> now;
  if (found != map.end()) now = found->second;
  if (now != expected) return now;
  write_to(map, {Change{address, value}});
  return value;
}

Result<std::optional<std::string>> Image::lookup(const std::string& role,
                                                 const std::string& address) const {
  if (auto fault = fault_of_role(role)) return bad_request(*fault);
  const Map& map = map_of(directory_, role);
  const auto found = map.find(address);
  return found == map.end() ? std::nullopt : std::optional(found->second);
}

Result<std::vector<KeyValue>> Image::addresses(const std::string& role, const std::string& after,
                                               std::size_t most) const {
  if (auto fault = fault_of_role(role)) return bad_request(*fault);
  const Map& map = map_of(directory_, role);
  return collect(map.upper_bound(after), map.end(), most);
}

Result<std::vector<KeyValue>> Image::scan_index(const std::string& role, const std::string& from,
                                                const std::string& to, std::size_t most) const {
  if (auto fault = fault_of_role(role)) return bad_request(*fault);
  const Map& map = map_of(index_, role);
  if (from > to) {
    return collect(std::make_reverse_iterator(map.lower_bound(from)),
                   std::make_reverse_iterator(map.lower_bound(to)), most);
  }
  return collect(map.lower_bound(from), map.lower_bound(to), most);
}

}  // namespace hansa::storage
