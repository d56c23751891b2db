#pragma once
// Faults planted on purpose in the world of links, and the store that sees what is written: the
// canary shows that each of them is found. With Planted::nothing it only looks on.

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "modules/shared-log/wrong.h"
#include "tests/sim/arena.h"
#include "tests/sim/watched_store.h"

namespace hansa::sim::links {

enum class Planted {
  nothing,
  // In the modules (shared_log::Wrong).
  skips_deduplication,
  ignores_the_version,
  applies_out_of_order,
  acknowledges_before_writing,
  accepts_an_unsigned_operation,
  makes_digests_without_key,
  // Around them.
  releases_before_durable,      // the store says «durable» and writes a while later
  reuses_an_incarnation,        // a process draws what the one before it drew
  loses_a_directed_message,     // it never reaches the hub, and its node hears that it arrived
  keeps_what_was_acknowledged,  // what is durable stays in memory as well
  ignores_the_window,           // no party has one
  moves_a_cursor_too_far,       // it is noted as further than it is
  hides_a_loss,                 // a message never reaches the hub, which does not say so
  // Of the deep world.
  erases_nothing,  // the store says that a payload is erased, and keeps it
};

[[nodiscard]] std::span<const Canary> canaries();
[[nodiscard]] std::span<const Canary> deep_canaries();
[[nodiscard]] Planted planted_by_name(std::string_view name);
[[nodiscard]] shared_log::Wrong wrong_of(Planted planted);
[[nodiscard]] std::size_t window_of(Planted planted, std::size_t window);

class PlantedStore final : public WatchedStore {
 public:
  PlantedStore(storage::Store& store, storage::Scheduler& scheduler, Planted planted,
               Written written)
      : WatchedStore(store, std::move(written)), scheduler_(scheduler), planted_(planted) {}
  void append(const storage::LogKey& log, storage::BatchNumber expected, storage::Batch batch,
              Then<storage::AppendOutcome> then) override;
  void erase_payload(const storage::LogKey& log, storage::Position position,
                     Then<Status> then) override;

 private:
  storage::Scheduler& scheduler_;
  Planted planted_;
  std::vector<storage::Batch> kept_;
};

}  // namespace hansa::sim::links
