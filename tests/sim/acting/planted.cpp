#include "tests/sim/acting/planted.h"

#include <cstdlib>
#include <utility>

#include "engine/entry.h"
#include "xmpp/parser.h"
#include "xmpp/writer.h"

namespace hansa::sim::acting {
namespace {

constexpr std::string_view kOrigin = "<origin ";
constexpr std::string_view kOriginEnd = "</origin>";
constexpr std::string_view kHeard = "<heard ";
constexpr std::string_view kPosition = " position='";

std::string without_origin(std::string xml) {
  const std::size_t at = xml.find(kOrigin);
  if (at != std::string::npos) {
    xml.erase(at, xml.find(kOriginEnd, at) + kOriginEnd.size() - at);
  }
  return xml;
}

std::string heard_further(std::string xml) {
  const std::size_t heard = xml.find(kHeard);
  std::size_t at = heard == std::string::npos ? heard : xml.find(kPosition, heard);
  if (at == std::string::npos) return xml;
  at += kPosition.size();
  const std::size_t end = xml.find('\'', at);
  const auto position = std::strtoull(xml.c_str() + at, nullptr, 10);
  return xml.replace(at, end - at, std::to_string(position + 2));
}

// They are written as what does nothing, and nobody looks for them at the start. The room knows
// them still: it is told of a conflict, so that it reads itself again.
bool lose_letters(storage::Batch& batch) {
  bool lost = false;
  for (storage::Entry& stored : batch.entries) {
    auto entry = engine::from_storage(stored);
    if (!entry || entry->kind != engine::EntryKind::letter) continue;
    entry->kind = engine::EntryKind::letter_closed;
    entry->shared = {};
    entry->hash = engine::payload_hash(entry->salt, entry->shared);
    stored = engine::to_storage(*entry);
    lost = true;
  }
  if (!lost) return false;
  std::erase_if(batch.index, [](const storage::Change& one) { return one.key.starts_with("ob/"); });
  std::erase_if(batch.records,
                [](const storage::Change& one) { return one.key.starts_with("letter/"); });
  return true;
}

}  // namespace

xmpp::DocumentPtr tampered(std::string_view planted, Schedule& schedule,
                           const xmpp::DocumentPtr& document) {
  const bool origin = planted == kNoOrigin;
  if (!origin && (planted != kAckTooFar || !schedule.chance(0.2))) return document;
  const std::string xml = xmpp::to_xml(document->root());
  auto changed =
      xmpp::parse_element(origin ? without_origin(xml) : heard_further(xml), xmpp::ns::kClient);
  return changed ? std::move(*changed) : document;
}

void PlantedStore::append(const storage::LogKey& log, storage::BatchNumber expected,
                          storage::Batch batch, Then<storage::AppendOutcome> then) {
  if (planted_ == kAckTooEarly) {
    scheduler_.after(Millis(0), [then] { then({storage::AppendResult::durable, {}}); });
    return StoreProxy::append(log, expected, std::move(batch), [](storage::AppendOutcome) {});
  }
  const bool lost = planted_ == kLosesLetter && lose_letters(batch);
  auto counted = [&failures = failures_, lost, then](storage::AppendOutcome outcome) {
    if (outcome.result != storage::AppendResult::durable) ++failures;
    if (lost) outcome.result = storage::AppendResult::conflict;
    then(std::move(outcome));
  };
  StoreProxy::append(log, expected, std::move(batch), std::move(counted));
}

}  // namespace hansa::sim::acting
