#include "modules/shared-log/log.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace hansa::shared_log {
namespace {

std::string_view domain_of(std::string_view jid) {
  const std::size_t at = jid.find('@');
  return at == std::string_view::npos ? jid : jid.substr(at + 1);
}

bool known(std::string_view kind) {
  return kind == xsr::kKindEpoch || kind == xsr::kKindEnterprise || kind == xsr::kKindMessage ||
         kind == xsr::kKindOperation || kind == xsr::kKindErasure || kind == xsr::kKindRefused ||
         kind == xsr::kKindGap;
}

// It is without order again, and offered to the hub. What counts for nothing here may have been
// changed on its way: others have it as it was.
bool offers(const Slot& slot) {
  const bool counts = slot.undo != 'v' && slot.undo != 'x';
  return slot.position > 0 && !slot.item.kind.empty() && counts;
}

}  // namespace

bool hub_made(std::string_view kind) {
  return kind == xsr::kKindEpoch || kind == xsr::kKindEnterprise || kind == xsr::kKindRefused ||
         kind == xsr::kKindGap;
}

bool is_act(std::string_view kind) {
  return kind == xsr::kKindOperation || kind == xsr::kKindErasure;
}

std::unique_ptr<engine::Facet> make_log() { return std::make_unique<SharedLog>(); }

engine::FacetFactory maker_of_logs(std::uint32_t format) {
  if (format <= xsr::kFormat) return make_log;
  return []() -> std::unique_ptr<engine::Facet> {
    return std::make_unique<SharedLog>(xsr::kFormat + 1);
  };
}

void SharedLog::apply(const engine::Entry& entry) {
  switch (entry.kind) {
    case engine::EntryKind::created: {
      const Created created = decode_created(entry.shared.bytes);
      log_ = created.log;
      self_ = created.self;
      break;
    }
    case engine::EntryKind::shared:
      if (const auto stored = item_of(entry)) apply_item(entry.position, *stored);
      break;
    case engine::EntryKind::ordered:
      apply_order(entry.position, decode_order(entry.shared.bytes));
      break;
    case engine::EntryKind::welcomed:
      apply_welcomed(entry.position, decode_welcomed(entry.shared.bytes));
      break;
    case engine::EntryKind::list_page:
      apply_page(entry.position, decode_page(entry.shared.bytes));
      break;
    default: return;
  }
  meta_changed_ = true;
}

void SharedLog::apply_item(Position position, const StoredItem& stored) {
  const xsr::Item& item = stored.item;
  if (!known(item.kind) && item.must_understand) {
    needs_ = std::max({needs_, item.format, xsr::kFormat + 1});
  }
  const bool hubs = hub_made(item.kind);
  Position at = position;
  Pending pending{item.origin, item.kind, xsr::item_hash(item), {}};
  if (is_act(item.kind)) pending.operation = item.payload;
  if (item.kind == xsr::kKindRefused) {
    // In place of the item that was refused, which may be here.
    at = position_of(item.origin);
    if (at > 0) pending = unordered_.at(at);
    set_pending(at, std::nullopt);
  }
  note_seen(item.origin);
  if (item.order == xsr::Version{}) {
    if (!hubs) set_pending(position, std::move(pending));
    return;
  }
  Slot slot;
  slot.point = {item.order, stored.chain};
  if (stored.chain.empty()) {  // erased, or of before our time
    slot.point.chain = xsr::next_chain(point_.chain, log_, item.order, xsr::item_hash(item));
  }
  slot.position = at;
  if (!hubs || (item.kind == xsr::kKindRefused && at > 0)) slot.item = std::move(pending);
  if (item.kind == xsr::kKindEpoch) {
    const auto epoch = xsr::read_epoch(item.payload);
    if (!epoch) return;
    go_back(epoch->follows);
    epochs_.push_back({epoch->epoch, epoch->key, position, item.origin.incarnation, {}});
    sum_.reset();
  } else if (item.order <= point_.version) {
    // From before: it is here now, and that is all (what it erased is, too).
    if (!stored.void_ && item.kind == xsr::kKindErasure) note_erased(item.payload, position);
    if (!stored.void_ && !slot.item.kind.empty()) set_behind(at, std::move(slot.item));
    return;
  } else if (item.kind == xsr::kKindEnterprise) {
    const auto enterprise = xsr::read_enterprise(item.payload);
    if (enterprise) take_part(slot, *enterprise, position);
  } else if (item.kind == xsr::kKindGap) {
    if (const auto gap = xsr::read_gap(item.payload)) {
      lost_[{gap->first.link, gap->first.incarnation}].add(gap->first.number, gap->last);
      changed_lost_.insert({gap->first.link, gap->first.incarnation});
    }
  }
  order_item(std::move(slot), is_act(item.kind) ? item.payload : std::string(), stored.void_,
             position);
}

void SharedLog::take_part(Slot& slot, const xsr::Enterprise& enterprise, Position position) {
  slot.undo = 'e';
  slot.key = enterprise.link;
  Participant& part = participants_[enterprise.link];
  if (part.since > 0) slot.before = encode(part.what);
  if (part.since > 0 && !part.active()) {
    part.past.emplace_back(part.since, part.until);
    if (part.past.size() > limits::kPastParts) part.past.erase(part.past.begin());
  }
  if (part.since == 0 || !part.active()) part.since = position;
  part.until = 0;
  part.what = enterprise;
  changed_participants_.insert(enterprise.link);
}

void SharedLog::apply_order(Position position, const StoredOrder& stored) {
  Slot slot;
  slot.point = {stored.order, stored.chain};
  slot.position = position_of(stored.origin);
  if (slot.position > 0) slot.item = unordered_.at(slot.position);
  set_pending(slot.position, std::nullopt);
  if (stored.order <= point_.version) {
    if (slot.position > 0) set_behind(slot.position, std::move(slot.item));
    return;
  }
  const bool is_pending_act = !slot.item.operation.empty();
  const std::string payload = is_pending_act ? slot.item.operation : stored.payload;
  if (slot.position == 0) slot.item.origin = stored.origin;
  if (!is_pending_act && !payload.empty()) {
    const auto enterprise = xsr::read_enterprise(payload);
    if (enterprise) take_part(slot, *enterprise, position);
  }
  order_item(std::move(slot), payload, stored.void_, position);
}

// `payload`: of an act, else it says nothing here.
void SharedLog::order_item(Slot slot, const std::string& payload, bool is_void, Position position) {
  point_ = slot.point;
  if (!epochs_.empty()) epochs_.back().end = point_;
  if (slot.item.origin.link == self_) last_own_ = slot.item.origin;
  slot.list_before = list_version_;
  const bool erases = !payload.empty() && xsr::read_erasure(payload).ok();
  if (erases && !is_void) note_erased(payload, position);
  if (!payload.empty() && is_void) slot.undo = erases ? 'x' : 'v';
  if (!payload.empty() && !erases && !is_void) {
    const auto operation = xsr::read_operation(payload);
    if (operation) {
      const auto old = records_.find(operation->jid);
      slot.undo = 'm';
      slot.key = operation->jid;
      if (old != records_.end()) slot.before = encode(old->second);
      const bool newer = old == records_.end() || old->second.order < point_.version;
      if (newer) {
        set_record(operation->jid, xsr::Record{*operation, slot.item.origin, point_.version},
                   position);
      }
      list_version_ = std::max(list_version_, point_.version);
    }
  }
  push(std::move(slot));
}

// Everything past `point` loses its order. Total: where that is too long ago for this log, as far
// as it goes (nodes begin anew then: a welcome).
void SharedLog::go_back(const xsr::Point& point) {
  if (point.version == point_.version) return;
  while (!slots_.empty() && slots_.back().point.version > point.version) {
    Slot slot = std::move(slots_.back());
    slots_.pop_back();
    --slots_end_;
    changed_slots_.insert(slots_end_);
    if (slot.undo == 'm') {
      std::optional<xsr::Record> before;
      if (slot.before) before = decode_record(*slot.before);
      set_record(slot.key, before, 0);
    }
    if (slot.undo == 'e') {
      changed_participants_.insert(slot.key);
      if (slot.before) {
        participants_[slot.key].what = decode_enterprise(*slot.before);
      } else {
        participants_.erase(slot.key);
      }
    }
    list_version_ = slot.list_before;
    if (offers(slot)) set_pending(slot.position, std::move(slot.item));
  }
  while (!epochs_.empty() && epochs_.back().epoch > point.version.epoch) epochs_.pop_back();
  point_ = point;
  if (!epochs_.empty()) epochs_.back().end = point_;
  last_own_.reset();
  for (auto slot = slots_.rbegin(); slot != slots_.rend() && !last_own_; ++slot) {
    if (slot->item.origin.link == self_) last_own_ = slot->item.origin;
  }
}

void SharedLog::apply_welcomed(Position position, const Welcomed& welcomed) {
  for (auto& [at, item] : std::exchange(behind_, {})) set_pending(at, std::move(item));
  for (Slot& slot : slots_) {
    if (offers(slot)) set_pending(slot.position, std::move(slot.item));
  }
  for (std::uint64_t n = slots_end_ - slots_.size(); n < slots_end_; ++n) changed_slots_.insert(n);
  slots_.clear();
  point_ = slots_base_ = welcomed.point;
  epochs_ = {{welcomed.point.version.epoch, welcomed.key, 0, 0, welcomed.point}};
  last_own_.reset();
  for (const auto& [jid, record] : records_) changed_records_.insert(jid);
  records_.clear();
  list_version_ = {};
  for (const auto& [link, part] : participants_) changed_participants_.insert(link);
  participants_.clear();
  for (const xsr::Enterprise& one : welcomed.enterprises) {
    participants_[one.link] = {one, position, 0, 0, {}};
    changed_participants_.insert(one.link);
  }
  syncing_ = true;
  sync_after_.clear();
  sum_.reset();
}

void SharedLog::apply_page(Position position, const ListPage& page) {
  for (const xsr::Record& record : page.records) {
    const std::string& jid = record.operation.jid;
    sync_after_ = std::max(sync_after_, jid);
    const auto old = records_.find(jid);
    if (old == records_.end() || old->second.order < record.order) {
      set_record(jid, record, position);
    }
  }
  if (!page.complete) return;
  syncing_ = false;
  sync_after_.clear();
  list_version_ = std::max(list_version_, page.version);
}

// --- parts --------------------------------------------------------------------------------------

void SharedLog::set_record(const std::string& jid, std::optional<xsr::Record> record,
                           Position position) {
  const auto is_member = [](const xsr::Record& r) {
    return r.operation.affiliation != "none" && r.operation.affiliation != "outcast";
  };
  const auto old = records_.find(jid);
  const bool was = old != records_.end() && is_member(old->second);
  const bool is = record && is_member(*record);
  changed_records_.insert(jid);
  if (sum_ && !epochs_.empty()) {
    const std::string& key = epochs_.back().key;
    const auto counts = [](const xsr::Record& r) { return r.operation.affiliation != "none"; };
    if (old != records_.end() && counts(old->second)) {
      sum_->subtract(key, xsr::digest_bytes(old->second));
    }
    if (record && counts(*record)) sum_->add(key, xsr::digest_bytes(*record));
  }
  if (record) {
    records_[jid] = std::move(*record);
  } else if (old != records_.end()) {
    records_.erase(old);
  }
  if (was == is) return;
  for (auto& [link, part] : participants_) {
    const auto& domains = part.what.domains;
    if (std::find(domains.begin(), domains.end(), domain_of(jid)) == domains.end()) continue;
    part.members += is ? 1 : 0;
    part.members -= was && part.members > 0 ? 1 : 0;
    part.until = part.members == 0 ? position : 0;
    changed_participants_.insert(link);
  }
}

void SharedLog::set_pending(Position position, std::optional<Pending> pending) {
  if (position == 0) return;
  const auto old = unordered_.find(position);
  if (old != unordered_.end()) {
    unordered_at_.erase(old->second.origin);
    unordered_.erase(old);
  }
  if (pending) {
    unordered_at_[pending->origin] = position;
    unordered_[position] = std::move(*pending);
  }
  changed_pending_.insert(position);
}

void SharedLog::set_behind(Position position, Pending item) {
  behind_[position] = std::move(item);
  changed_pending_.insert(position);
  if (behind_.size() <= limits::kSharedHistory) return;
  changed_pending_.insert(behind_.begin()->first);
  behind_.erase(behind_.begin());
}

void SharedLog::push(Slot slot) {
  slots_.push_back(std::move(slot));
  changed_slots_.insert(slots_end_++);
  if (slots_.size() <= limits::kSharedHistory) return;
  slots_base_ = slots_.front().point;
  slots_.pop_front();
}

// A message that is here is erased in the log itself; one that comes later is to be stored erased.
void SharedLog::note_erased(const std::string& payload, Position position) {
  const auto erasure = xsr::read_erasure(payload);
  if (!erasure || has(erasure->erased)) return;
  erased_unseen_[erasure->erased] = position;
  changed_erased_.insert(erasure->erased);
  if (erased_unseen_.size() <= limits::kErasedUnseen) return;
  const auto oldest = std::min_element(
      erased_unseen_.begin(), erased_unseen_.end(),
      [](const auto& one, const auto& other) { return one.second < other.second; });
  changed_erased_.insert(oldest->first);
  erased_unseen_.erase(oldest);
}

void SharedLog::note_seen(const xsr::Origin& origin) {
  if (erased_unseen_.erase(origin) > 0) changed_erased_.insert(origin);
  seen_[{origin.link, origin.incarnation}].add(origin.number);
  changed_seen_.insert({origin.link, origin.incarnation});
}

}  // namespace hansa::shared_log
