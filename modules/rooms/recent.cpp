#include "modules/rooms/recent.h"

#include <algorithm>
#include <functional>
#include <string>

#include "base/limits.h"

namespace hansa::rooms {
namespace {

constexpr std::int64_t kKeep_ms = std::max(limits::kRepeatWindow_ms, limits::kBounceWindow_ms);

std::uint64_t hash_of(std::string_view text) {
  // 0 is nobody.
  return text.empty() ? 0 : std::max<std::uint64_t>(1, std::hash<std::string_view>{}(text));
}

bool is_kept(const engine::Entry& entry) {
  using engine::EntryKind;
  return !entry.erased && (entry.kind == EntryKind::message || entry.kind == EntryKind::subject);
}

}  // namespace

Recent::Key Recent::key_of(const Message& message) {
  // Without an origin-id the same person may say the same twice; only the same stanza is a repeat.
  std::string text;
  if (!message.origin_id.empty()) {
    text.append(message.speaker.bare_text()).append(1, '\0').append(message.origin_id);
  } else {
    text.append(message.speaker.text()).append(1, '\0').append(message.id);
    text.append(1, '\0').append(message.content);
  }
  return hash_of(text);
}

Recent::Record Recent::record_of(const engine::Entry& entry) {
  const Message message = read_message(entry);
  return {entry.position, entry.stamp, hash_of(message.id), hash_of(message.speaker.bare_text()),
          key_of(message)};
}

void Recent::drop_old(WallTime now) {
  for (Line<Record>* records : {&records_, &unlogged_}) {
    while (!records->empty() && (records->size() > limits::kBounceIds ||
                                 records->front().stamp.ms + kKeep_ms < now.ms)) {
      records->pop_front();
    }
  }
}

void Recent::add(const engine::Entry& entry) {
  if (!is_kept(entry)) return;
  records_.push_back(record_of(entry));
  drop_old(entry.stamp);
}

void Recent::add_unlogged(std::string_view id, engine::Position position, WallTime now) {
  unlogged_.push_back({position, now, hash_of(id), 0, {}});
  drop_old(now);
}

void Recent::fill(const std::vector<engine::EntryPtr>& tail, WallTime now) {
  for (auto entry = tail.rbegin(); entry != tail.rend(); ++entry) {
    if ((*entry)->stamp.ms + kKeep_ms < now.ms) break;
    if (!is_kept(**entry)) continue;
    if (!records_.empty() && (*entry)->position >= records_.front().position) continue;
    records_.push_front(record_of(**entry));
  }
  drop_old(now);
}

std::optional<engine::Position> Recent::repeat_of(const Message& message, WallTime now) const {
  const std::uint64_t sender = hash_of(message.speaker.bare_text());
  const Key key = key_of(message);
  std::size_t seen = 0;
  for (auto record = records_.rbegin(); record != records_.rend(); ++record) {
    if (record->stamp.ms + limits::kRepeatWindow_ms < now.ms) break;
    if (record->sender != sender) continue;
    if (record->key == key) return record->position;
    if (++seen >= limits::kRepeatMessages) break;
  }
  return std::nullopt;
}

std::optional<engine::Position> Recent::bounced(std::string_view id, WallTime now) const {
  const std::uint64_t hash = hash_of(id);
  const auto is_new = [&](const Record& record) {
    return record.stamp.ms + limits::kBounceWindow_ms >= now.ms;
  };
  std::optional<engine::Position> oldest;
  for (const Line<Record>* records : {&records_, &unlogged_}) {
    for (const Record& record : *records) {
      if (!is_new(record)) continue;
      if (hash != 0 && record.id == hash) return record.position;
      if (!oldest) oldest = record.position;
    }
  }
  return oldest;
}

}  // namespace hansa::rooms
