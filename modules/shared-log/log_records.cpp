// The fold as records, so that a room is not folded from its beginning when it is loaded. Keys
// begin with «sh/»; layout: storage/format.md, «Shared rooms».

#include "base/limits.h"
#include "engine/fields.h"
#include "modules/shared-log/log.h"

namespace hansa::shared_log {
namespace {

using engine::FieldReader;
using engine::FieldWriter;

constexpr std::string_view kMeta = "sh/0";
constexpr std::string_view kParticipant = "sh/e/";
constexpr std::string_view kSlot = "sh/h/";
constexpr std::string_view kLost = "sh/l/";
constexpr std::string_view kMember = "sh/m/";
constexpr std::string_view kSeen = "sh/s/";
constexpr std::string_view kPending = "sh/u/";
constexpr std::string_view kErased = "sh/x/";

std::string encode_point(const xsr::Point& point) {
  return FieldWriter()
      .put(1, point.version.epoch)
      .put(2, point.version.sequence)
      .put_if(3, point.chain)
      .take();
}
xsr::Point decode_point(std::string_view bytes) {
  const FieldReader in(bytes);
  return {{in.number(1), in.number(2)}, std::string(in.text(3))};
}

std::string encode_pending(const Pending& pending, bool behind = false) {
  FieldWriter out;
  out.put(1, encode(pending.origin)).put(2, pending.kind);
  out.put_if(3, pending.operation).put_if(4, pending.hash);
  if (behind) out.put(5, std::uint64_t{1});
  return out.take();
}
Pending decode_pending(std::string_view bytes) {
  const FieldReader in(bytes);
  return {decode_origin(in.text(1)), std::string(in.text(2)), std::string(in.text(4)),
          std::string(in.text(3))};
}

std::string encode_slot(const Slot& slot, std::uint64_t ordinal) {
  FieldWriter out;
  out.put(1, ordinal).put(2, encode_point(slot.point)).put(3, slot.position);
  if (!slot.item.kind.empty()) out.put(4, encode_pending(slot.item));
  if (slot.undo != 0) out.put(5, std::string_view(&slot.undo, 1)).put(6, slot.key);
  if (slot.before) out.put(7, *slot.before);
  out.put(8, encode_point({slot.list_before, {}}));
  return out.take();
}
Slot decode_slot(const FieldReader& in) {
  Slot slot;
  slot.point = decode_point(in.text(2));
  slot.position = in.number(3);
  if (in.has(4)) slot.item = decode_pending(in.text(4));
  if (in.has(5)) slot.undo = in.text(5).front();
  slot.key = in.text(6);
  if (in.has(7)) slot.before = std::string(in.text(7));
  slot.list_before = decode_point(in.text(8)).version;
  return slot;
}

std::string encode_epoch(const EpochState& epoch) {
  return FieldWriter()
      .put(1, epoch.epoch)
      .put(2, epoch.key)
      .put(3, epoch.at)
      .put(4, epoch.maker)
      .put(5, encode_point(epoch.end))
      .take();
}

std::string maker_key(std::string_view prefix, const std::pair<std::string, std::uint64_t>& who) {
  return std::string(prefix) + std::to_string(who.second) + '/' + who.first;
}

std::string erased_key(const xsr::Origin& origin) {
  return std::string(kErased) + std::to_string(origin.incarnation) + '/' +
         std::to_string(origin.number) + '/' + origin.link;
}

std::uint64_t number_of(std::string_view text) {
  std::uint64_t out = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') out = out * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return out;
}

std::optional<std::pair<std::string, std::uint64_t>> maker_of(std::string_view rest) {
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  return std::pair{std::string(rest.substr(slash + 1)), number_of(rest.substr(0, slash))};
}

std::string slot_key(std::uint64_t ordinal) {
  return std::string(kSlot) + std::to_string(ordinal % limits::kSharedHistory);
}

}  // namespace

void SharedLog::collect_records(std::vector<storage::Change>& out) {
  if (!meta_changed_) return;
  meta_changed_ = false;
  FieldWriter meta;
  meta.put(1, log_).put(2, self_).put(3, encode_point(point_)).put(4, slots_end_);
  meta.put(5, std::uint64_t{slots_.size()}).put(6, encode_point(slots_base_));
  if (last_own_) meta.put(7, encode(*last_own_));
  meta.put(8, encode_point({list_version_, {}})).put(9, std::uint64_t{syncing_});
  meta.put_if(10, sync_after_).put(11, std::uint64_t{needs_ > 0});
  if (needs_ > xsr::kFormat + 1) meta.put(13, std::uint64_t{needs_});
  for (const EpochState& epoch : epochs_) meta.put(12, encode_epoch(epoch));
  out.push_back({std::string(kMeta), meta.take()});

  const auto write = [&](std::string key, std::optional<std::string> value) {
    out.push_back({std::move(key), std::move(value)});
  };
  const std::uint64_t begin = slots_end_ - slots_.size();
  for (const std::uint64_t ordinal : changed_slots_) {
    if (ordinal < begin || ordinal >= slots_end_) continue;  // void by the numbers in meta
    write(slot_key(ordinal), encode_slot(slots_[ordinal - begin], ordinal));
  }
  for (const auto& who : changed_seen_) {
    write(maker_key(kSeen, who), encode(seen_.at(who)));
  }
  for (const auto& who : changed_lost_) write(maker_key(kLost, who), encode(lost_.at(who)));
  for (const Position position : changed_pending_) {
    const auto place = unordered_.find(position);
    std::optional<std::string> value;
    const auto behind = behind_.find(position);
    if (place != unordered_.end()) value = encode_pending(place->second);
    if (behind != behind_.end()) value = encode_pending(behind->second, true);
    write(std::string(kPending) + std::to_string(position), std::move(value));
  }
  for (const xsr::Origin& origin : changed_erased_) {
    const auto place = erased_unseen_.find(origin);
    std::optional<std::string> value;
    if (place != erased_unseen_.end()) {
      value = FieldWriter().put(1, encode(origin)).put(2, place->second).take();
    }
    write(erased_key(origin), std::move(value));
  }
  for (const std::string& jid : changed_records_) {
    const auto place = records_.find(jid);
    std::optional<std::string> value;
    if (place != records_.end()) value = encode(place->second);
    write(std::string(kMember) + jid, std::move(value));
  }
  for (const std::string& link : changed_participants_) {
    const auto place = participants_.find(link);
    std::optional<std::string> value;
    if (place != participants_.end()) {
      const Participant& part = place->second;
      FieldWriter its;
      its.put(1, encode(part.what)).put(2, part.since).put(3, part.until);
      its.put(4, part.past.empty() ? 0 : part.past.back().second).put(5, part.members);
      for (const auto& [since, until] : part.past) {
        its.put(6, FieldWriter().put(1, since).put(2, until).take());
      }
      value = its.take();
    }
    write(std::string(kParticipant) + link, std::move(value));
  }
  changed_slots_.clear();
  changed_seen_.clear();
  changed_lost_.clear();
  changed_pending_.clear();
  changed_erased_.clear();
  changed_records_.clear();
  changed_participants_.clear();
}

// Keys come in their order: meta first, and slots in that of their texts.
void SharedLog::apply_record(std::string_view key, std::string_view value) {
  const FieldReader in(value);
  if (key == kMeta) {
    log_ = in.text(1);
    self_ = in.text(2);
    point_ = decode_point(in.text(3));
    slots_end_ = in.number(4);
    slots_.resize(in.number(5));
    slots_base_ = decode_point(in.text(6));
    if (in.has(7)) last_own_ = decode_origin(in.text(7));
    list_version_ = decode_point(in.text(8)).version;
    syncing_ = in.number(9) != 0;
    sync_after_ = in.text(10);
    needs_ = in.number(11) == 0 ? 0 : xsr::kFormat + 1;
    if (in.has(13)) needs_ = static_cast<std::uint32_t>(in.number(13));
    for (const std::string_view bytes : in.all(12)) {
      const FieldReader epoch(bytes);
      epochs_.push_back({epoch.number(1), std::string(epoch.text(2)), epoch.number(3),
                         epoch.number(4), decode_point(epoch.text(5))});
    }
  } else if (key.starts_with(kSlot)) {
    const std::uint64_t ordinal = in.number(1);
    const std::uint64_t begin = slots_end_ - slots_.size();
    if (ordinal >= begin && ordinal < slots_end_) slots_[ordinal - begin] = decode_slot(in);
  } else if (key.starts_with(kSeen)) {
    if (const auto who = maker_of(key.substr(kSeen.size()))) seen_[*who] = decode_intervals(value);
  } else if (key.starts_with(kLost)) {
    if (const auto who = maker_of(key.substr(kLost.size()))) lost_[*who] = decode_intervals(value);
  } else if (key.starts_with(kPending)) {
    const Position position = number_of(key.substr(kPending.size()));
    Pending pending = decode_pending(value);
    if (in.has(5)) {
      behind_[position] = std::move(pending);
      return;
    }
    unordered_at_[pending.origin] = position;
    unordered_[position] = std::move(pending);
  } else if (key.starts_with(kErased)) {
    erased_unseen_[decode_origin(in.text(1))] = in.number(2);
  } else if (key.starts_with(kMember)) {
    records_[std::string(key.substr(kMember.size()))] = decode_record(value);
  } else if (key.starts_with(kParticipant)) {
    Participant& part = participants_[std::string(key.substr(kParticipant.size()))];
    part = {decode_enterprise(in.text(1)), in.number(2), in.number(3), in.number(5), {}};
    for (const std::string_view bytes : in.all(6)) {
      const FieldReader time(bytes);
      part.past.emplace_back(time.number(1), time.number(2));
    }
    // As it was written first: one time before, without its beginning.
    if (part.past.empty() && in.number(4) > 0) part.past.emplace_back(1, in.number(4));
  }
}

}  // namespace hansa::shared_log
