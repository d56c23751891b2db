#include "modules/act-as/conversation.h"

#include <algorithm>

#include "base/limits.h"
#include "engine/fields.h"
#include "engine/letters.h"
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
  const auto& sids = talk_->sids;
  const auto place = std::find_if(sids.begin(), sids.end(),
                                  [&](const auto& one) { return one.first == position; });
  return place == sids.end() ? std::string_view() : std::string_view(place->second);
}

engine::Position Conversation::position_of(std::string_view sid) const {
  const auto& sids = talk_->sids;
  const auto place =
      std::find_if(sids.begin(), sids.end(), [&](const auto& one) { return one.second == sid; });
  return place == sids.end() ? 0 : place->first;
}

void Conversation::apply(const engine::Entry& entry) {
  using engine::EntryKind;
  // No entry means anything before that one: there would be no record of it either.
  if (!opened() && entry.kind != EntryKind::opened) return;
  Talk& talk = talk_.use();
  switch (entry.kind) {
    case EntryKind::opened:
      talk.about = read_opened(entry);
      talk.opened_at = entry.position;
      talk.crossed_until = entry.position;
      break;
    case EntryKind::peer_known:
      talk.kind = read_peer_known(entry).kind;
      talk.guessed = read_peer_known(entry).guessed;
      if (talk.kind == PeerKind::person) talk.pending.clear();
      break;
    case EntryKind::peer_joined:
      talk.joined = read_peer_joined(entry);
      talk.last_heard = std::max(talk.last_heard, entry.stamp);
      break;
    case EntryKind::crossed: apply_crossed(read_crossed(entry)); break;
    case EntryKind::message: apply_message(entry); break;
    case EntryKind::talk: apply_change(read_talk_change(entry)); break;
    case EntryKind::destroyed: *this = Conversation(); break;
    default: return;
  }
  changed_ = true;
}

void Conversation::apply_crossed(const Crossed& crossed) {
  Talk& talk = talk_.use();
  const engine::Position until = crossed.until == 0 ? crossed.position : crossed.until;
  talk.crossed_until = std::max(talk.crossed_until, until);
  auto& beyond = talk.crossed_beyond;
  beyond.insert(crossed.position);
  beyond.erase(beyond.begin(), beyond.upper_bound(talk.crossed_until));
  talk.pending.erase_if([&](const Pending& one) { return has_crossed(one.position); });
}

engine::Position Conversation::crossed_with(engine::Position position) const {
  engine::Position until = std::max(position, talk_->crossed_until);
  if (!talk_->crossed_beyond.empty()) until = std::max(until, *talk_->crossed_beyond.rbegin());
  for (std::size_t i = 0; i < talk_->pending.size(); ++i) {
    const engine::Position other = talk_->pending[i].position;
    if (other != position && other <= until) return other - 1;  // they are in order
  }
  return until;
}

void Conversation::apply_message(const engine::Entry& entry) {
  Talk& talk = talk_.use();
  const rooms::Message message = rooms::read_message(entry);
  if (message.from_room || message.internal) return;
  talk.unanswered = message.from_peer;
  if (message.from_peer) {
    talk.last_heard = std::max(talk.last_heard, entry.stamp);
    return;
  }
  if (talk.kind == PeerKind::person) return;
  talk.pending.push_back({entry.position, outgoing_id(message.stanza_id), {}});
  if (talk.pending.size() > limits::kPendingCrossings) talk.pending.pop_front();
}

void Conversation::apply_change(const TalkChange& change) {
  using xep_act_as::Action;
  Talk& talk = talk_.use();
  switch (change.action) {
    case Action::close: talk.closed = true; break;
    case Action::reopen: talk.closed = false; break;
    case Action::block: talk.blocked = true; break;
    case Action::unblock: talk.blocked = false; break;
    case Action::mute: talk.muted = true; break;
    case Action::unmute: talk.muted = false; break;
    case Action::assign: talk.assigned = change.member; break;
  }
}

void Conversation::recall(const std::vector<engine::EntryPtr>& tail) {
  if (!opened()) return;
  Talk& talk = talk_.use();
  talk.pending.clear();
  if (talk.kind == PeerKind::person) return;
  for (const engine::EntryPtr& entry : tail) {
    if (entry->kind != engine::EntryKind::message) continue;
    if (has_crossed(entry->position)) continue;
    const rooms::Message message = rooms::read_message(*entry);
    if (message.from_room || message.from_peer || message.internal) continue;
    talk.pending.push_back({entry->position, outgoing_id(message.stanza_id), {}});
  }
}

void Conversation::apply_note(std::string_view key, const std::optional<std::string>& value) {
  if (key == kLagNote) {
    talk_.use().lag_noted = value.has_value();
  } else if (key == kToldNote) {
    talk_.use().told = value ? FieldReader(*value).number(1) : 0;
  } else if (key.starts_with(kSidNote) && value) {
    const FieldReader fields(*value);
    const engine::Position position = fields.number(1);
    auto& sids = talk_.use().sids;
    std::erase_if(sids, [&](const auto& one) {
      return one.first % limits::kCrossingIds == position % limits::kCrossingIds;
    });
    sids.emplace_back(position, fields.text(2));
  }
}

void Conversation::collect_records(std::vector<storage::Change>& out) {
  if (!changed_) return;
  changed_ = false;
  if (!opened()) {
    out.push_back({std::string(kRecord), std::nullopt});
    return;
  }
  const Talk& talk = *talk_;
  FieldWriter fields;
  fields.put(1, std::string_view(write_shared(talk.about).bytes))
      .put(2, std::string_view(write_local(talk.about).bytes))
      .put(3, talk.opened_at)
      .put(4, static_cast<std::uint64_t>(talk.kind))
      .put(6, talk.crossed_until)
      .put(7, std::uint64_t{talk.unanswered ? 1U : 0U})
      .put(8, static_cast<std::uint64_t>(talk.last_heard.ms));
  fields.put_unless_0(9, talk.closed ? 1 : 0)
      .put_unless_0(10, talk.blocked ? 1 : 0)
      .put_unless_0(11, talk.muted ? 1 : 0)
      .put_if(12, talk.assigned)
      .put_unless_0(13, talk.guessed ? 1 : 0);
  std::string beyond;
  for (const engine::Position one : talk.crossed_beyond) beyond += std::to_string(one) + ' ';
  fields.put_if(13, beyond);
  if (talk.joined) fields.put(5, std::string_view(write_peer_joined(*talk.joined).bytes));
  out.push_back({std::string(kRecord), fields.take()});
}

void Conversation::apply_record(std::string_view key, std::string_view value) {
  if (key != kRecord) return;
  const FieldReader fields(value);
  Talk& talk = talk_.use();
  engine::Entry entry;
  entry.shared.bytes = fields.text(1);
  entry.local.bytes = fields.text(2);
  talk.about = read_opened(entry);
  talk.opened_at = fields.number(3);
  talk.kind = static_cast<PeerKind>(fields.number(4));
  if (fields.has(5)) {
    entry.shared.bytes = fields.text(5);
    talk.joined = read_peer_joined(entry);
  }
  talk.crossed_until = fields.number(6);
  std::string_view beyond = fields.text(13);
  for (std::size_t end = beyond.find(' '); end != beyond.npos; end = beyond.find(' ')) {
    talk.crossed_beyond.insert(engine::text_number(beyond.substr(0, end)));
    beyond.remove_prefix(end + 1);
  }
  talk.unanswered = fields.number(7) != 0;
  talk.last_heard.ms = static_cast<std::int64_t>(fields.number(8));
  talk.closed = fields.number(9) != 0;
  talk.blocked = fields.number(10) != 0;
  talk.muted = fields.number(11) != 0;
  talk.assigned = fields.text(12);
  talk.guessed = fields.number(13) != 0;
}

}  // namespace hansa::act_as
