#pragma once
// A store that passes everything through; what its caller does with an answer is that owner's work,
// and what it allocates then its memory.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/memory.h"
#include "tests/support/store_proxy.h"

namespace hansa::sim::links {

class OwnedStore final : public test::StoreProxy {
 public:
  OwnedStore(storage::Store& store, Owner owner) : StoreProxy(store), owner_(owner) {}
  void append(const storage::LogKey& log, storage::BatchNumber expected, storage::Batch batch,
              Then<storage::AppendOutcome> then) override {
    store_.append(log, expected, std::move(batch), owned(std::move(then)));
  }
  void load(const storage::LogKey& log, Then<Result<storage::Loaded>> then) override {
    store_.load(log, owned(std::move(then)));
  }
  void read(const storage::LogKey& log, storage::Position from, std::size_t max_bytes,
            Then<Result<storage::Page>> then) override {
    store_.read(log, from, max_bytes, owned(std::move(then)));
  }
  void claim(const std::string& role, const std::string& address,
             std::optional<std::string> expected, std::optional<std::string> value,
             Then<Result<std::optional<std::string>>> then) override {
    store_.claim(role, address, std::move(expected), std::move(value), owned(std::move(then)));
  }
  void lookup(const std::string& role, const std::string& address,
              Then<Result<std::optional<std::string>>> then) override {
    store_.lookup(role, address, owned(std::move(then)));
  }
  void scan_index(const std::string& role, const std::string& from, const std::string& to,
                  std::size_t most, Then<Result<std::vector<storage::KeyValue>>> then) override {
    store_.scan_index(role, from, to, most, owned(std::move(then)));
  }

 private:
  template <typename T>
  Then<T> owned(Then<T> then) const {
    return [owner = owner_, then = std::move(then)](T answer) {
      const OwnedBy its(owner);
      then(std::move(answer));
    };
  }
  Owner owner_;
};

}  // namespace hansa::sim::links
