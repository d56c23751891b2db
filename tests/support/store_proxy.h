#pragma once
// A store that passes everything through to another: whoever plants a fault, or looks on, overrides
// what he needs.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/storage.h"

namespace hansa::test {

class StoreProxy : public storage::Store {
 public:
  template <typename T>
  using Then = storage::Then<T>;
  explicit StoreProxy(storage::Store& store) : store_(store) {}
  void append(const storage::LogKey& log, storage::BatchNumber expected, storage::Batch batch,
              Then<storage::AppendOutcome> then) override {
    store_.append(log, expected, std::move(batch), std::move(then));
  }
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

 protected:
  storage::Store& store_;
};

}  // namespace hansa::test
