#include "modules/archive/pages.h"

#include <algorithm>
#include <map>

#include "modules/archive/speaker.h"

namespace hansa::archive {
namespace {

using engine::EntryKind;
using engine::Position;

// Entries read at once, going backward: as many messages as are wanted and a little more.
constexpr Position kBlockMost = 512;

bool is_archived(const engine::Entry& entry) {
  return entry.kind == EntryKind::message || entry.kind == EntryKind::subject;
}

std::size_t bytes_of(const std::vector<Hit>& hits) {
  std::size_t bytes = 0;
  for (const Hit& hit : hits) bytes += hit.entry->shared.bytes.size();
  return bytes;
}

// Adds `more` to `hits` from the given end until there are `most` or they are long. False: enough.
bool add_until(std::vector<Hit>& hits, std::vector<Hit> more, std::size_t most, bool at_front) {
  if (at_front) std::reverse(more.begin(), more.end());
  std::size_t bytes = bytes_of(hits);
  for (Hit& hit : more) {
    if (hits.size() >= most || bytes > limits::kArchivePageBytes) return false;
    bytes += hit.entry->shared.bytes.size();
    hits.push_back(std::move(hit));
  }
  return hits.size() < most && bytes <= limits::kArchivePageBytes;
}

}  // namespace

std::optional<std::vector<Hit>> Pages::pick(engine::ServiceTurn& turn, const Entries& entries,
                                            Position from, Position to, const Speaker& with) const {
  std::vector<Hit> hits;
  std::vector<Position> erased;
  for (const engine::EntryPtr& entry : entries) {
    if (entry->position < from || entry->position >= to || !is_archived(*entry)) continue;
    if (entry->erased) erased.push_back(entry->position);
    hits.push_back({entry, rooms::read_message(*entry), std::nullopt});
  }
  std::map<Position, rooms::Tombstone> left;
  if (!erased.empty()) {
    const auto* const graves =
        turn.ask_index(rooms::tombstone_key(scope_.log_id, erased.front()),
                       rooms::tombstone_key(scope_.log_id, erased.back() + 1), erased.size());
    if (graves == nullptr) return std::nullopt;
    if (graves->ok()) {
      for (const auto& [key, value] : **graves) {
        rooms::Tombstone tombstone = rooms::read_tombstone(value);
        left[tombstone.position] = std::move(tombstone);
      }
    }
  }
  const auto is_out = [&](Hit& hit) {
    const auto tombstone = left.find(hit.entry->position);
    if (tombstone != left.end()) hit.tombstone = tombstone->second;
    return hit.id().empty() || !with.said(hit);
  };
  hits.erase(std::remove_if(hits.begin(), hits.end(), is_out), hits.end());
  return hits;
}

Result<Pages::Walked> Pages::forward(engine::ServiceTurn& turn, Position from, Position to,
                                     std::size_t most, const Speaker& with) {
  Walked walked;
  for (Position next = from; next < to;) {
    if (reads_ == 0) return walked;
    --reads_;
    const auto* const page = turn.ask_page(scope_.room, next, limits::kReadPageBytes);
    if (page == nullptr) return walked;
    if (!page->ok()) return page->error();
    if ((*page)->empty()) break;
    auto hits = pick(turn, **page, next, to, with);
    if (!hits) return walked;
    if (!add_until(walked.hits, std::move(*hits), most, false)) return walked;
    next = (*page)->back()->position + 1;
  }
  walked.reached_end = true;
  return walked;
}

Result<Pages::Walked> Pages::backward(engine::ServiceTurn& turn, Position from, Position to,
                                      std::size_t most, const Speaker& with) {
  Walked walked;
  Position size = std::min<Position>(2 * most + 16, kBlockMost);
  Position end = to;
  bool whole = true;
  while (end > from && whole) {
    if (reads_ == 0) break;
    --reads_;
    const Position start = end - from > size ? end - size : from;
    const auto* const page = turn.ask_page(scope_.room, start, limits::kReadPageBytes);
    if (page == nullptr) return walked;
    if (!page->ok()) return page->error();
    if ((*page)->empty() || (*page)->front()->position >= end) {  // all of it was dropped
      end = from;
      break;
    }
    if ((*page)->back()->position + 1 < end) {  // long ones: not all fit into a page
      size = std::max<Position>(1, std::min<Position>(size - 1, size / 4));
      continue;
    }
    auto hits = pick(turn, **page, start, end, with);
    if (!hits) return walked;
    whole = add_until(walked.hits, std::move(*hits), most, true);
    if (whole) end = start;
    size = std::min(size * 2, kBlockMost);
  }
  std::reverse(walked.hits.begin(), walked.hits.end());
  walked.reached_end = whole && end <= from;
  return walked;
}

Result<std::optional<std::uint64_t>> Pages::count(engine::ServiceTurn& turn, Position from,
                                                  Position to, const Speaker& with) {
  std::uint64_t counted = 0;
  for (Position next = from; next < to;) {
    if (reads_ == 0) return std::optional<std::uint64_t>();
    --reads_;
    const auto* const page = turn.ask_page(scope_.room, next, limits::kReadPageBytes);
    if (page == nullptr) return std::optional<std::uint64_t>();
    if (!page->ok()) return page->error();
    if ((*page)->empty()) break;
    const auto hits = pick(turn, **page, next, to, with);
    if (!hits) return std::optional<std::uint64_t>();
    counted += hits->size();
    next = (*page)->back()->position + 1;
  }
  return std::optional<std::uint64_t>(counted);
}

Result<std::vector<Hit>> Pages::at(engine::ServiceTurn& turn,
                                   const std::vector<Position>& positions) {
  std::vector<Hit> found;
  const Speaker anybody;
  for (const Position position : positions) {
    const auto* const page = turn.ask_page(scope_.room, position, 1);
    if (page == nullptr) continue;
    if (!page->ok()) return page->error();
    const auto hits = pick(turn, **page, position, position + 1, anybody);
    if (hits) found.insert(found.end(), hits->begin(), hits->end());
  }
  return found;
}

}  // namespace hansa::archive
