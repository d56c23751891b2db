// What a store says, as text: entries, and the state as it is folded.

#include <algorithm>
#include <vector>

#include "base/encoding.h"
#include "engine/letters.h"
#include "modules/act-as/act_as.h"
#include "modules/rooms/rooms.h"
#include "modules/shared-log/log.h"
#include "tests/golden/frozen.h"
#include "tests/golden/reads.h"
#include "tests/support/federation.h"

namespace hansa::golden {
namespace {

using Pairs = std::map<std::string, std::string>;

class Fold {
 public:
  explicit Fold(bool shared) {
    facets_.push_back(std::make_unique<engine::Letters>());
    if (shared) {
      facets_.push_back(shared_log::make_log());
      return;
    }
    facets_.push_back(rooms::make_room_facet());
    for (const engine::FacetFactory make : act_as::ActAs::facets()) facets_.push_back(make());
  }
  void records(const Pairs& records) {
    records_ = records;
    for (const auto& [key, value] : records) {
      for (const auto& facet : facets_) facet->apply_record(key, value);
    }
  }
  void notes(const Pairs& notes) {
    for (const auto& [key, value] : notes) {
      for (const auto& facet : facets_) facet->apply_note(key, value);
    }
  }
  void apply(const engine::Entry& entry) {
    for (const auto& facet : facets_) facet->apply(entry);
  }
  // The state: records are a form of all of it.
  [[nodiscard]] Pairs state() {
    std::vector<storage::Change> changes;
    for (const auto& facet : facets_) facet->collect_records(changes);
    for (const storage::Change& change : changes) {
      if (change.value) {
        records_[change.key] = *change.value;
      } else {
        records_.erase(change.key);
      }
    }
    return records_;
  }

 private:
  std::vector<std::unique_ptr<engine::Facet>> facets_;
  Pairs records_;
};

std::string told(const engine::Entry& entry) {
  const auto number = [](auto value) { return std::to_string(static_cast<std::uint64_t>(value)); };
  std::string out = "  entry " + number(entry.position) + ": kind " + number(entry.kind) +
                    " format " + number(entry.format);
  if (entry.must_understand) out += " must-understand";
  if (!engine::understood(entry)) out += " not-understood";
  out += " origin " + escaped(entry.origin.enterprise) + "/" + number(entry.origin.incarnation) +
         "/" + number(entry.origin.number) + " order " + number(entry.order.epoch) + "." +
         number(entry.order.sequence) + " stamps " + number(entry.origin_stamp.ms) + " " +
         number(entry.stamp.ms) + " trace " + number(entry.trace) + " hash " + hex(entry.hash);
  if (entry.erased) return out + " erased\n";
  out += "\n    shared " + escaped(entry.shared.bytes) + "\n";
  out += "    salt " + escaped(entry.salt) + "\n";
  if (!entry.local.bytes.empty()) out += "    local " + escaped(entry.local.bytes) + "\n";
  return out;
}

}  // namespace

std::string describe(storage::Store& store, const Step& step) {
  std::map<std::string, std::string> names;
  for (const char* role : kRoles) {
    for (const auto& [address, id] : addresses_of(store, step, role)) names[id] = address;
  }
  std::map<std::string, std::string> texts;  // by address
  for (const storage::LogKey& log : logs_of(store, step)) {
    const storage::Loaded loaded = load(store, step, log);
    std::string out;
    const bool shared = names[log.id].ends_with(test::kShared);
    Fold whole(shared);
    Fold resumed(shared);
    resumed.records(loaded.records);
    whole.notes(loaded.notes);
    resumed.notes(loaded.notes);
    for (const storage::Entry& stored : entries_of(store, step, log)) {
      const auto entry = engine::from_storage(stored);
      if (!entry) {
        out += "  UNREADABLE entry " + std::to_string(stored.position) + "\n";
        continue;
      }
      out += told(*entry);
      whole.apply(*entry);
      if (stored.position > loaded.records_position) resumed.apply(*entry);
    }
    const Pairs state = whole.state();
    for (const auto& [key, value] : state) {
      out += "  state " + escaped(key) + " = " + escaped(value) + "\n";
    }
    for (const auto& [key, value] : loaded.notes) {
      out += "  note " + escaped(key) + " = " + escaped(value) + "\n";
    }
    // After a truncation only the records know what came before.
    if (loaded.first_position == 1 && resumed.state() != state) {
      out += "  DIFFERS from the state that goes on from the records\n";
    }
    texts[names[log.id]] += names[log.id] + ": entries " + std::to_string(loaded.first_position) +
                            " to " + std::to_string(loaded.last_position) + "\n" + out;
  }
  std::string all;
  for (const auto& [name, text] : texts) all += text;
  for (const char* role : kRoles) {
    for (const auto& [key, value] : index_of(store, step, role)) {
      all += "index of " + std::string(role) + " " + escaped(key) + " = " + escaped(value) + "\n";
    }
  }
  return all;
}

}  // namespace hansa::golden
