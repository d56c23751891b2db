// Retention: what has come of age goes, a share each turn. Where that has come to is noted with
// what is to be erased, so that a crash repeats at most what is harmless to repeat.

#include "engine/retention.h"

#include <algorithm>
#include <functional>

#include "base/limits.h"
#include "engine/executor.h"
#include "engine/fields.h"
#include "engine/letters.h"
#include "engine/turn.h"

namespace hansa::engine {
namespace {

using Page = Result<std::vector<EntryPtr>>;

// The log at work for one age.
struct Aging {
  const RoomTurn& turn;
  Millis age;
  Retained at;

  // Whatever comes to a log that was looked through is younger than this.
  [[nodiscard]] WallTime due() const {
    const bool more = at.next <= turn.room().last_position();
    return WallTime{(more ? at.stamp : turn.now()).ms + age.count()};
  }
  [[nodiscard]] bool is_due() const { return due() <= turn.now(); }
  // Goes over what is old enough, until `work` has had its share. True: that was not all.
  bool look(const std::vector<EntryPtr>& page, const std::function<bool(const Entry&)>& work) {
    for (const EntryPtr& entry : page) {
      at = {entry->position, entry->stamp};
      if (!is_due()) return false;
      if (!work(*entry)) return true;
      ++at.next;
    }
    return !page.empty() && at.next <= turn.room().last_position();
  }
};

}  // namespace

std::string retained_name(const std::vector<EntryKind>& kinds) {
  std::string name;
  for (const EntryKind kind : kinds) {
    if (!name.empty()) name += ',';
    name += number_text(static_cast<std::uint64_t>(kind));
  }
  return name;
}

std::string write_retained(const Retained& retained) {
  return FieldWriter()
      .put(1, retained.next)
      .put(2, static_cast<std::uint64_t>(retained.stamp.ms))
      .take();
}

Retained read_retained(std::string_view bytes) {
  const FieldReader fields(bytes);
  return {fields.number(1, 1), WallTime{static_cast<std::int64_t>(fields.number(2))}};
}

std::optional<WallTime> RoomTurn::retain(const Retention& retention) {
  if (room().read_only()) return WallTime{now().ms + limits::kRetainAgain_ms};  // nothing goes
  const std::string name = retained_name(retention.kinds);
  Aging payloads{*this, retention.payloads, executor_.retained(name)};
  Aging entries{*this, retention.entries.value_or(Millis(0)),
                executor_.retained(std::string(kRetainedEntries))};
  const bool erases = !retention.kinds.empty();
  const bool drops = retention.entries.has_value();
  const auto page_of = [this](bool wanted, const Aging& aging) {
    if (!wanted || !aging.is_due()) return static_cast<const Page*>(nullptr);
    return ask_page(room().address(), aging.at.next, limits::kReadPageBytes);
  };
  const Page* old_payloads = page_of(erases, payloads);
  const Page* old_entries = page_of(drops, entries);
  if (waiting()) return std::nullopt;
  bool more = false;
  if (old_payloads != nullptr && old_payloads->ok()) {
    std::size_t share = limits::kRetainedPerTurn;
    more = payloads.look(**old_payloads, [&](const Entry& entry) {
      const bool goes = std::ranges::find(retention.kinds, entry.kind) != retention.kinds.end();
      if (!goes || entry.erased) return true;
      if (share == 0) return false;
      --share;
      executor_.erase(entry.position);
      return true;
    });
    executor_.retained_to(name, payloads.at);
  }
  // The newest one stays: stamps go on from its.
  const auto first_kept = [&] { return std::min(entries.at.next, room().last_position()); };
  const bool held_back = drops && first_kept() > executor_.first();
  if (old_entries != nullptr && old_entries->ok()) {
    more = entries.look(**old_entries, [](const Entry&) { return true; }) || more;
    executor_.retained_to(std::string(kRetainedEntries), entries.at);
  }
  if (drops && first_kept() > executor_.first()) executor_.truncate(first_kept());
  changed_ = changed_ || old_payloads != nullptr || old_entries != nullptr || held_back;
  if (more) return WallTime{now().ms + limits::kRetainMore_ms};
  std::int64_t next =
      std::min(erases ? payloads.due() : entries.due(), drops ? entries.due() : payloads.due()).ms;
  if (held_back) next = std::min(next, now().ms + limits::kRetainHeld_ms);
  return WallTime{std::max(next, now().ms + limits::kRetainAgain_ms)};
}

}  // namespace hansa::engine
