#pragma once
// Faults planted on purpose, between the engine and what it relies on: the canary shows that each
// of them is found. With Planted::nothing both pass everything through.

#include "engine/links.h"
#include "storage/storage.h"
#include "tests/sim/hosts/node.h"

namespace hansa::sim::hosts {

class PlantedStore final : public storage::Store {
 public:
  template <typename T>
  using Then = storage::Then<T>;
  PlantedStore(storage::Store& store, storage::Scheduler& scheduler, Schedule& schedule,
               Planted planted)
      : store_(store), scheduler_(scheduler), schedule_(schedule), planted_(planted) {}

  void append(const storage::LogKey& log, storage::BatchNumber expected, storage::Batch batch,
              Then<storage::AppendOutcome> then) override;
  void load(const storage::LogKey& log, Then<Result<storage::Loaded>> then) override {
    store_.load(log, std::move(then));
  }
  void read(const storage::LogKey& log, storage::Position from, std::size_t max_bytes,
            Then<Result<storage::Page>> then) override {
    store_.read(log, from, max_bytes, std::move(then));
  }
  void truncate(const storage::LogKey& log, storage::Position first, Then<Status> then) override {
    store_.truncate(log, first, std::move(then));
  }
  void erase_payload(const storage::LogKey& log, storage::Position position,
                     Then<Status> then) override {
    store_.erase_payload(log, position, std::move(then));
  }
  void remove(const storage::LogKey& log, Then<Status> then) override {
    store_.remove(log, std::move(then));
  }
  void list(const std::string& role, const std::string& after, std::size_t most,
            Then<Result<std::vector<storage::LogKey>>> then) override {
    store_.list(role, after, most, std::move(then));
  }
  void claim(const std::string& role, const std::string& address,
             std::optional<std::string> expected, std::optional<std::string> value,
             Then<Result<std::optional<std::string>>> then) override {
    store_.claim(role, address, std::move(expected), std::move(value), std::move(then));
  }
  void lookup(const std::string& role, const std::string& address,
              Then<Result<std::optional<std::string>>> then) override {
    store_.lookup(role, address, std::move(then));
  }
  void addresses(const std::string& role, const std::string& after, std::size_t most,
                 Then<Result<std::vector<storage::KeyValue>>> then) override {
    store_.addresses(role, after, most, std::move(then));
  }
  void scan_index(const std::string& role, const std::string& from, const std::string& to,
                  std::size_t most, Then<Result<std::vector<storage::KeyValue>>> then) override {
    store_.scan_index(role, from, to, most, std::move(then));
  }

 private:
  storage::Store& store_;
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
