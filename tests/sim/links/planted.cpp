#include "tests/sim/links/planted.h"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace hansa::sim::links {
namespace {

constexpr std::string_view kCursors = "cursors never pass what was not delivered";
constexpr std::string_view kSame = "an item is the same everywhere";

struct Plant {
  Canary canary;
  Planted planted;
};
constexpr std::array kPlants = {
    Plant{{"skips deduplication", 20, {"a log takes an origin once"}},
          Planted::skips_deduplication},
    // An operation that is applied too early takes what comes before it as had.
    Plant{{"ignores the version", 40, {"versions come one after the other", kCursors}},
          Planted::ignores_the_version},
    Plant{{"applies out of order",
           20,
           {"versions come one after the other",
            "an enterprise's entries are in one order everywhere"}},
          Planted::applies_out_of_order},
    Plant{{"acknowledges before writing", 150, {kCursors}}, Planted::acknowledges_before_writing},
    Plant{{"accepts an unsigned operation", 60, {kSame, "no operation is invented"}},
          Planted::accepts_an_unsigned_operation},
    Plant{{"makes digests without key", 10, {"a digest says nothing in another epoch"}},
          Planted::makes_digests_without_key},
    Plant{{"releases before durable",
           10,
           {"what is acknowledged is durable", "nothing leaves before it is on disk"}},
          Planted::releases_before_durable},
    // Ids of items, stanzas and logs are those of the life before, too.
    Plant{{"reuses an incarnation",
           60,
           {kSame, "no operation is invented",
            "an entry comes once, and again only after trouble, and marked"}},
          Planted::reuses_an_incarnation},
    Plant{{"loses a directed message", 10, {"a directed message is not lost"}},
          Planted::loses_a_directed_message},
    Plant{{"keeps what was acknowledged", 100, {"what a party remembers is bounded"}},
          Planted::keeps_what_was_acknowledged},
    Plant{{"ignores the window", 20, {"what is in flight stays within its window"}},
          Planted::ignores_the_window},
    Plant{{"moves a cursor too far", 5, {kCursors}}, Planted::moves_a_cursor_too_far},
    Plant{{"hides a loss", 40, {"what nobody has is reported"}}, Planted::hides_a_loss},
};

constexpr std::array kDeepPlants = {
    Plant{{"erases nothing", 5, {"what was erased is nowhere"}}, Planted::erases_nothing},
};

template <std::size_t N>
std::array<Canary, N> canaries_of(const std::array<Plant, N>& plants) {
  std::array<Canary, N> out;
  for (std::size_t i = 0; i < N; ++i) out[i] = plants[i].canary;
  return out;
}

constexpr std::uint64_t kTooFar = 2;

void move_cursors(storage::Batch& batch) {
  for (storage::Change& note : batch.notes) {
    if (!note.key.starts_with("live/") || !note.value) continue;
    note.value = std::to_string(std::strtoull(note.value->c_str(), nullptr, 10) + kTooFar);
  }
}

}  // namespace

std::span<const Canary> canaries() {
  static const auto kCanaries = canaries_of(kPlants);
  return kCanaries;
}

std::span<const Canary> deep_canaries() {
  static const auto kCanaries = canaries_of(kDeepPlants);
  return kCanaries;
}

Planted planted_by_name(std::string_view name) {
  for (const Plant& plant : kPlants) {
    if (plant.canary.name == name) return plant.planted;
  }
  for (const Plant& plant : kDeepPlants) {
    if (plant.canary.name == name) return plant.planted;
  }
  return Planted::nothing;
}

shared_log::Wrong wrong_of(Planted planted) {
  shared_log::Wrong wrong;
  wrong.skip_repeats = planted == Planted::skips_deduplication;
  wrong.ignore_version = planted == Planted::ignores_the_version;
  wrong.out_of_order = planted == Planted::applies_out_of_order;
  wrong.ack_early = planted == Planted::acknowledges_before_writing;
  wrong.accept_unsigned = planted == Planted::accepts_an_unsigned_operation;
  wrong.tell_no_gaps = planted == Planted::hides_a_loss;
  wrong.digest_without_key = planted == Planted::makes_digests_without_key;
  return wrong;
}

std::size_t window_of(Planted planted, std::size_t window) {
  return planted == Planted::ignores_the_window ? 0 : window;
}

void PlantedStore::append(const storage::LogKey& log, storage::BatchNumber expected,
                          storage::Batch batch, Then<storage::AppendOutcome> then) {
  // The memory is its owner's, who calls this: as it is written, and as it would be sent.
  if (planted_ == Planted::keeps_what_was_acknowledged) kept_.insert(kept_.end(), 2, batch);
  if (planted_ == Planted::moves_a_cursor_too_far) move_cursors(batch);
  if (planted_ != Planted::releases_before_durable) {
    return WatchedStore::append(log, expected, std::move(batch), std::move(then));
  }
  scheduler_.after(Millis(0), [then] { then({storage::AppendResult::durable, {}}); });
  store_.append(log, expected, std::move(batch), [](storage::AppendOutcome) {});
}

void PlantedStore::erase_payload(const storage::LogKey& log, storage::Position position,
                                 Then<Status> then) {
  if (planted_ != Planted::erases_nothing) {
    return WatchedStore::erase_payload(log, position, std::move(then));
  }
  scheduler_.after(Millis(0), [then] { then(Done{}); });
}

}  // namespace hansa::sim::links
