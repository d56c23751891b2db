#pragma once
// A store that passes everything through and tells what became of each append: the outcome that its
// caller was given, or «crash».

#include <functional>
#include <list>
#include <string_view>
#include <utility>

#include "tests/support/store_proxy.h"

namespace hansa::sim {

class WatchedStore : public test::StoreProxy {
 public:
  using Written =
      std::function<void(std::string_view fate, const storage::LogKey&, const storage::Batch&)>;
  WatchedStore(storage::Store& store, Written written)
      : StoreProxy(store), written_(std::move(written)) {}
  void append(const storage::LogKey& log, storage::BatchNumber expected, storage::Batch batch,
              Then<storage::AppendOutcome> then) override;
  // The process dies: of what is open nobody is told.
  void crash();

 private:
  Written written_;
  std::list<std::pair<storage::LogKey, storage::Batch>> open_;
};

}  // namespace hansa::sim
