#pragma once
// How items, records and what belongs to them are written in entries, notes and records of a shared
// room's log, on hub and nodes alike. Tagged fields; layouts: storage/format.md, «Shared rooms».

#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "engine/turn.h"
#include "modules/shared-log/intervals.h"
#include "xep-spec/shared_rooms.h"

namespace hansa::shared_log {

namespace xsr = xep_shared_rooms;

// Payload of EntryKind::created of a shared room: its shared name, and who we are in it.
struct Created {
  std::string log;   // the room's id on links and in signatures
  std::string self;  // our link domain; the hub's domain on the hub
};

// An entry of kind shared: origin, order and stamp are in its header, what may be erased is its
// shared part (xsr::item_bytes); digest and chain came with its order; what was found wrong here is
// its local part.
struct LinkedItem {
  xsr::Item item;
  std::string chain;  // after it, if it is ordered
};
struct StoredItem : LinkedItem {
  bool void_ = false;  // an operation that was found wrong here: it changed nothing
};

// Payload of EntryKind::ordered.
struct StoredOrder {
  xsr::Origin origin;
  xsr::Version order;
  std::string chain;
  bool void_ = false;
  // Of an act or an enterprise that is no longer known as unordered: it changes more than the log.
  std::string payload;
};

// Payload of EntryKind::welcomed: the state from which a node goes on; its list is fetched.
struct Welcomed {
  xsr::Point point;
  std::string key;
  std::vector<xsr::Enterprise> enterprises;
};

// Payload of EntryKind::list_page.
struct ListPage {
  xsr::Version version;
  bool complete = false;
  std::vector<xsr::Record> records;
};

[[nodiscard]] std::string encode(const Created& created);
[[nodiscard]] std::string encode(const StoredOrder& order);
[[nodiscard]] std::string encode(const Welcomed& welcomed);
[[nodiscard]] std::string encode(const ListPage& page);
[[nodiscard]] std::string encode(const xsr::Record& record);
[[nodiscard]] std::string encode(const xsr::Enterprise& enterprise);
[[nodiscard]] std::string encode(const xsr::Origin& origin);
[[nodiscard]] std::string encode(const Intervals& intervals);
// Total: what is missing reads as empty.
[[nodiscard]] Created decode_created(std::string_view bytes);
[[nodiscard]] StoredOrder decode_order(std::string_view bytes);
[[nodiscard]] Welcomed decode_welcomed(std::string_view bytes);
[[nodiscard]] ListPage decode_page(std::string_view bytes);
[[nodiscard]] xsr::Record decode_record(std::string_view bytes);
[[nodiscard]] xsr::Enterprise decode_enterprise(std::string_view bytes);
[[nodiscard]] xsr::Origin decode_origin(std::string_view bytes);
[[nodiscard]] Intervals decode_intervals(std::string_view bytes);

// The item of an entry of kind shared, and its entry. An erased one has a hash instead of id,
// payload and salt.
[[nodiscard]] std::optional<StoredItem> item_of(const engine::Entry& entry);
[[nodiscard]] std::optional<LinkedItem> item_of(const engine::SharedEntry& entry);

// As it goes up: without the order and digest that the hub gives, and without `after`, which is
// of the log at the time of sending.
[[nodiscard]] xsr::Item as_made(xsr::Item item);
[[nodiscard]] engine::Arrived to_entry(const StoredItem& stored);
// 32 hexadecimal digits: a salt, a key of digests.
[[nodiscard]] std::string random_digits(Random& random);

}  // namespace hansa::shared_log
