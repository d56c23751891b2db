// What the fold of a shared room's log tells.

#include <algorithm>

#include "base/limits.h"
#include "modules/shared-log/log.h"

namespace hansa::shared_log {

Position Participant::next_for(Position position) const {
  for (const auto& [first, last] : past) {
    if (position <= last) return std::max(position, first);
  }
  position = std::max(position, since);
  return gets(position) ? position : 0;
}

const EpochState* SharedLog::epoch(std::uint64_t number) const {
  const auto place = std::find_if(epochs_.begin(), epochs_.end(),
                                  [&](const EpochState& one) { return one.epoch == number; });
  return place == epochs_.end() ? nullptr : &*place;
}

std::optional<std::string> SharedLog::chain_at(const xsr::Version& version) const {
  if (version == point_.version) return point_.chain;
  if (version == slots_base_.version) return slots_base_.chain;
  const auto slot = std::lower_bound(
      slots_.begin(), slots_.end(), version,
      [](const Slot& one, const xsr::Version& v) { return one.point.version < v; });
  if (slot != slots_.end() && slot->point.version == version) return slot->point.chain;
  for (const EpochState& one : epochs_) {
    if (one.end.version == version) return one.end.chain;
  }
  return std::nullopt;
}

Position SharedLog::position_of(const xsr::Version& version) const {
  const EpochState* place = epoch(version.epoch);
  if (place == nullptr || place->at == 0 || version > place->end.version) return 0;
  return place->at + version.sequence;
}

std::vector<xsr::Point> SharedLog::past(std::size_t most) const {
  std::vector<xsr::Point> out;
  for (auto one = epochs_.rbegin(); one != epochs_.rend() && out.size() < most; ++one) {
    if (one->end.version != point_.version) out.push_back(one->end);
  }
  return out;
}

bool SharedLog::has(const xsr::Origin& origin) const {
  const auto place = seen_.find({origin.link, origin.incarnation});
  return place != seen_.end() && place->second.contains(origin.number);
}

bool SharedLog::is_lost(const xsr::Origin& origin) const {
  const auto place = lost_.find({origin.link, origin.incarnation});
  return place != lost_.end() && place->second.contains(origin.number) && !has(origin);
}

std::uint64_t SharedLog::next_number(const std::string& link, std::uint64_t incarnation) const {
  const auto place = seen_.find({link, incarnation});
  return place == seen_.end() ? 1 : place->second.last() + 1;
}

std::vector<xsr::Gap> SharedLog::holes() const {
  std::vector<xsr::Gap> out;
  for (const auto& [who, here] : seen_) {
    Intervals numbers = here;
    const auto lost = lost_.find(who);
    if (lost != lost_.end()) {
      for (const Intervals::Run& run : lost->second.runs()) numbers.add(run.first, run.last);
    }
    for (const auto& hole : numbers.holes()) {
      out.push_back({{who.first, who.second, hole.first}, hole.last});
    }
  }
  return out;
}

Position SharedLog::position_of(const xsr::Origin& unordered) const {
  const auto place = unordered_at_.find(unordered);
  return place == unordered_at_.end() ? 0 : place->second;
}

Position SharedLog::newest_message(const xsr::Origin& origin) const {
  const auto is_it = [&](const Pending& item) {
    return item.origin == origin && item.kind == xsr::kKindMessage;
  };
  if (const Position at = position_of(origin); at > 0) return is_it(unordered_.at(at)) ? at : 0;
  const auto slot = std::find_if(slots_.rbegin(), slots_.rend(), [&](const Slot& one) {
    return one.position > 0 && is_it(one.item);
  });
  if (slot != slots_.rend()) return slot->position;
  const auto behind = std::find_if(behind_.begin(), behind_.end(),
                                   [&](const auto& one) { return is_it(one.second); });
  return behind == behind_.end() ? 0 : behind->first;
}

std::optional<xsr::Origin> SharedLog::before(Position position) const {
  for (auto one = unordered_.lower_bound(position); one != unordered_.begin();) {
    --one;
    if (one->second.origin.link == self_) return one->second.origin;
  }
  return last_own_;
}

std::string_view SharedLog::affiliation(std::string_view jid) const {
  const auto place = records_.find(jid);
  return place == records_.end() ? std::string_view("none") : place->second.operation.affiliation;
}

std::string SharedLog::digest() const {
  if (epochs_.empty()) return {};
  if (!sum_) {
    sum_.emplace();
    for (const auto& [jid, record] : records_) {
      if (record.operation.affiliation == "none") continue;
      sum_->add(epochs_.back().key, xsr::digest_bytes(record));
    }
  }
  return sum_->text();
}

std::string SharedLog::digest_with(const xsr::Record& record) const {
  static_cast<void>(digest());
  if (epochs_.empty()) return {};
  xsr::WideSum sum = *sum_;
  const std::string& key = epochs_.back().key;
  const auto old = records_.find(record.operation.jid);
  if (old != records_.end() && old->second.operation.affiliation != "none") {
    sum.subtract(key, xsr::digest_bytes(old->second));
  }
  if (record.operation.affiliation != "none") sum.add(key, xsr::digest_bytes(record));
  return sum.text();
}

bool SharedLog::doubtful() const {
  return std::any_of(slots_.begin(), slots_.end(),
                     [](const Slot& slot) { return slot.undo == 'v'; });
}

bool SharedLog::may_have_forgotten() const {
  const bool full =
      slots_.size() >= limits::kSharedHistory || behind_.size() >= limits::kSharedHistory;
  // A log begins with «created» and its first welcome. Another one leaves nothing of what it was
  // not remembered where it is.
  constexpr Position kFirstWelcome = 2;
  const bool once = std::any_of(participants_.begin(), participants_.end(), [](const auto& one) {
    const Participant& part = one.second;
    return (part.past.empty() ? part.since : part.past.front().first) == kFirstWelcome;
  });
  return full || !once;
}

bool SharedLog::lost_sight_past(const xsr::Version& version) const {
  return std::any_of(slots_.begin(), slots_.end(), [&](const Slot& slot) {
    return slot.point.version > version && slot.position == 0 && !slot.item.origin.link.empty();
  });
}

Position SharedLog::epoch_at() const {
  if (epochs_.empty()) return 0;
  if (epochs_.back().at > 0) return epochs_.back().at;
  const Participant* self = participant(self_);
  return self == nullptr ? 0 : self->since;
}

const Participant* SharedLog::participant(std::string_view link) const {
  const auto place = participants_.find(link);
  return place == participants_.end() ? nullptr : &place->second;
}

const Participant* SharedLog::enterprise_of(std::string_view jid) const {
  const std::size_t at = jid.find('@');
  const std::string_view domain = at == std::string_view::npos ? jid : jid.substr(at + 1);
  for (const auto& [link, part] : participants_) {
    const auto& domains = part.what.domains;
    if (std::find(domains.begin(), domains.end(), domain) != domains.end()) return &part;
  }
  return nullptr;
}

std::string SharedLog::describe() const {
  const auto line = [](std::string_view name, const std::string& value) {
    return std::string(name) + ' ' + value + '\n';
  };
  const auto text = [](const xsr::Version& version) {
    return std::to_string(version.epoch) + '.' + std::to_string(version.sequence);
  };
  std::size_t members = 0;
  for (const auto& [jid, record] : records_) {
    if (record.operation.affiliation != "none") ++members;
  }
  return line("log", log_) + line("version", text(point_.version)) + line("chain", point_.chain) +
         line("list", text(list_version_)) + line("digest", digest()) +
         line("members", std::to_string(members)) +
         line("unordered", std::to_string(unordered_.size())) +
         line("holes", std::to_string(holes().size())) +
         line("syncing", syncing_ ? "true" : "false") +
         line("read-only", read_only() ? "true" : "false");
}

std::string SharedLog::describe_members() const {
  std::string out;
  for (const auto& [jid, record] : records_) {
    if (record.operation.affiliation == "none") continue;
    out += jid + ' ' + record.operation.affiliation + ' ' + std::to_string(record.order.epoch) +
           '.' + std::to_string(record.order.sequence) + '\n';
  }
  return out;
}

}  // namespace hansa::shared_log
