#include "tests/sim/links/planted.h"

#include <array>

namespace hansa::sim::links {
namespace {

struct Plant {
  Canary canary;
  Planted planted;
};
constexpr std::array kPlants = {
    Plant{{"skips deduplication", 20}, Planted::skips_deduplication},
    Plant{{"ignores the version", 40}, Planted::ignores_the_version},
    Plant{{"applies out of order", 20}, Planted::applies_out_of_order},
    Plant{{"acknowledges before writing", 150}, Planted::acknowledges_before_writing},
    Plant{{"accepts an unsigned operation", 60}, Planted::accepts_an_unsigned_operation},
    Plant{{"makes digests without key", 10}, Planted::makes_digests_without_key},
    Plant{{"releases before durable", 10}, Planted::releases_before_durable},
    Plant{{"reuses an incarnation", 60}, Planted::reuses_an_incarnation},
    Plant{{"loses an obligation", 10}, Planted::loses_an_obligation},
    Plant{{"keeps what was acknowledged", 100}, Planted::keeps_what_was_acknowledged},
};

}  // namespace

std::span<const Canary> canaries() {
  static const auto kCanaries = [] {
    std::array<Canary, kPlants.size()> out;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = kPlants[i].canary;
    return out;
  }();
  return kCanaries;
}

Planted planted_by_name(std::string_view name) {
  for (const Plant& plant : kPlants) {
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
  wrong.digest_without_key = planted == Planted::makes_digests_without_key;
  return wrong;
}

void PlantedStore::append(const storage::LogKey& log, storage::BatchNumber expected,
                          storage::Batch batch, Then<storage::AppendOutcome> then) {
  // The memory is its owner's, who calls this: as it is written, and as it would be sent.
  if (planted_ == Planted::keeps_what_was_acknowledged) kept_.insert(kept_.end(), 2, batch);
  if (planted_ != Planted::releases_before_durable) {
    return WatchedStore::append(log, expected, std::move(batch), std::move(then));
  }
  scheduler_.after(Millis(0), [then] { then({storage::AppendResult::durable, {}}); });
  store_.append(log, expected, std::move(batch), [](storage::AppendOutcome) {});
}

}  // namespace hansa::sim::links
