#include "tests/sim/hosts/planted.h"

#include <optional>

#include "engine/entry.h"

namespace hansa::sim::hosts {
namespace {

constexpr double kOften = 0.03;
constexpr std::string_view kEnd = "</message>";

// Where the last message in `bytes` begins and ends, if there is one of a room to an occupant.
struct Place {
  std::size_t begin;
  std::size_t end;
};
std::optional<Place> message_in(const std::string& bytes) {
  const std::size_t begin = bytes.find("<message type='groupchat'");
  if (begin == std::string::npos) return std::nullopt;
  const std::size_t end = bytes.find(kEnd, begin);
  if (end == std::string::npos) return std::nullopt;
  return Place{begin, end + kEnd.size()};
}

// One member, and nothing that anybody hears.
bool changes_members(const storage::Batch& batch, storage::BatchNumber expected) {
  if (expected < 4 || batch.entries.size() != 1) return false;
  const auto entry = engine::from_storage(batch.entries.front());
  return entry && entry->kind == engine::EntryKind::member;
}

}  // namespace

void PlantedStore::load(const storage::LogKey& log, Then<Result<storage::Loaded>> then) {
  if (planted_ != Planted::forgets_a_member) return WatchedStore::load(log, std::move(then));
  auto forget = [this, then = std::move(then)](Result<storage::Loaded> loaded) {
    if (loaded && schedule_.chance(0.3)) {
      const auto member = loaded->records.lower_bound("m/guest");
      const bool found = member != loaded->records.end() && member->first.starts_with("m/guest");
      if (found) loaded->records.erase(member);
    }
    then(std::move(loaded));
  };
  WatchedStore::load(log, std::move(forget));
}

void PlantedStore::append(const storage::LogKey& log, storage::BatchNumber expected,
                          storage::Batch batch, Then<storage::AppendOutcome> then) {
  const bool first =
      planted_ == Planted::acknowledges_before_writing ||
      (planted_ == Planted::acknowledges_a_change_first && changes_members(batch, expected));
  if (first) {
    scheduler_.after(Millis(0), [then] { then({storage::AppendResult::durable, {}}); });
    return store_.append(log, expected, std::move(batch), [](storage::AppendOutcome) {});
  }
  if (planted_ == Planted::forgets_a_batch && expected > 3 && schedule_.chance(kOften)) {
    // The batch is numbered, so that nobody notices at once, and empty.
    storage::Batch other;
    other.notes.push_back({"planted", "1"});
    return WatchedStore::append(log, expected, std::move(other), std::move(then));
  }
  if (planted_ == Planted::leaves_a_row && schedule_.chance(0.5)) {
    std::erase_if(batch.index, [](const storage::Change& one) {
      return one.key.starts_with("busy/") || one.key.starts_with("listed/");
    });
  }
  WatchedStore::append(log, expected, std::move(batch), std::move(then));
}

void PlantedLinks::write(std::string_view domain, std::string bytes) {
  const bool touches = planted_ == Planted::drops_a_stanza || planted_ == Planted::repeats_a_stanza;
  const auto place = touches ? message_in(bytes) : std::nullopt;
  if (place && schedule_.chance(kOften)) {
    const std::string stanza = bytes.substr(place->begin, place->end - place->begin);
    if (planted_ == Planted::drops_a_stanza) bytes.erase(place->begin, stanza.size());
    if (planted_ == Planted::repeats_a_stanza) bytes.insert(place->end, stanza);
  }
  if (planted_ == Planted::tells_a_name) {
    const std::size_t body = bytes.find("to='bob@b.example");
    const std::size_t text = body == std::string::npos ? body : bytes.find("<body>", body);
    if (text != std::string::npos) bytes.insert(text + 6, "alice says: ");
  }
  links_.write(domain, std::move(bytes));
}

}  // namespace hansa::sim::hosts
