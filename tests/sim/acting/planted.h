#pragma once
// Faults planted on purpose, each to be found within a stated number of histories (history.cpp):
// in a node's disk, in what goes from node to node, and in what people are said to have heard.

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/sim/schedule.h"
#include "tests/support/store_proxy.h"
#include "xmpp/element.h"

namespace hansa::sim::acting {

inline constexpr std::string_view kTellsName = "tells a name";
inline constexpr std::string_view kOtherId = "repeats with another id";
inline constexpr std::string_view kNoOrigin = "no origin, no marks";
inline constexpr std::string_view kOldRight = "a right that was taken stays";
inline constexpr std::string_view kAckTooFar = "acknowledges more than it heard";
inline constexpr std::string_view kAckTooEarly = "acknowledges before writing";
inline constexpr std::string_view kLosesLetter = "loses a letter";

// What is sent from node to node, as that fault makes it.
[[nodiscard]] xmpp::DocumentPtr tampered(std::string_view planted, Schedule& schedule,
                                         const xmpp::DocumentPtr& document);

// Says that an append is durable before it is, or forgets the letters in it: what that fault asks.
// Counts those that were not durable.
class PlantedStore final : public test::StoreProxy {
 public:
  PlantedStore(storage::Store& store, storage::Scheduler& scheduler, std::string_view planted,
               std::uint64_t& failures)
      : StoreProxy(store), scheduler_(scheduler), planted_(planted), failures_(failures) {}
  void append(const storage::LogKey& log, storage::BatchNumber expected, storage::Batch batch,
              Then<storage::AppendOutcome> then) override;

 private:
  storage::Scheduler& scheduler_;
  std::string_view planted_;
  std::uint64_t& failures_;
};

}  // namespace hansa::sim::acting
