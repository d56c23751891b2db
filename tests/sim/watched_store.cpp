#include "tests/sim/watched_store.h"

namespace hansa::sim {
namespace {

std::string_view name_of(storage::AppendResult result) {
  switch (result) {
    case storage::AppendResult::durable: return "durable";
    case storage::AppendResult::conflict: return "conflict";
    case storage::AppendResult::refused: return "refused";
    case storage::AppendResult::unknown: break;
  }
  return "unknown";
}

}  // namespace

void WatchedStore::append(const storage::LogKey& log, storage::BatchNumber expected,
                          storage::Batch batch, Then<storage::AppendOutcome> then) {
  const auto place = open_.insert(open_.end(), {log, batch});
  store_.append(log, expected, std::move(batch),
                [this, place, then = std::move(then)](storage::AppendOutcome outcome) {
                  const auto [key, done] = std::move(*place);
                  open_.erase(place);
                  written_(name_of(outcome.result), key, done);
                  then(std::move(outcome));
                });
}

void WatchedStore::crash() {
  for (const auto& [log, batch] : open_) written_("crash", log, batch);
  open_.clear();
}

}  // namespace hansa::sim
