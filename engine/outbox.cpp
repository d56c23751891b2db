#include "engine/outbox.h"

#include <algorithm>

namespace hansa::engine {
namespace {

// A buffer of this size is handed over: a big fan-out stays in the processor's cache, and the
// socket works on one piece while the next is written.
constexpr std::size_t kPieceBytes = 128 * 1024;

}  // namespace

std::string* Outbox::buffer(std::string_view domain) {
  const auto place = by_domain_.find(domain);
  if (place == by_domain_.end() || !place->second.up) return nullptr;
  std::string& buffer = place->second.buffer;
  if (buffer.size() >= kPieceBytes) {
    links_.write(domain, std::exchange(buffer, {}));
    buffer.reserve(kPieceBytes + kPieceBytes / 4);
  }
  return &buffer;
}

bool Outbox::up(std::string_view domain) const {
  const auto place = by_domain_.find(domain);
  return place != by_domain_.end() && place->second.up;
}

bool Outbox::open(std::string_view domain) const {
  const auto place = by_domain_.find(domain);
  if (place == by_domain_.end() || !place->second.up) return false;
  return place->second.buffer.size() + links_.queued(domain) < high_water_;
}

void Outbox::mark(std::string_view domain, Sent sent) {
  const auto place = by_domain_.find(domain);
  if (place == by_domain_.end() || !place->second.up) return;
  Link& link = place->second;
  link.marks.emplace_back(link.next, std::move(sent));
}

bool Outbox::waits(std::string_view domain, const std::weak_ptr<RoomExecutor>& room,
                   std::string_view group) const {
  const auto place = by_domain_.find(domain);
  if (place == by_domain_.end()) return false;
  return std::ranges::any_of(place->second.marks, [&](const auto& marked) {
    return marked.second.group == group && !marked.second.room.owner_before(room) &&
           !room.owner_before(marked.second.room);
  });
}

void Outbox::link(std::string_view domain, bool up) {
  Link& link = by_domain_[std::string(domain)];
  link.up = up;
  link.buffer.clear();
  link.marks.clear();
  link.asked = link.next++;  // a confirmation of before is for nothing now
}

void Outbox::flush() {
  for (auto& [domain, link] : by_domain_) flush(domain, link);
}

void Outbox::flush(std::string_view domain) {
  const auto place = by_domain_.find(domain);
  if (place != by_domain_.end()) flush(place->first, place->second);
}

void Outbox::flush(const std::string& domain, Link& link) {
  if (!link.up) return;
  if (!link.buffer.empty()) links_.write(domain, std::exchange(link.buffer, {}));
  if (!waits_for_mark(link)) return;
  link.asked = link.next++;
  links_.confirm(domain, link.asked);
}

bool Outbox::flushed() const {
  return std::all_of(by_domain_.begin(), by_domain_.end(), [](const auto& place) {
    return place.second.buffer.empty() && !waits_for_mark(place.second);
  });
}

std::deque<Sent> Outbox::confirmed(std::string_view domain, Mark mark) {
  std::deque<Sent> out;
  const auto place = by_domain_.find(domain);
  if (place == by_domain_.end()) return out;
  auto& marks = place->second.marks;
  while (!marks.empty() && marks.front().first <= mark) {
    out.push_back(std::move(marks.front().second));
    marks.pop_front();
  }
  return out;
}

std::deque<Sent> Outbox::lost(std::string_view domain, Mark mark) {
  std::deque<Sent> out = confirmed(domain, mark);
  if (out.empty()) return out;
  std::erase_if(by_domain_.find(domain)->second.marks, [&](const auto& later) {
    return std::any_of(out.begin(), out.end(), [&](const Sent& one) {
      return one.group == later.second.group && one.room.lock() == later.second.room.lock();
    });
  });
  return out;
}

}  // namespace hansa::engine
