// Serving followers: lanes in order, groups, pages for those who lag, confirmations.

#include <algorithm>
#include <cassert>

#include "base/limits.h"
#include "engine/executor.h"
#include "engine/impl.h"
#include "engine/letters.h"

namespace hansa::engine {

void RoomExecutor::pump() {
  for (auto& [domain, lane] : lanes_.use()) pump_lane(domain, lane);
  const Group::Context context{*state_, *this, engine_.outbox, weak_from_this()};
  for (auto& [name, group] : groups_.use()) {
    if (group.pump(context)) engine_.touch(*this);
  }
  forget_sent();
  read_wanted();
  if (wanted_pages_->empty() && !reading_page_ && !behind()) pages_.clear();
}

bool RoomExecutor::behind() const {
  return std::any_of(groups_->begin(), groups_->end(),
                     [](const auto& place) { return place.second.behind(); }) ||
         std::any_of(lanes_->begin(), lanes_->end(),
                     [](const auto& place) { return !place.second.empty(); });
}

// False if the link's buffer is full: the rest waits, in order.
bool RoomExecutor::pump_lane(const std::string& domain, Line<Effect>& lane) {
  Outbox& outbox = engine_.outbox;
  const Group::Context context{*state_, *this, outbox, weak_from_this()};
  while (!lane.empty()) {
    if (outbox.up(domain) && !outbox.open(domain)) return false;
    Effect& effect = lane.front();
    if (auto* bytes = std::get_if<Bytes>(&effect)) {
      engine_.send(domain, bytes->bytes);
    } else if (auto* follow = std::get_if<Follow>(&effect)) {
      // Not from before what was confirmed since it was decided.
      Group& group = groups_.use().at(follow->group);
      const auto begins = starting_.use().extract({follow->group, follow->address});
      const Starting from = begins.empty() ? Starting{follow->next - 1, false} : begins.mapped();
      const Position there = from.goes_on ? group.confirmed(follow->address) : 0;
      group.add(follow->address, std::max(from.confirmed, there) + 1, follow->until);
    } else if (auto* unfollow = std::get_if<Unfollow>(&effect)) {
      groups_.use().at(unfollow->group).remove(unfollow->address);
    } else if (auto* resume = std::get_if<Resume>(&effect)) {
      groups_.use().at(resume->group).pause(false);
    } else {
      const Position position = std::get<Deliver>(effect).position;
      for (auto& [name, group] : groups_.use()) {
        if (group.spec().domain != domain) continue;
        group.allow(position);
        group.pump(context);
      }
      if (outbox.up(domain) && !outbox.open(domain)) return false;
    }
    // Followers that were just added are served before what was decided after them.
    const auto* follow = std::get_if<Follow>(&effect);
    if (follow != nullptr && !starts_next(lane, *follow)) {
      groups_.use().at(follow->group).pump(context);
    }
    lane.pop_front();
  }
  return true;
}

// Another one of its group is added next: one look at all of them is enough.
bool RoomExecutor::starts_next(const Line<Effect>& lane, const Follow& after) const {
  const auto* next = lane.size() < 2 ? nullptr : std::get_if<Follow>(&lane[1]);
  return next != nullptr && next->group == after.group;
}

// A burst is longer than the tail that a room keeps: what was just decided is not read from the
// disk to be sent. Whoever is further behind than two batches is.
void RoomExecutor::forget_sent() {
  Position sent = durable_position_;
  for (const auto& [name, group] : *groups_) sent = std::min(sent, group.sent());
  while (!unsent_.empty() &&
         (unsent_.front()->position <= sent || unsent_.size() > 2 * limits::kBatchEntries)) {
    unsent_.pop_front();
  }
}

EntryPtr RoomExecutor::entry(Position position) const {
  const auto& tail = state_->tail_;
  if (!tail.empty() && position >= tail.front()->position && position <= tail.back()->position) {
    return tail[position - tail.front()->position];
  }
  if (!unsent_.empty() && position >= unsent_.front()->position &&
      position <= unsent_.back()->position) {
    return unsent_[position - unsent_.front()->position];
  }
  const auto page = pages_->find(position);
  return page == pages_->end() ? nullptr : page->second;
}

void RoomExecutor::want(Position position) { wanted_pages_.use().insert(position); }

void RoomExecutor::read_wanted() {
  if (reading_page_ || wanted_pages_->empty()) return;
  const Position from = *wanted_pages_->begin();
  wanted_pages_.clear();
  reading_page_ = true;
  engine_.store.read(key(), from, limits::kReadPageBytes, then(&RoomExecutor::on_page));
}

void RoomExecutor::on_page(Result<storage::Page> page) {
  reading_page_ = false;
  if (!page) return drop(page.error().text, true);
  pages_.clear();
  for (const storage::Entry& stored : page->entries) {
    const auto entry = read_entry(stored);
    if (!entry) return drop(entry.error().text, true);
    pages_.use()[stored.position] = *entry;
  }
  engine_.touch(*this);
}

// --- confirmations ------------------------------------------------------------------------------

void RoomExecutor::confirmed(const Sent& sent) {
  const auto group = groups_.use().find(sent.group);
  if (group == groups_->end()) return;
  const Position before = group->second.confirmed();
  if (sent.follower.empty()) {
    group->second.confirm(sent.position);
  } else {
    group->second.confirm(sent.follower, sent.follow, sent.position);
  }
  if (group->second.confirmed() != before) live_moved();
  if (group->second.held_back()) engine_.touch(*this);
}

void RoomExecutor::live_moved() {
  if (std::exchange(live_due_, true)) return;
  engine_.live_rooms.push_back({weak_from_this(), engine_.clock.mono()});
}

void RoomExecutor::lost(const Sent& sent) {
  const auto group = groups_.use().find(sent.group);
  if (group == groups_->end()) return;
  if (const auto pause = group->second.lost()) wake(std::string(kSendAgain) + sent.group, *pause);
}

void RoomExecutor::send_again(std::string_view name) {
  const auto group = groups_.use().find(name);
  if (group != groups_->end()) group->second.send_again();
}

void RoomExecutor::write_live() {
  live_due_ = false;
  if (phase_ != Phase::ready) return;
  add_live_notes();
  engine_.touch(*this);
}

const RoomExecutor::LiveNote* RoomExecutor::live_note(std::string_view group) const {
  const auto place = std::ranges::find(*live_notes_, group, &LiveNote::group);
  return place == live_notes_->end() ? nullptr : &*place;
}

void RoomExecutor::note_live(std::string_view group, Position confirmed) {
  auto& notes = live_notes_.use();
  const auto place = std::ranges::find(notes, group, &LiveNote::group);
  if (place == notes.end()) {
    notes.push_back({std::string(group), confirmed});
  } else {
    place->confirmed = confirmed;
  }
}

void RoomExecutor::add_live_notes() {
  for (const auto& [name, group] : *groups_) {
    const LiveNote* noted = live_note(name);
    if (noted != nullptr && noted->confirmed == group.confirmed()) continue;
    note_live(name, group.confirmed());
    open_.use().notes.push_back({"live/" + name, number_text(group.confirmed())});
  }
}

void RoomExecutor::link_lost(std::string_view domain) {
  if (phase_ != Phase::ready) return;
  for (auto& [name, group] : groups_.use()) {
    if (group.spec().domain != domain) continue;
    group.link_lost();
    if (group.spec().confirmed_by == ConfirmedBy::module) forget_resumes(name);
  }
  engine_.touch(*this);
}

void RoomExecutor::link_up(std::string_view domain) {
  if (!engine_.settings.addressing.peers.contains(domain)) return take_life(Life::links_up);
  if (phase_ != Phase::ready || !state_->exists()) return;  // told when it is loaded
  for (std::size_t i = 0; i < engine_.router.room_links().size(); ++i) {
    line_.push_back(LinkEvent{std::string(domain), false, i});
  }
  engine_.touch(*this);
}

// --- what a turn asks for -----------------------------------------------------------------------

Position RoomExecutor::group(const GroupSpec& spec) {
  const auto known = groups_->find(spec.name);
  if (known != groups_->end()) return known->second.confirmed();
  assert(!engine_.settings.addressing.peers.contains(spec.domain) ||
         dynamic_cast<const LinkDelivery*>(spec.delivery) != nullptr);
  const LiveNote* noted = live_note(spec.name);
  // A new group starts at the room's end as it is decided now; one that was there before starts
  // where the host last confirmed, and what it had been sent beyond that is repeated, late.
  const bool is_new = noted == nullptr;
  const Position heard = is_new ? 0 : take_heard(spec.name);
  const Position start = is_new ? state_->last_position() : std::max(noted->confirmed, heard);
  if (!is_new && heard > noted->confirmed) live_moved();
  Group group(spec, start, is_new ? 0 : durable_position_, generation_ << 32U);
  group.allow(durable_position_);
  groups_.use().emplace(spec.name, std::move(group));
  return start;
}

void RoomExecutor::follow(std::string_view group, const std::string& address, Position next,
                          bool catch_up, bool goes_on) {
  assert(groups_->contains(group));
  // One that has not begun yet gives way: what it would send is sent by this one. What is to go on
  // and has not begun begins where it was to.
  const auto [begins, fresh] =
      starting_.use().try_emplace({std::string(group), address}, Starting{next - 1, goes_on});
  if (fresh) {
    groups_.use().find(group)->second.await();
  } else {
    Starting& starting = begins->second;
    if (goes_on && !starting.goes_on) {
      next = starting.confirmed + 1;
    } else {
      starting = {next - 1, goes_on};
    }
    drop_effects([&](const Effect& effect) {
      const auto* earlier = std::get_if<Follow>(&effect);
      return earlier != nullptr && earlier->group == group && earlier->address == address;
    });
  }
  const Position until = catch_up ? std::max<Position>(state_->last_position(), next - 1) : 0;
  hold(Follow{std::string(group), address, next, until});
}

void RoomExecutor::unfollow(std::string_view group, std::string_view address) {
  if (groups_->contains(group)) hold(Unfollow{std::string(group), std::string(address)});
}

// A pause is in force at once; its end takes its place among the effects, lest the group go on from
// where it stood before what was asked with it (to follow from elsewhere) is done.
void RoomExecutor::pause(std::string_view group, bool paused) {
  const auto place = groups_.use().find(group);
  if (place == groups_->end()) return;
  if (!paused) return hold(Resume{std::string(group)});
  forget_resumes(group);
  place->second.pause(true);
}

void RoomExecutor::forget_resumes(std::string_view group) {
  drop_effects([&](const Effect& effect) {
    const auto* resume = std::get_if<Resume>(&effect);
    return resume != nullptr && resume->group == group;
  });
}

void RoomExecutor::drop_effects(const std::function<bool(const Effect&)>& which) {
  held_.erase_if([&](const Held& held) { return which(held.effect); });
  for (auto& [domain, lane] : lanes_.use()) lane.erase_if(which);
}

Position RoomExecutor::confirmed(std::string_view group, std::string_view address) const {
  const auto place = groups_->find(group);
  if (place == groups_->end()) return 0;
  if (const Position position = place->second.confirmed(address)) return position;
  const auto starting = starting_->find({std::string(group), std::string(address)});
  return starting == starting_->end() ? 0 : starting->second.confirmed;
}

void RoomExecutor::confirm_follower(std::string_view group, Position position) {
  const auto place = groups_->find(group);
  assert(place != groups_->end());
  if (!starting_->empty()) {
    for (auto& [whom, before] : starting_.use()) {
      if (whom.first == group) before.confirmed = std::max(before.confirmed, position);
    }
  }
  confirmed({weak_from_this(), place->first, {}, 0, position});
}

}  // namespace hansa::engine
