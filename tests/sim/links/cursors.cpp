#include "tests/sim/links/cursors.h"

#include <algorithm>
#include <cstdlib>

#include "tests/sim/links/ledger_room.h"

namespace hansa::sim::links {
namespace {

namespace xsr = xep_shared_rooms;

constexpr std::string_view kLive = "live/";
constexpr std::string_view kLink = "live/link/";
constexpr auto kNever = "cursors never pass what was not delivered";

// What the hub makes is told by a welcome as well.
bool is_hubs(const std::string& kind) {
  return kind == xsr::kKindEpoch || kind == xsr::kKindEnterprise || kind == xsr::kKindGap;
}

}  // namespace

void Cursors::written(std::size_t party, const storage::LogKey& log, const storage::Batch& batch) {
  for (const storage::Change& note : batch.notes) {
    if (!note.key.starts_with(kLive) || !note.value) continue;
    const std::string address = ledger_.address_of(party, log);
    const Ledger::Room* room = ledger_.room(party, address);
    if (room == nullptr || room->key != log) continue;
    const Position to =
        std::min<Position>(std::strtoull(note.value->c_str(), nullptr, 10), room->last());
    Position& looked = looked_[{party, address}][note.key];
    const Position from = std::min(looked, to) + 1;
    looked = to;
    if (note.key == "live/hub") to_hub(party, address, from, to);
    if (note.key == "live/people") to_people(party, address, from, to);
    if (note.key.starts_with(kLink)) to_link(note.key.substr(kLink.size()), address, from, to);
  }
}

// A node's: the hub has every item, or has refused it. A hub that was restored may have lost some.
void Cursors::to_hub(std::size_t party, const std::string& address, Position from, Position to) {
  if (watch_.was_restored(0)) return;
  const Ledger::Room* node = ledger_.room(party, address);
  const Ledger::Room* hub = ledger_.room(0, address);
  for (Position at = std::max(from, node->first); at <= to; ++at) {
    const auto& item = node->at(at).item;
    if (!item || is_hubs(item->kind) || node->refused.contains(item->origin)) continue;
    judge_.check(
        hub != nullptr && hub->by_origin.contains(item->origin), kNever,
        links_[party] + " " + address + ": the hub lacks what is at " + std::to_string(at));
  }
}

// The hub's: that node has every item that is for it.
void Cursors::to_link(const std::string& link, const std::string& address, Position from,
                      Position to) {
  const auto party =
      static_cast<std::size_t>(std::find(links_.begin(), links_.end(), link) - links_.begin());
  if (party == links_.size() || watch_.was_restored(party)) return;
  const Ledger::Room* node = ledger_.room(party, address);
  const Ledger::Room* hub = ledger_.room(0, address);
  for (Position at = std::max(from, hub->first); at <= to; ++at) {
    const Line& line = hub->at(at);
    if (!line.item || is_hubs(line.item->kind) || !line.links->contains(link)) continue;
    judge_.check(node != nullptr && node->by_origin.contains(line.item->origin), kNever,
                 "hub " + address + ": " + link + " lacks what is at " + std::to_string(at));
  }
}

// A node's: its host took every message for each of its people who was in the list from then on.
void Cursors::to_people(std::size_t party, const std::string& address, Position from, Position to) {
  const Ledger::Room* node = ledger_.room(party, address);
  if (node->fold.syncing()) return;
  std::set<std::string> people(people_[party].begin(), people_[party].end());
  for (Position at = node->last(); at >= std::max(from, node->first) && !people.empty(); --at) {
    const Line& line = node->at(at);
    if (line.syncing) continue;
    std::erase_if(people, [&](const std::string& one) { return !line.members->contains(one); });
    if (at > to || !line.item || line.item->kind != xsr::kKindMessage) continue;
    for (const std::string& bare : people) {
      const Watch::Inbox* inbox = watch_.inbox(bare, address);
      judge_.check(
          (inbox != nullptr && inbox->got.contains(line.item->id)) ||
              ledger_.may_be_silent(party, *node, at),
          kNever,
          links_[party] + " " + address + ": " + bare + " lacks what is at " + std::to_string(at));
    }
  }
}

}  // namespace hansa::sim::links
