#pragma once
// Faults planted on purpose, between the engine and what it relies on: the canary shows that each
// of them is found. With Planted::nothing both pass everything through.

#include "engine/links.h"
#include "tests/sim/hosts/node.h"
#include "tests/sim/watched_store.h"

namespace hansa::sim::hosts {

class PlantedStore final : public WatchedStore {
 public:
  PlantedStore(storage::Store& store, storage::Scheduler& scheduler, Schedule& schedule,
               Planted planted, Written written)
      : WatchedStore(store, std::move(written)),
        scheduler_(scheduler),
        schedule_(schedule),
        planted_(planted) {}
  void append(const storage::LogKey& log, storage::BatchNumber expected, storage::Batch batch,
              Then<storage::AppendOutcome> then) override;
  void load(const storage::LogKey& log, Then<Result<storage::Loaded>> then) override;

 private:
  storage::Scheduler& scheduler_;
  Schedule& schedule_;
  Planted planted_;
};

class PlantedLinks final : public engine::Links {
 public:
  PlantedLinks(engine::Links& links, Schedule& schedule, Planted planted)
      : links_(links), schedule_(schedule), planted_(planted) {}
  void write(std::string_view domain, std::string bytes) override;
  void confirm(std::string_view domain, engine::Mark mark) override {
    links_.confirm(domain, mark);
  }
  [[nodiscard]] std::size_t queued(std::string_view domain) const override {
    return links_.queued(domain);
  }

 private:
  engine::Links& links_;
  Schedule& schedule_;
  Planted planted_;
};

}  // namespace hansa::sim::hosts
