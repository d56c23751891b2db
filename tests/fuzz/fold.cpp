// What entries, notes and records say to the facets of a room. The fold is total: any bytes under
// any kind give a state. Two ways to the same state agree: the records collected after each entry,
// and those collected once at the end; and records that were read back change nothing.

#include <map>
#include <memory>
#include <vector>

#include "engine/letters.h"
#include "modules/act-as/act_as.h"
#include "modules/act-as/entries.h"
#include "modules/rooms/rooms.h"
#include "modules/shared-log/log.h"
#include "tests/fuzz/target.h"

namespace hansa::fuzz {
namespace {

using Records = std::map<std::string, std::string>;

class State {
 public:
  State() {
    facets_.push_back(std::make_unique<engine::Letters>());
    facets_.push_back(rooms::make_room_facet());
    for (const engine::FacetFactory make : act_as::ActAs::facets()) facets_.push_back(make());
    facets_.push_back(shared_log::make_log());
  }
  void apply(const engine::Entry& entry) {
    for (const auto& facet : facets_) facet->apply(entry);
  }
  void note(std::string_view key, const std::optional<std::string>& value) {
    for (const auto& facet : facets_) facet->apply_note(key, value);
  }
  void record(std::string_view key, std::string_view value) {
    for (const auto& facet : facets_) facet->apply_record(key, value);
  }
  void collect(Records& into) {
    std::vector<storage::Change> changes;
    for (const auto& facet : facets_) facet->collect_records(changes);
    for (const storage::Change& change : changes) {
      if (change.value) {
        into[change.key] = *change.value;
      } else {
        into.erase(change.key);
      }
    }
  }

 private:
  std::vector<std::unique_ptr<engine::Facet>> facets_;
};

struct Step {
  enum class What : std::uint8_t { entry, note, no_note, record } what;
  engine::Entry entry;
  std::string key;
  std::string value;
};

// A step: what it is and an entry's kind in one byte, then two pieces.
std::vector<Step> steps_of(std::string_view bytes) {
  constexpr std::size_t kMostSteps = 200;
  std::vector<Step> steps;
  Pieces pieces(bytes);
  while (!pieces.empty() && steps.size() < kMostSteps) {
    const std::uint8_t head = pieces.byte();
    Step step{static_cast<Step::What>(head >> 6), {}, {}, {}};
    step.key = pieces.text();
    step.value = pieces.text();
    step.entry.kind = static_cast<engine::EntryKind>(head & 0x1f);
    step.entry.erased = (head & 0x20) != 0;
    step.entry.position = steps.size() + 1;
    step.entry.stamp.ms = 1'700'000'000'000 + static_cast<std::int64_t>(steps.size());
    step.entry.origin_stamp = step.entry.stamp;
    if (!step.entry.erased) {
      step.entry.shared.bytes = step.key;
      step.entry.local.bytes = step.value;
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

void apply(State& state, const Step& step) {
  switch (step.what) {
    case Step::What::entry: state.apply(step.entry); break;
    case Step::What::note: state.note(step.key, step.value); break;
    case Step::What::no_note: state.note(step.key, std::nullopt); break;
    case Step::What::record: break;  // records are read before anything else
  }
}

}  // namespace

void run(std::string_view bytes) {
  const std::vector<Step> steps = steps_of(bytes);
  State damaged;  // records that nobody wrote do no harm either
  for (const Step& step : steps) {
    if (step.what == Step::What::record) damaged.record(step.key, step.value);
  }
  State each;
  State once;
  Records after_each;
  Records at_end;
  for (const Step& step : steps) {
    apply(damaged, step);
    apply(each, step);
    apply(once, step);
    each.collect(after_each);
  }
  Records ignored;
  damaged.collect(ignored);
  once.collect(at_end);
  holds(after_each == at_end, "records collected after each entry are those of the end");

  // Half of the log by records, the other half folded: as an engine loads a room.
  State first;
  Records records;
  const std::size_t half = steps.size() / 2;
  for (std::size_t i = 0; i < half; ++i) apply(first, steps[i]);
  first.collect(records);
  State second;
  for (const auto& [key, value] : records) second.record(key, value);
  for (std::size_t i = half; i < steps.size(); ++i) apply(second, steps[i]);
  second.collect(records);
  holds(records == at_end, "a fold that goes on from records comes to the same end");

  for (const Step& step : steps) {
    if (step.what != Step::What::entry) continue;
    (void)rooms::read_message(step.entry);
    (void)act_as::read_opened(step.entry);
    (void)act_as::read_peer_known(step.entry);
    (void)act_as::read_peer_joined(step.entry);
    (void)act_as::read_crossed(step.entry);
    (void)act_as::read_news(step.entry);
    (void)act_as::read_letter(step.entry.shared.bytes);
    (void)engine::decode_letter(step.entry.shared.bytes);
  }
}

}  // namespace hansa::fuzz
