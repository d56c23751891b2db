#pragma once
// «Shared Rooms» (shared-rooms.xml): the frames between a node and its hub. A frame is the one
// payload of a message from link domain to hub domain or back; room addresses travel inside.
// Parsing refuses what is over a bound or not as the document says (bad_request); what a later
// format adds as attributes or children is passed over. What is written parses to the same value.

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "xmpp/element.h"
#include "xmpp/jid.h"
#include "xmpp/writer.h"

namespace hansa::xep_shared_rooms {

inline constexpr std::string_view kNs = "urn:xmpp:shared-rooms:0";
inline constexpr std::uint32_t kFormat = 1;  // of frames and items, as this code writes them

// --- what is ordered ----------------------------------------------------------------------------

// The hub's order. Epochs grow within one history of a room and are never used twice: the number
// of the epoch in the upper half, random bits in the lower. {0, 0} is before everything.
struct Version {
  std::uint64_t epoch = 0;
  std::uint64_t sequence = 0;
  auto operator<=>(const Version&) const = default;
};

// Who made an item, for good. Numbers are dense, from 1, within one room and incarnation.
struct Origin {
  std::string link;  // link domain of the enterprise; the hub's domain for what the hub made
  std::uint64_t incarnation = 0;
  std::uint64_t number = 0;
  auto operator<=>(const Origin&) const = default;
};

// A place in a history: the version and the chain hash there.
struct Point {
  Version version;
  std::string chain;  // 32 lower-case hexadecimal digits; empty at version {0, 0}
  auto operator<=>(const Point&) const = default;
};

// Kinds of items of this format. Others are carried and stored as they are.
inline constexpr std::string_view kKindEpoch = "epoch";            // hub: payload Epoch
inline constexpr std::string_view kKindEnterprise = "enterprise";  // hub: payload Enterprise
inline constexpr std::string_view kKindMessage = "message";
inline constexpr std::string_view kKindOperation = "operation";  // payload Operation
inline constexpr std::string_view kKindErasure = "erasure";      // payload Erasure
inline constexpr std::string_view kKindRefused = "refused";      // hub: in place of what it refused
inline constexpr std::string_view kKindGap = "gap";              // hub: numbers that nobody has

struct Item {
  std::string kind;
  std::uint32_t format = kFormat;
  bool must_understand = false;
  Origin origin;
  std::optional<Origin> after;  // of the same enterprise: what stands before it in its node's log
  WallTime stamp;               // the origin's
  std::string id;               // random; the stanza's id and stanza-id everywhere
  std::string payload;          // XML of the kind
  std::string salt;             // 32 hexadecimal digits, random: hashes do not tell short payloads
  std::string hash;             // erased: payload_hash(), 64 digits; id, payload, salt are gone
  Version order;                // {0, 0}: none yet
  std::string digest;           // hub, operations: of the list after it, in this epoch's key
  bool operator==(const Item&) const = default;
};

struct Epoch {
  std::uint64_t epoch = 0;
  std::string key;  // of the digests: 32 hexadecimal digits
  Point follows;
  bool operator==(const Epoch&) const = default;
};

// From this item on the enterprise takes part, with these domains and this key.
struct Enterprise {
  std::string link;
  std::vector<std::string> domains;
  std::string key;  // Ed25519, 64 hexadecimal digits
  std::uint32_t format = kFormat;
  bool operator==(const Enterprise&) const = default;
};

// One member's affiliation is set: owner, admin, member, outcast, none.
struct Operation {
  std::string jid;  // bare
  std::string affiliation;
  std::string kind = "person";  // person, room, enterprise
  std::string actor;            // bare JID
  Version previous;             // of the list that the actor saw
  std::string signature;        // 128 hexadecimal digits, over signed_bytes()
  bool operator==(const Operation&) const = default;
};
// What was said in one message is erased, at every party.
struct Erasure {
  Origin erased;          // of that message
  std::string id;         // the same one's
  std::string actor;      // bare JID
  std::string signature;  // 128 hexadecimal digits, over signed_bytes()
  bool operator==(const Erasure&) const = default;
};
struct Refused {
  std::string condition;
  std::string text;
  bool operator==(const Refused&) const = default;
};
// Items of that enterprise and incarnation, first to last: lost at every party.
struct Gap {
  Origin first;
  std::uint64_t last = 0;
  bool operator==(const Gap&) const = default;
};

// A member's record: its last operation, and the order of that. Affiliation none: a tombstone.
struct Record {
  Operation operation;
  Origin origin;
  Version order;
  bool operator==(const Record&) const = default;
};

// --- frames -------------------------------------------------------------------------------------

struct Hello {
  std::string link;  // who says it
  std::uint64_t incarnation = 0;
  std::uint32_t format_from = kFormat;
  std::uint32_t format_to = kFormat;
  std::string key;            // of a node
  std::string buckets;        // of a node: 256 × 16 hexadecimal digits
  std::uint64_t answers = 0;  // of the hub: the incarnation that said hello
  bool operator==(const Hello&) const = default;
};
// Hub, on a node's hello: buckets that differ, in order.
struct Differ {
  std::vector<std::uint8_t> buckets;
  bool operator==(const Differ&) const = default;
};
// Node: how it stands in its rooms of the differing buckets, by log id, those in (after, upto].
struct Standing {
  xmpp::Jid room;
  std::string log;
  Point point;
  bool operator==(const Standing&) const = default;
};
struct Rooms {
  std::string after;
  std::string upto;  // empty: to the end
  std::vector<std::uint8_t> buckets;
  std::vector<Standing> rooms;
  bool operator==(const Rooms&) const = default;
};
// Hub: the page up to there is dealt with; the next one, please.
struct Next {
  std::string after;
  bool operator==(const Next&) const = default;
};

// An item, up (made or offered by a node) or down (ordered). `welcome`: the receiver takes part
// from here on, or begins anew: its list is to be fetched.
struct Entry {
  xmpp::Jid room;
  std::string log;
  Item item;
  std::uint64_t trace = 0;  // of the event that it comes from, for operators' logs; 0: none
  bool operator==(const Entry&) const = default;
};
// Hub: the order of an item that its receiver made; {0, 0}: it has one, which the receiver missed.
struct Ordered {
  xmpp::Jid room;
  std::string log;
  Origin origin;
  Version order;
  std::string digest;
  bool operator==(const Ordered&) const = default;
};
// Node: has everything up to there, durably. `again`: send what follows again; `past` are the ends
// of earlier epochs in this node's history, newest first, to find what both have.
struct Have {
  xmpp::Jid room;
  std::string log;
  Point point;
  bool again = false;
  std::uint64_t incarnation = 0;  // of the node: one that is gone acknowledges nothing
  std::vector<Point> past;
  bool absent = false;  // of the node: it has no such room
  bool operator==(const Have&) const = default;
};
// Hub: send again what was not ordered yet.
struct Again {
  xmpp::Jid room;
  std::string log;
  bool operator==(const Again&) const = default;
};
// Node: all that it has past the point that this epoch follows is sent (and was ordered).
struct Offered {
  xmpp::Jid room;
  std::string log;
  std::uint64_t epoch = 0;
  bool operator==(const Offered&) const = default;
};
// Hub: the receiver takes part in this room from `point` on (or begins anew there).
struct Welcome {
  xmpp::Jid room;
  std::string log;
  Point point;
  std::string key;  // of the epoch's digests
  std::vector<Enterprise> enterprises;
  bool anew = false;              // told beside the log: items of before that point come after it
  std::optional<Version> from{};  // the first of these
  // Not anew, and the enterprise took part before: the last for it of that time.
  std::optional<Version> after{};
  bool operator==(const Welcome&) const = default;
};
// Node: asks for records after `after` (by JID). `id`: returned with the page; 0: none. `stands`:
// where it stands; a hub that was never there has another history, and no page for it.
struct Fetch {
  xmpp::Jid room;
  std::string log;
  std::string after;
  std::uint64_t id = 0;
  std::optional<Version> stands{};
  bool operator==(const Fetch&) const = default;
};
// Hub: a page of the list as of `version`. `complete`: the last one.
struct List {
  xmpp::Jid room;
  std::string log;
  std::string after;
  Version version;
  bool complete = false;
  std::string digest;
  std::vector<Record> records;
  std::uint64_t id = 0;
  bool operator==(const List&) const = default;
};
// Node: a room is to be created by this operation; hub: it is, or why not. `past`: the epoch in
// which the room stood when the hub lost it; 0: it is new.
struct Create {
  xmpp::Jid room;
  std::string log;
  std::string id;    // of the request, returned
  std::string user;  // full JID, returned
  Item item;
  std::uint64_t past = 0;
  bool operator==(const Create&) const = default;
};
struct Created {
  xmpp::Jid room;
  std::string log;
  std::string id;
  std::string user;
  std::string condition;  // empty: it is created
  bool operator==(const Created&) const = default;
};
// Either: a frame could not be dealt with.
struct Problem {
  std::string room;
  std::string condition;
  std::string text;
  bool operator==(const Problem&) const = default;
};
// From one enterprise to another, in a lane of its own; numbers are dense, from 1, in an
// incarnation.
struct Directed {
  xmpp::Jid room;
  std::string log;
  std::string from;  // link domains
  std::string to;
  std::uint64_t incarnation = 0;
  std::uint64_t number = 0;
  std::string payload;
  bool operator==(const Directed&) const = default;
};
struct DirectedAck {
  xmpp::Jid room;
  std::string log;
  std::string from;  // as in the frames that it acks
  std::string to;
  std::uint64_t incarnation = 0;
  std::uint64_t number = 0;
  bool operator==(const DirectedAck&) const = default;
};
// Droppable: presence, chat states. `link`: whose; set by the hub.
struct Passing {
  xmpp::Jid room;
  std::string link;
  std::string payload;
  bool operator==(const Passing&) const = default;
};
// Hub: what is known of the presence of that enterprise is void.
struct Clear {
  std::string link;
  bool operator==(const Clear&) const = default;
};
// A frame of a later format that may be passed over.
struct Unknown {
  std::string name;
  bool operator==(const Unknown&) const = default;
};

using Frame =
    std::variant<Hello, Differ, Rooms, Next, Entry, Ordered, Have, Again, Offered, Welcome, Fetch,
                 List, Create, Created, Problem, Directed, DirectedAck, Passing, Clear, Unknown>;

// Errors: bad_request; feature_not_implemented for an unknown frame that must be understood.
[[nodiscard]] Result<Frame> parse_frame(const xmpp::Element& element);
void write(xmpp::Writer& writer, const Frame& frame);
// The whole message.
[[nodiscard]] std::string to_message(std::string_view from, std::string_view to,
                                     const Frame& frame);

// Payloads of items, as XML. Errors of reading: bad_request.
[[nodiscard]] std::string to_payload(const Epoch& epoch);
[[nodiscard]] std::string to_payload(const Enterprise& enterprise);
[[nodiscard]] std::string to_payload(const Operation& operation);
[[nodiscard]] std::string to_payload(const Erasure& erasure);
[[nodiscard]] std::string to_payload(const Refused& refused);
[[nodiscard]] std::string to_payload(const Gap& gap);
[[nodiscard]] Result<Epoch> read_epoch(std::string_view payload);
[[nodiscard]] Result<Enterprise> read_enterprise(std::string_view payload);
[[nodiscard]] Result<Operation> read_operation(std::string_view payload);
[[nodiscard]] Result<Erasure> read_erasure(std::string_view payload);
[[nodiscard]] Result<Refused> read_refused(std::string_view payload);
[[nodiscard]] Result<Gap> read_gap(std::string_view payload);

// --- what the document fixes byte for byte ------------------------------------------------------

// The bytes that the signature of an operation covers, or of an erasure.
[[nodiscard]] std::string signed_bytes(std::string_view log, const Operation& operation,
                                       const Origin& origin);
[[nodiscard]] std::string signed_bytes(std::string_view log, const Erasure& erasure,
                                       const Origin& origin);
// What may be erased of an item, as bytes, and back (kind, format, must_understand, id, payload).
[[nodiscard]] std::string item_bytes(const Item& item);
void read_item_bytes(std::string_view bytes, Item& item);
// SHA-256 of salt and those bytes: stays when they are erased. 64 hexadecimal digits.
[[nodiscard]] std::string payload_hash(const Item& item);
// What an item is, whatever its order: 32 hexadecimal digits.
[[nodiscard]] std::string item_hash(const Item& item);
// The chain hash after an item of that hash and order, `before` being the one before it.
[[nodiscard]] std::string next_chain(std::string_view before, std::string_view log,
                                     const Version& order, std::string_view hash);
// A member record's bytes in the digest.
[[nodiscard]] std::string digest_bytes(const Record& record);

// Keyed homomorphic digest of a set: the wide sum of its elements' expansions.
class WideSum {
 public:
  void add(std::string_view key, std::string_view bytes);
  void subtract(std::string_view key, std::string_view bytes);
  [[nodiscard]] std::string text() const;  // 32 hexadecimal digits
  bool operator==(const WideSum&) const = default;

 private:
  std::array<std::uint32_t, 64> lanes_{};
};

// Buckets of a hello: the bucket of a log id, and one room's share of its bucket (shares are
// combined by exclusive or).
[[nodiscard]] std::uint8_t bucket_of(std::string_view log);
[[nodiscard]] std::uint64_t bucket_share(std::string_view log, const Version& version);

}  // namespace hansa::xep_shared_rooms
