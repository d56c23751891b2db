#include "engine/group.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "engine/turn.h"
#include "xmpp/writer.h"

namespace hansa::engine {
namespace {

// Copies written between two looks at the link's buffer.
constexpr std::size_t kSlice = 256;

// Until what was lost is sent again: doubled each time, up to a minute.
constexpr Millis kAgain{1000};
constexpr std::uint8_t kDoublings = 6;

std::string escaped(std::string_view address) {
  std::string out;
  xmpp::append_escaped(out, address);
  return out;
}

void write_copy(std::string& out, const Encoded& encoded, std::string_view address) {
  out.append(encoded.before).append(address).append(encoded.after);
}

}  // namespace

Group::Group(GroupSpec spec, Position confirmed, Position late_until, std::uint64_t follows)
    : spec_(std::move(spec)),
      allowed_(confirmed),
      sent_(confirmed),
      confirmed_(confirmed),
      late_until_(late_until),
      paused_(spec_.confirmed_by == ConfirmedBy::module),
      follows_(follows) {}

Position Group::confirmed(std::string_view address) const {
  const std::string key = escaped(address);
  const auto own = own_.find(key);
  if (own != own_.end()) return own->second.confirmed;
  return place_.contains(key) ? confirmed_ : 0;
}

Position Group::oldest_confirmed() const {
  Position oldest = confirmed_;
  for (const auto& [address, own] : own_) oldest = std::min(oldest, own.confirmed);
  return oldest;
}

void Group::add(const std::string& address, Position next, Position until) {
  remove(address);
  if (awaited_ > 0) --awaited_;
  const std::string key = escaped(address);
  // A group that its module confirms has one position: to follow from before it takes it back.
  if (spec_.confirmed_by == ConfirmedBy::module && next <= confirmed_) {
    confirmed_ = sent_ = next - 1;
  }
  // What an entry was written as may have been true at another time only.
  cached_[0] = cached_[1] = {};
  own_[key] = {next - 1, ++follows_};
  place_[key] = kLags;
  lagging_.push_back({key, next, until});
}

void Group::remove(std::string_view address) {
  const std::string key = escaped(address);
  own_.erase(key);
  const auto place = place_.find(key);
  if (place == place_.end()) return;
  const std::size_t index = place->second;
  place_.erase(place);
  if (index == kLags) {
    std::erase_if(lagging_, [&](const Lagging& f) { return f.address == key; });
  } else {
    take_from_live(index);
  }
}

// The slice that has the entry in flight stays in front: the gap is filled from the slice's end,
// then that from the end of all.
void Group::take_from_live(std::size_t index) {
  std::size_t gap = index;
  if (index < slice_) {
    --slice_;
    if (gap != slice_) {
      live_[gap] = std::move(live_[slice_]);
      place_[live_[gap]] = gap;
    }
    gap = slice_;
  }
  if (gap + 1 != live_.size()) {
    live_[gap] = std::move(live_.back());
    place_[live_[gap]] = gap;
  }
  live_.pop_back();
}

void Group::link_lost() {
  cached_[0] = cached_[1] = {};
  late_until_ = std::max(late_until_, sent_ + (slice_ > 0 ? 1 : 0));
  for (Lagging& follower : lagging_) {
    const auto own = own_.find(follower.address);
    follower.next = (own == own_.end() ? confirmed_ : own->second.confirmed) + 1;
  }
  // Whoever caught up without the host's word for it starts from where it did have it.
  slice_ = 0;
  for (const auto& [address, own] : own_) {
    std::size_t& place = place_.at(address);
    if (place == kLags) continue;
    lagging_.push_back({address, own.confirmed + 1, 0});
    take_from_live(std::exchange(place, kLags));
  }
  sent_ = confirmed_;
  if (spec_.confirmed_by == ConfirmedBy::module) paused_ = true;
}

std::optional<Millis> Group::lost() {
  link_lost();
  if (std::exchange(waits_, true)) return std::nullopt;
  const Millis pause = kAgain * (1 << losses_);
  losses_ = std::min<std::uint8_t>(losses_ + 1, kDoublings);
  return pause;
}

void Group::confirm(Position position) {
  if (position > confirmed_) losses_ = 0;
  confirmed_ = std::max(confirmed_, position);
  if (spec_.confirmed_by == ConfirmedBy::host) return;
  own_.clear();
  sent_ = std::max(sent_, confirmed_);
  for (Lagging& f : lagging_) f.next = std::max(f.next, confirmed_ + 1);
}

void Group::confirm(const std::string& follower, std::uint64_t follow, Position position) {
  const auto own = own_.find(follower);
  if (own == own_.end() || own->second.follow != follow) return;  // it has begun anew since
  own_.erase(own);
  // Marks come back in order: with nobody left who caught up, all have what this one has.
  if (own_.empty()) confirmed_ = std::max(confirmed_, position);
}

const std::optional<Encoded>& Group::encode(const RoomState& room, const Entry& entry, bool late) {
  Cached& cached = cached_[late ? 1 : 0];
  if (cached.position != entry.position) {
    // What is not understood has no words, be its kind one that the module knows.
    cached.encoded = understood(entry) ? spec_.delivery->encode(room, entry, late) : std::nullopt;
    cached.position = entry.position;
  }
  return cached.encoded;
}

void Group::leave_behind(const Context& context, std::string_view address, Position& next) const {
  const Position first = context.source.first();
  if (next >= first) return;
  spec_.delivery->left_behind(context.room, address, next, first,
                              *context.outbox.buffer(spec_.domain));
  next = first;
}

void Group::pass_over_dropped(const Context& context) {
  const Position next = sent_ + 1;
  if (next >= context.source.first()) return;
  for (const std::string& one : live_) {
    Position at = next;
    leave_behind(context, one, at);
  }
  sent_ = context.source.first() - 1;
}

EntryPtr Group::fetch(const Context& context, Position position) const {
  EntryPtr entry = context.source.entry(position);
  if (!entry) context.source.want(position);
  return entry;
}

void Group::go_live(const Context& context, const Lagging& follower) {
  place_[follower.address] = live_.size();
  live_.push_back(follower.address);
  if (spec_.confirmed_by == ConfirmedBy::module) {
    own_.erase(follower.address);
  } else {
    context.outbox.mark(spec_.domain, {context.self, spec_.name, follower.address,
                                       own_.at(follower.address).follow, sent_});
  }
}

bool Group::catch_up(const Context& context, Lagging& follower, std::size_t& share) {
  while (share > 0 && context.outbox.open(spec_.domain)) {
    if (follower.until > 0 && follower.next > follower.until) {
      std::string* out = context.outbox.buffer(spec_.domain);
      spec_.delivery->caught_up(context.room, follower.address, *out);
      follower.until = 0;
    }
    if (follower.next > sent_) {
      if (follower.next > sent_ + 1 || follower.until > 0) return false;
      go_live(context, follower);
      return true;
    }
    const auto own = own_.find(follower.address);
    if (!may_send(context, follower.next, own == own_.end() ? confirmed_ : own->second.confirmed)) {
      return false;
    }
    leave_behind(context, follower.address, follower.next);
    const EntryPtr entry = fetch(context, follower.next);
    if (!entry) return false;
    const bool late = follower.next <= std::max(follower.until, late_until_);
    if (const auto& encoded = encode(context.room, *entry, late)) {
      write_copy(*context.outbox.buffer(spec_.domain), *encoded, follower.address);
    }
    ++follower.next;
    --share;
  }
  return false;
}

bool Group::send_next(const Context& context, const Entry& entry) {
  const auto& encoded = encode(context.room, entry, entry.position <= late_until_);
  if (encoded) {
    while (slice_ < live_.size()) {
      std::string* out = context.outbox.buffer(spec_.domain);
      const std::size_t end = std::min(slice_ + kSlice, live_.size());
      for (; slice_ < end; ++slice_) write_copy(*out, *encoded, live_[slice_]);
      if (slice_ < live_.size() && !context.outbox.open(spec_.domain)) return false;
    }
  }
  slice_ = 0;
  sent_ = entry.position;
  if (spec_.confirmed_by == ConfirmedBy::host) {
    context.outbox.mark(spec_.domain, {context.self, spec_.name, {}, 0, sent_});
  }
  return true;
}

bool Group::pump(const Context& context) {
  if (paused_ || waits_ || !context.outbox.open(spec_.domain)) return false;
  std::size_t share = limits::kCatchUpPerTurn;
  for (bool moved = true; moved;) {
    std::erase_if(lagging_, [&](Lagging& one) { return catch_up(context, one, share); });
    moved = false;
    while (sent_ < allowed_ && context.outbox.open(spec_.domain)) {
      if (live_.empty()) {  // those who lag find their own way to the end
        sent_ = allowed_;
        moved = !lagging_.empty();
        break;
      }
      if (!may_send(context, sent_ + 1, confirmed_)) break;
      if (one_by_one() && context.outbox.waits(spec_.domain, context.self, spec_.name)) break;
      pass_over_dropped(context);
      if (sent_ >= allowed_) break;
      const EntryPtr entry = fetch(context, sent_ + 1);
      if (!entry || !send_next(context, *entry)) break;
      if (!lagging_.empty()) {
        moved = true;
        break;
      }
    }
  }
  if (place_.empty() && awaited_ == 0) confirmed_ = std::max(confirmed_, sent_);  // nobody lacks it
  return share == 0 && context.outbox.open(spec_.domain);
}

}  // namespace hansa::engine
