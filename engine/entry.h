#pragma once
// An entry: one item of a room's log, the outcome of a decision and never the request (design §3).
// The shared part may be sent to other nodes; the local part (true speaker, real addresses of our
// own people) never leaves this one: who writes for a link is given a SharedEntry, which has none
// (LinkDelivery, follower.h). Layout of both: storage/format.md, «Entries».

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/result.h"
#include "storage/storage.h"

namespace hansa::engine {

using storage::Position;

// All kinds of this format, in one place; the number is on disk. Who folds a kind owns its fields.
enum class EntryKind : std::uint16_t {
  created = 1,        // rooms: the first entry of a room
  destroyed = 2,      // rooms: the last one
  message = 3,        // rooms: what is delivered and archived
  subject = 4,        // rooms
  member = 5,         // rooms: one affiliation changed
  settings = 6,       // rooms: the room's configuration changed
  letter = 7,         // engine: an obligation to another room (design idea 8)
  letter_closed = 8,  // engine: that obligation is done
  opened = 9,         // act-as: this room is a conversation with a peer
  peer_known = 10,    // act-as: the peer was found to be a person or a room
  peer_joined = 11,   // act-as: the acting room entered, left or lost the peer's room
  crossed = 12,       // act-as: what we sent was seen at the peer (its id there), or refused there
  conversation = 13,  // act-as: in the acting room: one of its conversations has news
  erased = 14,        // engine: the payload of an earlier entry was erased
  shared = 15,        // shared-log: an item of a shared room, with its origin and perhaps its order
  ordered = 16,       // shared-log: the order that the hub gave to an item that is here already
  list_page = 17,     // shared-log: records of the member list, as the hub has them
  welcomed = 18,      // shared-log: at a node: from here on it takes part (again)
  profile = 19,       // rooms: the room's card and avatar
  hats = 20,          // rooms: a hat was made, destroyed, given or taken
  right = 21,         // act-as: in the acting room: a member got the right to act or lost it
  talk = 22,          // act-as: a conversation was closed, blocked, muted, assigned, or not
  passed = 23,        // rooms: said in one of the room's conversations; for member rooms alone
};
inline constexpr EntryKind kLastEntryKind = EntryKind::passed;  // a kind past it is not understood

// Formats of the kinds that this build folds.
inline constexpr std::uint8_t kEntryFormat = 1;

struct SharedPart {
  std::string bytes;
};
struct LocalPart {
  std::string bytes;
};
// What came with its order, or follows from it: goes on links with it, and is not in the hash.
struct OrderPart {
  std::string bytes;
};

// Who made the entry, for good: repeats are judged by it (design §3, Ids).
struct Origin {
  std::string enterprise;         // its link domain; empty: this node
  std::uint64_t incarnation = 0;  // random at every start of a process
  std::uint64_t number = 0;       // counts from 1 within the incarnation
  auto operator<=>(const Origin&) const = default;
};

// Where the hub put it (design §3, Two numbers). Both 0: it has no order, or not yet.
struct Order {
  std::uint64_t epoch = 0;
  std::uint64_t sequence = 0;
  auto operator<=>(const Order&) const = default;
};

// All of an entry but its local part.
struct SharedEntry {
  Position position = 0;
  EntryKind kind = EntryKind::message;
  std::uint8_t format = kEntryFormat;
  bool must_understand = false;  // whoever does not know the kind may only read the room
  Origin origin;
  Order order;
  WallTime origin_stamp;
  WallTime stamp;  // local: never decreases within a log
  std::uint64_t trace = 0;
  Sha256 hash{};     // of salt and shared part: stays when they are erased
  std::string salt;  // random, so that the hash of a short payload does not tell it
  SharedPart shared;
  OrderPart ordered;
  bool erased = false;  // salt and all parts are gone
};
struct Entry : SharedEntry {
  LocalPart local;
};
using EntryPtr = std::shared_ptr<const Entry>;

// This build folds it: the kind is known, in a format that is.
[[nodiscard]] bool understood(const Entry& entry);
[[nodiscard]] Sha256 payload_hash(std::string_view salt, const SharedPart& shared);
// Takes salt and parts away; header and hash stay.
void erase_payload(Entry& entry);

// The shared part of an `erased` entry: whose payload is gone. Its local part is the position of
// that entry in this log, in decimal: positions are of one log, origins of all.
[[nodiscard]] std::string write_erased(const Origin& origin);
[[nodiscard]] Origin read_erased(std::string_view bytes);

[[nodiscard]] storage::Entry to_storage(const Entry& entry);
// Error: internal_server_error, when the bytes are not an entry, or its payload not what its header
// says.
[[nodiscard]] Result<Entry> from_storage(const storage::Entry& stored);

}  // namespace hansa::engine
