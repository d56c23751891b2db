#include "engine/outbox.h"

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
  if (buffer.size() >= kPieceBytes && domain != kOwnLink) {
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
  const std::size_t queued = domain == kOwnLink ? 0 : links_.queued(domain);
  return place->second.buffer.size() + queued < high_water_;
}

void Outbox::mark(std::string_view domain, Sent sent) {
  const auto place = by_domain_.find(domain);
  if (place == by_domain_.end() || !place->second.up) return;
  Link& link = place->second;
  link.marks.emplace_back(link.next, std::move(sent));
}

void Outbox::link(std::string_view domain, bool up) {
  Link& link = by_domain_[std::string(domain)];
  link.up = up;
  link.buffer.clear();
  link.marks.clear();
  link.asked = link.next++;  // a confirmation of before is for nothing now
}

void Outbox::flush() {
  for (auto& [domain, link] : by_domain_) {
    if (!link.up || domain == kOwnLink) continue;
    if (!link.buffer.empty()) {
      std::string bytes;
      bytes.swap(link.buffer);
      links_.write(domain, std::move(bytes));
    }
    if (waits_for_mark(link)) {
      link.asked = link.next++;
      links_.confirm(domain, link.asked);
    }
  }
}

Outbox::Piece Outbox::take_own() {
  Link& link = by_domain_.find(kOwnLink)->second;
  Piece piece;
  piece.bytes.swap(link.buffer);
  if (waits_for_mark(link)) piece.mark = link.asked = link.next++;
  return piece;
}

bool Outbox::has_own() const {
  const Link& link = by_domain_.find(kOwnLink)->second;
  return !link.buffer.empty() || waits_for_mark(link);
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

}  // namespace hansa::engine
