#include "modules/archive/search.h"

#include <algorithm>

#include "base/limits.h"
#include "engine/letters.h"
#include "modules/archive/pages.h"
#include "modules/archive/speaker.h"

namespace hansa::archive {
namespace {

using engine::Position;

// The positions [from, to) and how they are paged.
struct Range {
  Position from = 1;
  Position to = 1;
  bool backward = false;
  bool from_start = true;  // nothing that matches lies before `from`, but for the filters
  bool to_end = true;      // nor from `to` on
  std::size_t most = 0;
};

// Where that id stands. Unknown ids are an error, erased ones are known (XEP-0313 §2.4).
std::optional<Result<Position>> position_of(engine::ServiceTurn& turn, const Scope& scope,
                                            const std::string& id) {
  const std::string key = rooms::stanza_key(scope.log_id, id);
  const auto* const found = turn.ask_index(key, key + '\0', 1);
  if (found == nullptr) return std::nullopt;
  if (!found->ok()) return Result<Position>(found->error());
  const Position position = (*found)->empty() ? 0 : engine::text_number((*found)->front().second);
  if (position != 0 && position <= scope.last) return Result<Position>(position);
  return Result<Position>(Error(Condition::item_not_found, "There is no message " + id + "."));
}

// First position whose entry is not older than `stamp`; scope.last + 1: none. Nothing: a read was
// asked, or failed (then `error` says so).
std::optional<Position> first_since(engine::ServiceTurn& turn, const Scope& scope, WallTime stamp,
                                    std::optional<Error>& error) {
  Position low = 1;                // all before it are older
  Position high = scope.last + 1;  // it and all after it are not
  while (low < high) {
    const Position step = std::max<Position>(1, (high - low) / (limits::kArchiveProbes + 1));
    std::vector<const Result<std::vector<engine::EntryPtr>>*> probes;
    for (Position at = low; at < high && probes.size() < limits::kArchiveProbes; at += step) {
      probes.push_back(turn.ask_page(scope.room, at, 1));
    }
    if (turn.waiting()) return std::nullopt;
    Position at = low;
    for (const auto* const probe : probes) {
      if (!probe->ok()) {
        error = probe->error();
        return std::nullopt;
      }
      if ((*probe)->empty() || (*probe)->front()->stamp >= stamp) {
        high = at;
        break;
      }
      low = (*probe)->front()->position + 1;
      at += step;
    }
  }
  return low;
}

// What bounds the range by an id: after or before the entry there.
struct Bound {
  const std::string* id;
  bool after;
};

// False: a read was asked, or `error` says what is wrong.
bool narrow_by_ids(engine::ServiceTurn& turn, const Scope& scope, const xep_0313::Query& query,
                   Range& range, std::optional<Error>& error) {
  std::vector<Bound> bounds;
  if (!query.after_id.empty()) bounds.push_back({&query.after_id, true});
  if (!query.before_id.empty()) bounds.push_back({&query.before_id, false});
  if (query.page && query.page->after) bounds.push_back({&*query.page->after, true});
  if (query.page && query.page->before && !query.page->before->empty()) {
    bounds.push_back({&*query.page->before, false});
  }
  for (const Bound& bound : bounds) {
    const auto position = position_of(turn, scope, *bound.id);
    if (!position) continue;
    if (!*position) {
      error = position->error();
      continue;
    }
    if (bound.after) {
      range.from = std::max(range.from, **position + 1);
    } else {
      range.to = std::min(range.to, **position);
    }
  }
  if (turn.waiting()) error.reset();
  return !turn.waiting() && !error;
}

bool narrow_by_time(engine::ServiceTurn& turn, const Scope& scope, const xep_0313::Query& query,
                    Range& range, std::optional<Error>& error) {
  if (query.start) {
    const auto first = first_since(turn, scope, *query.start, error);
    if (!first) return false;
    range.from = std::max(range.from, *first);
  }
  if (query.end) {
    const auto after = first_since(turn, scope, {query.end->ms + 1}, error);
    if (!after) return false;
    range.to = std::min(range.to, *after);
  }
  return true;
}

Range whole(const Scope& scope, const xep_0313::Query& query) {
  Range range;
  range.to = scope.last + 1;
  range.most = limits::kArchivePage;
  if (!query.page) return range;
  const xep_0059::Request& page = *query.page;
  if (page.max) range.most = std::min<std::uint64_t>(*page.max, limits::kArchivePageMost);
  range.backward = page.before.has_value() && !page.after;
  range.from_start = !page.after;
  range.to_end = !page.before || page.before->empty();
  return range;
}

// Takes what a page's end leaves out, and says what is known of the whole.
Found finish(std::vector<Hit> hits, const Range& range, bool reached_end) {
  Found found;
  const bool more = hits.size() > range.most;
  if (more && range.backward) hits.erase(hits.begin(), hits.end() - static_cast<long>(range.most));
  if (more && !range.backward) hits.resize(range.most);
  found.hits = std::move(hits);
  found.complete = !more && reached_end;
  const bool from_first = range.from_start && (!range.backward || found.complete);
  if (from_first && !found.hits.empty()) found.index = 0;
  if (found.complete && range.from_start && range.to_end) found.count = found.hits.size();
  return found;
}

Error too_much() {
  return Error(Condition::resource_constraint,
               "There is too much to look through at once; ask for a shorter time.");
}

Result<Found> count_only(engine::ServiceTurn& turn, Pages& pages, const Range& range,
                         const Speaker& with) {
  const auto counted = pages.count(turn, range.from, range.to, with);
  if (turn.waiting()) return Found{};
  if (!counted) return counted.error();
  Found found;
  found.complete = *counted == std::optional<std::uint64_t>(0);
  if (range.from_start && range.to_end) found.count = *counted;
  return found;
}

Result<Found> find_ids(engine::ServiceTurn& turn, const Scope& scope,
                       const std::vector<std::string>& ids) {
  if (ids.size() > limits::kArchivePageMost) {
    return Error(Condition::not_acceptable,
                 "Ask for at most " + std::to_string(limits::kArchivePageMost) + " ids at a time.");
  }
  std::vector<Position> positions;
  for (const std::string& id : ids) {
    const auto position = position_of(turn, scope, id);
    if (!position) continue;
    if (!*position) return position->error();
    positions.push_back(**position);
  }
  if (turn.waiting()) return Found{};
  std::sort(positions.begin(), positions.end());
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  Pages pages(scope);
  Result<std::vector<Hit>> hits = pages.at(turn, positions);
  if (!hits) return hits.error();
  Found found;
  found.hits = std::move(hits).value();
  found.complete = true;
  found.count = found.hits.size();
  return found;
}

}  // namespace

Result<Found> search(engine::ServiceTurn& turn, const Scope& scope, const xep_0313::Query& query) {
  if (!query.ids.empty()) return find_ids(turn, scope, query.ids);
  const Result<Speaker> with = read_speaker(query.with, scope);
  if (!with) return with.error();
  Range range = whole(scope, query);
  std::optional<Error> error;
  if (!narrow_by_ids(turn, scope, query, range, error) ||
      !narrow_by_time(turn, scope, query, range, error)) {
    if (turn.waiting() || !error) return Found{};
    return *error;
  }
  Pages pages(scope);
  if (range.most == 0) return count_only(turn, pages, range, *with);
  auto hits = range.backward ? pages.backward(turn, range.from, range.to, range.most + 1, *with)
                             : pages.forward(turn, range.from, range.to, range.most + 1, *with);
  if (turn.waiting()) return Found{};
  if (!hits) return hits.error();
  if (hits->hits.empty() && !hits->reached_end) return too_much();
  return finish(std::move(hits->hits), range, hits->reached_end);
}

Result<std::vector<Hit>> ends(engine::ServiceTurn& turn, const Scope& scope) {
  Pages pages(scope);
  const Speaker anybody;
  auto first = pages.forward(turn, 1, scope.last + 1, 1, anybody);
  auto last = pages.backward(turn, 1, scope.last + 1, 1, anybody);
  if (turn.waiting()) return std::vector<Hit>();
  if (!first) return first.error();
  if (!last) return last.error();
  if (first->hits.empty() || last->hits.empty()) {
    if (!first->reached_end) return too_much();
    return std::vector<Hit>();
  }
  return std::vector<Hit>{first->hits.front(), last->hits.back()};
}

}  // namespace hansa::archive
