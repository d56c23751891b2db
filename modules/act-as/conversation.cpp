#include "modules/act-as/conversation.h"

#include <algorithm>

#include "base/limits.h"
#include "engine/fields.h"
#include "modules/rooms/rooms.h"

namespace hansa::act_as {
namespace {

using engine::FieldReader;
using engine::FieldWriter;

constexpr std::string_view kRecord = "act-as/conversation";

}  // namespace

std::string sid_note_key(engine::Position position) {
  return std::string(kSidNote) + std::to_string(position % limits::kCrossingIds);
}

std::string sid_note(engine::Position position, std::string_view sid) {
  return FieldWriter().put(1, position).put(2, sid).take();
}

std::string_view Conversation::sid_at(engine::Position position) const {
  const auto place = std::find_if(sids_.begin(), sids_.end(),
                                  [&](const auto& one) { return one.first == position; });
  return place == sids_.end() ? std::string_view() : std::string_view(place->second);
}

engine::Position Conversation::position_of(std::string_view sid) const {
  const auto place =
      std::find_if(sids_.begin(), sids_.end(), [&](const auto& one) { return one.second == sid; });
  return place == sids_.end() ? 0 : place->first;
}

void Conversation::apply(const engine::Entry& entry) {
  using engine::EntryKind;
  // No entry means anything before that one: there would be no record of it either.
  if (!opened() && entry.kind != EntryKind::opened) return;
  switch (entry.kind) {
    case EntryKind::opened:
      about_ = read_opened(entry);
      opened_at_ = entry.position;
      crossed_until_ = entry.position;
      break;
    case EntryKind::peer_known:
      kind_ = read_peer_known(entry);
      if (kind_ == PeerKind::person) pending_.clear();
      break;
    case EntryKind::peer_joined:
      joined_ = read_peer_joined(entry);
      last_heard_ = std::max(last_heard_, entry.stamp);
      break;
    case EntryKind::crossed:
      crossed_until_ = std::max(crossed_until_, read_crossed(entry).position);
      while (!pending_.empty() && pending_.front().position <= crossed_until_) {
        pending_.pop_front();
      }
      break;
    case EntryKind::message: apply_message(entry); break;
    case EntryKind::destroyed: *this = Conversation(); break;
    default: return;
  }
  changed_ = true;
}

void Conversation::apply_message(const engine::Entry& entry) {
  const rooms::Message message = rooms::read_message(entry);
  if (message.from_room) return;
  unanswered_ = message.from_peer;
  if (message.from_peer) {
    last_heard_ = std::max(last_heard_, entry.stamp);
    return;
  }
  if (kind_ == PeerKind::person) return;
  pending_.push_back({entry.position, outgoing_id(message.stanza_id), {}});
  if (pending_.size() > limits::kPendingCrossings) pending_.pop_front();
}

void Conversation::recall(const std::vector<engine::EntryPtr>& tail) {
  pending_.clear();
  if (kind_ == PeerKind::person) return;
  for (const engine::EntryPtr& entry : tail) {
    if (entry->kind != engine::EntryKind::message || entry->position <= crossed_until_) continue;
    const rooms::Message message = rooms::read_message(*entry);
    if (message.from_room || message.from_peer) continue;
    pending_.push_back({entry->position, outgoing_id(message.stanza_id), {}});
  }
}

void Conversation::apply_note(std::string_view key, const std::optional<std::string>& value) {
  if (key == kLagNote) {
    lag_noted_ = value.has_value();
  } else if (key == kToldNote) {
    told_ = value ? FieldReader(*value).number(1) : 0;
  } else if (key.starts_with(kSidNote) && value) {
    const FieldReader fields(*value);
    const engine::Position position = fields.number(1);
    std::erase_if(sids_, [&](const auto& one) {
      return one.first % limits::kCrossingIds == position % limits::kCrossingIds;
    });
    sids_.emplace_back(position, fields.text(2));
  }
}

void Conversation::collect_records(std::vector<storage::Change>& out) {
  if (!changed_) return;
  changed_ = false;
  if (!opened()) {
    out.push_back({std::string(kRecord), std::nullopt});
    return;
  }
  FieldWriter fields;
  fields.put(1, std::string_view(write_shared(about_).bytes))
      .put(2, std::string_view(write_local(about_).bytes))
      .put(3, opened_at_)
      .put(4, static_cast<std::uint64_t>(kind_))
      .put(6, crossed_until_)
      .put(7, std::uint64_t{unanswered_ ? 1U : 0U})
      .put(8, static_cast<std::uint64_t>(last_heard_.ms));
  if (joined_) fields.put(5, std::string_view(write_peer_joined(*joined_).bytes));
  out.push_back({std::string(kRecord), fields.take()});
}

void Conversation::apply_record(std::string_view key, std::string_view value) {
  if (key != kRecord) return;
  const FieldReader fields(value);
  engine::Entry entry;
  entry.shared.bytes = fields.text(1);
  entry.local.bytes = fields.text(2);
  about_ = read_opened(entry);
  opened_at_ = fields.number(3);
  kind_ = static_cast<PeerKind>(fields.number(4));
  if (fields.has(5)) {
    entry.shared.bytes = fields.text(5);
    joined_ = read_peer_joined(entry);
  }
  crossed_until_ = fields.number(6);
  unanswered_ = fields.number(7) != 0;
  last_heard_.ms = static_cast<std::int64_t>(fields.number(8));
}

}  // namespace hansa::act_as
