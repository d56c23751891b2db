#include "tests/sim/links/ledger.h"

#include "modules/shared-log/disk.h"
#include "tests/sim/coverage.h"
#include "tests/sim/links/ledger_room.h"

namespace hansa::sim::links {
namespace {

namespace xsr = xep_shared_rooms;

constexpr std::size_t kPageBytes = 256 * 1024;

std::string text_of(const xsr::Version& version) {
  return std::to_string(version.epoch >> 32) + "." + std::to_string(version.sequence);
}
std::string text_of(const xsr::Origin& origin) {
  return origin.link + "/" + std::to_string(origin.incarnation % 10'000) + "/" +
         std::to_string(origin.number);
}
std::string text_of(const Line& line, const engine::Entry& entry) {
  if (entry.kind == engine::EntryKind::ordered) {
    const auto order = shared_log::decode_order(entry.shared.bytes);
    return " " + text_of(order.origin) + " " + text_of(order.order) + (order.void_ ? " void" : "");
  }
  if (!line.item) return {};
  return " " + line.item->id + " " + text_of(line.item->origin) + " " + text_of(line.item->order) +
         (line.void_ ? " void" : "");
}

}  // namespace

Ledger::Ledger(Schedule& schedule, Judge& judge, const std::vector<std::unique_ptr<Party>>& parties)
    : schedule_(schedule), judge_(judge), parties_(parties) {}
Ledger::~Ledger() = default;

const Ledger::Room* Ledger::room(std::size_t party, const std::string& address) {
  const storage::Image& image = parties_[party]->image();
  const auto found = image.lookup(parties_[party]->role(), address);
  if (!found || !*found) return nullptr;
  std::unique_ptr<Room>& kept = rooms_[{party, address}];
  if (kept == nullptr || kept->key.id != **found) {
    kept = std::make_unique<Room>();
    kept->key = {parties_[party]->role(), **found};
  }
  read_on(party, address, *kept);
  return kept.get();
}

std::optional<std::string> Ledger::note(std::size_t party, const std::string& address,
                                        const std::string& key) const {
  const storage::Image& image = parties_[party]->image();
  const auto found = image.lookup(parties_[party]->role(), address);
  if (!found || !*found) return std::nullopt;
  const auto loaded = image.load({parties_[party]->role(), **found});
  if (!loaded) return std::nullopt;
  const auto note = loaded->notes.find(key);
  return note == loaded->notes.end() ? std::nullopt : std::optional(note->second);
}

std::string Ledger::address_of(std::size_t party, const storage::LogKey& log) {
  std::string& known = addresses_[{party, log.id}];
  if (!known.empty()) return known;
  const auto all = parties_[party]->image().addresses(log.role, {}, 100);
  if (!all) return {};
  for (const storage::KeyValue& one : *all) {
    if (one.second == log.id) known = one.first;
  }
  return known;
}

void Ledger::note_offers() {
  for (const auto& [where, room] : rooms_) {
    for (const auto& [origin, position] : room->by_origin) offers_.insert(origin);
  }
}

void Ledger::forget(std::size_t party) {
  std::erase_if(rooms_, [party](const auto& one) { return one.first.first == party; });
  std::erase_if(addresses_, [party](const auto& one) { return one.first.first == party; });
}

bool Ledger::is_member(std::size_t party, const std::string& address, const std::string& bare) {
  const Room* found = room(party, address);
  return found != nullptr && members_of(found->fold)->contains(bare);
}

std::string Ledger::an_owner(std::size_t party, const std::string& address,
                             const std::string& domain) {
  const Room* found = room(party, address);
  if (found == nullptr) return {};
  for (const auto& [bare, record] : found->fold.records()) {
    if (bare.ends_with("@" + domain) && record.operation.affiliation == "owner") return bare;
  }
  return {};
}

void Ledger::read_on(std::size_t party, const std::string& address, Room& room) {
  for (;;) {
    const auto page = parties_[party]->image().read(room.key, room.last() + 1, kPageBytes);
    if (!page) return;
    for (const storage::Entry& stored : page->entries) add(party, address, room, stored);
    if (page->end || page->entries.empty()) return;
  }
}

void Ledger::add(std::size_t party, const std::string& address, Room& room,
                 const storage::Entry& stored) {
  const std::string where =
      parties_[party]->name() + " " + address + " at " + std::to_string(stored.position);
  const auto read = engine::from_storage(stored);
  judge_.check(read.ok() && stored.position == room.last() + 1, "a log is dense and readable",
               where);
  if (!read) return;
  const engine::Entry& entry = *read;
  judge_.check(entry.stamp >= room.last_stamp, "local stamps never decrease", where);
  room.last_stamp = entry.stamp;
  Line line;
  line.kind = entry.kind;
  line.stamp = entry.stamp;
  if (auto item = shared_log::item_of(entry)) {
    know_again(room, item->item);
    check_item(where, party, room, *item);
    add_item(where, address, room, *item);
    room.by_id.try_emplace(item->item.id, stored.position);
    room.by_origin.try_emplace(item->item.origin, stored.position);
    line.void_ = item->void_;
    line.item = std::move(item->item);
  }
  if (entry.kind == engine::EntryKind::welcomed) {
    room.forged = false;
    room.welcomed = stored.position;
  }
  const Version before = room.fold.version();
  if (entry.kind == engine::EntryKind::ordered) {
    const auto order = shared_log::decode_order(entry.shared.bytes);
    if (order.void_ && order.order > before) room.forged = true;
  }
  room.fold.apply(entry);
  check_order(where, room, entry.kind, before);
  line.members = members_of(room.fold);
  line.syncing = room.fold.syncing();
  if (party == 0) line.links = links_of(room.fold, stored.position);
  room.lines.push_back(std::move(line));
  check_list(where, room);
  if (schedule_.verbose()) {
    schedule_.detail(where + ": " + name_of(stored) + text_of(room.lines.back(), entry));
  }
}

// What is erased has its id no more: by that it is looked for.
void Ledger::know_again(const Room& room, xsr::Item& item) {
  if (item.kind != xsr::kKindMessage) return;
  std::string& id = ids_[{room.fold.log(), item.origin}];
  if (item.id.empty()) {
    item.id = id;
  } else {
    id = item.id;
  }
}

bool Ledger::is_erased(std::size_t party, const Room& room, engine::Position at) const {
  const auto page = parties_[party]->image().read(room.key, at, 1);
  if (!page || page->entries.empty()) return false;
  const auto entry = engine::from_storage(page->entries.front());
  return entry && entry->erased;
}

bool Ledger::may_be_silent(std::size_t party, const Room& room, engine::Position at) const {
  const auto& item = room.at(at).item;
  return (item && room.erasures.contains(item->id)) || is_erased(party, room, at);
}

// An item is the same wherever it is, and where it must be understood it is.
void Ledger::check_item(const std::string& where, std::size_t party, const Room& room,
                        const shared_log::StoredItem& stored) {
  const xsr::Item& item = stored.item;
  if (item.kind == xsr::kKindRefused) return;
  if (item.must_understand) {
    judge_.check(item.format <= parties_[party]->format(),
                 "nobody is given what he must understand "
                 "and cannot",
                 where + ": " + item.kind);
  }
  if (stored.void_) return;  // perhaps it was changed on its way
  const std::string hash = xsr::item_hash(item);
  const auto [place, fresh] = items_.try_emplace({room.fold.log(), item.origin}, hash);
  judge_.check(fresh || place->second == hash, "an item is the same everywhere",
               where + ": " + text_of(item.origin));
}

void Ledger::add_item(const std::string& where, const std::string& address, Room& room,
                      const shared_log::StoredItem& stored) {
  const xsr::Item& item = stored.item;
  const Room::Maker maker{item.origin.link, item.origin.incarnation};
  // What is refused is so in place of the item, which may be there.
  const bool refused = item.kind == xsr::kKindRefused;
  // An epoch that began before a welcome begins again behind it.
  const auto known = room.by_origin.find(item.origin);
  const bool fresh = known == room.by_origin.end() ||
                     (item.kind == xsr::kKindEpoch && known->second < room.welcomed);
  judge_.check(refused || fresh, "a log takes an origin once", where + ": " + text_of(item.origin));
  room.numbers[maker].add(item.origin.number);
  if (item.kind == xsr::kKindGap) {
    if (const auto gap = xsr::read_gap(item.payload)) {
      auto& gaps = room.gaps[{gap->first.link, gap->first.incarnation}];
      for (std::uint64_t number = gap->first.number; number <= gap->last; ++number)
        gaps.add(number);
    }
  }
  if (refused) room.refused.insert(item.origin);
  if (stored.void_) room.forged = true;
  if (item.kind == xsr::kKindErasure) {
    const auto erasure = xsr::read_erasure(item.payload);
    judge_.check(erasure.ok(), "an erasure can be read", where);
    if (erasure) room.erasures.insert(erasure->id);
  }
  if (item.kind != xsr::kKindOperation || stored.void_) return;
  const auto operation = xsr::read_operation(item.payload);
  judge_.check(operation.ok(), "an operation can be read", where);
  if (!operation) return;
  const Asked asked{address, operation->actor, operation->jid, operation->affiliation};
  room.operations.insert(asked);
  // The creator makes himself the owner.
  const bool creates = operation->actor == operation->jid && operation->affiliation == "owner";
  judge_.check(creates || asked_.contains(asked), "no operation is invented",
               where + ": " + asked.jid + " " + asked.affiliation + " by " + asked.actor);
}

// Versions come strictly one after the other; only an epoch, or a welcome, begins elsewhere.
void Ledger::check_order(const std::string& where, const Room& room, engine::EntryKind kind,
                         const Version& before) {
  const Version now = room.fold.version();
  if (now == before || kind == engine::EntryKind::welcomed) return;
  const bool next = now.epoch == before.epoch && now.sequence == before.sequence + 1;
  const bool begins = now.epoch != before.epoch;
  judge_.check(next || begins, "versions come one after the other",
               where + ": " + text_of(now) + " after " + text_of(before));
}

void Ledger::check_list(const std::string& where, const Room& room) {
  const Version version = room.fold.version();
  // A page may be of a later time than the items that have come.
  if (version == Version{} || room.fold.syncing() || room.fold.list_version() > version) return;
  if (room.forged) return;
  const std::string digest = room.fold.digest();
  const std::string list = list_of(room.fold);
  const std::string& shared = room.fold.log();
  const auto [place, fresh] = lists_.try_emplace({shared, version}, Seen{list, digest, where});
  if (!fresh) {
    judge_.check(place->second.digest == digest, "equal versions have equal digests",
                 where + " and " + place->second.where);
    judge_.check(place->second.list == list, "equal versions have equal lists",
                 where + ": " + list + "\nand " + place->second.where + ": " + place->second.list);
    return;
  }
  if (list.empty()) return;
  const auto [epoch, first] = digests_.try_emplace({shared, digest}, version.epoch);
  judge_.check(first || epoch->second == version.epoch, "a digest says nothing in another epoch",
               where);
}

}  // namespace hansa::sim::links
