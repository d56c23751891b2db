#pragma once
// Every bound in one place, each with its reason. A bound that can be configured has its default
// here and its hard bound beside it. Bytes unless the name says otherwise.

#include <cstddef>
#include <cstdint>

namespace hansa::limits {

// --- XML from a host or client -----------------------------------------------------------------
// Over any of these a stanza is refused, and its stream goes on.
// Of a client Prosody and ejabberd take 256 KiB, of a server 512 KiB: less would refuse what they
// let in. What they pass on can be longer than any limit of theirs (a quote becomes &apos;, Prosody
// writes a namespace again at each use), so that no limit here could be left to them.
inline constexpr std::size_t kStanzaBytes = 512 * 1024;
// XHTML, data forms and forwarded archives stay below 20; deeper is an attack on recursion.
inline constexpr std::size_t kXmlDepth = 64;
// Expat's attribute table is quadratic when names collide; no XEP uses more than 20.
inline constexpr std::size_t kXmlAttributes = 128;
// One attribute: addresses are ≤ 3,071 bytes, hashes and URLs shorter than this.
inline constexpr std::size_t kXmlAttributeBytes = 16 * 1024;
// Expat copies a namespace for each attribute that has its prefix; none is over 100.
inline constexpr std::size_t kXmlNamespaceBytes = 1024;
inline constexpr std::size_t kXmlElements = 8192;  // of one stanza
// Expat keeps every name it ever saw; after so many bytes it is replaced between two stanzas.
inline constexpr std::size_t kXmlRenewBytes = 1024 * 1024;

// --- addresses (RFC 7622 §3) --------------------------------------------------------------------
inline constexpr std::size_t kJidPartBytes = 1023;
// Conversation localparts over this use the hashed form (protocol §4).
inline constexpr std::size_t kConversationLocalBytes = 512;

// --- rooms --------------------------------------------------------------------------------------
inline constexpr std::size_t kMembers = 100'000;     // default of [limits] members
inline constexpr std::size_t kInitialMembers = 200;  // default of [limits] initial_members
inline constexpr std::size_t kOccupants = 10'000;    // sessions in one room
// Occupants from which presence is reduced: default of [limits] reduced_presence. A join tells
// everybody below it, so that 1,000 joins are 1,000,000 stanzas; above it costs the same for each.
inline constexpr std::size_t kReducedPresence = 500;
inline constexpr std::size_t kSessionsPerUser = 32;  // of one bare JID in one room
inline constexpr std::size_t kNickBytes = 256;
inline constexpr std::size_t kSubjectBytes = 4096;
inline constexpr std::size_t kReasonBytes = 1024;
inline constexpr std::size_t kPresencePayloadBytes = 8192;
inline constexpr std::size_t kHistoryDefault = 20;  // entries at a join without <history/>
inline constexpr std::size_t kHistoryMax = 500;     // entries at any join
inline constexpr std::size_t kApplications =
    200;  // requests to join, waiting or answered, of one room
inline constexpr std::int64_t kApplication_ms = 14LL * 24 * 3600 * 1000;  // then they expire
inline constexpr std::size_t kRelays = 1000;       // requests between occupants on their way
inline constexpr std::int64_t kRelay_ms = 30'000;  // then the asker is told; clients wait as long
inline constexpr std::size_t kTailEntries =
    64;  // newest entries kept in memory, per room, at least
inline constexpr std::size_t kTailAtLoad = 256;  // the same, at most, and after loading (repeats)
inline constexpr std::size_t kRepeatMessages = 64;  // judged for repeats, per sender (protocol §2)
inline constexpr std::int64_t kRepeatWindow_ms = 10 * 60 * 1000;
inline constexpr std::int64_t kBounceWindow_ms = 10 * 60 * 1000;  // (session, id) → position
inline constexpr std::size_t kBounceIds = 4096;                   // of one room

// --- archive ------------------------------------------------------------------------------------
inline constexpr std::size_t kArchivePage = 50;       // messages, if no number is asked for
inline constexpr std::size_t kArchivePageMost = 100;  // whatever is asked for
inline constexpr std::size_t kArchivePageBytes = 1024 * 1024;  // then it ends after that message
inline constexpr std::size_t kArchiveReads = 16;   // pages of the log looked through for an answer
inline constexpr std::size_t kArchiveProbes = 16;  // entries read at once to find a time

// --- beside XEP-0045 ----------------------------------------------------------------------------
inline constexpr std::size_t kCardBytes =
    192 * 1024;                                       // a room's card: a photo of 128 KiB in base64
inline constexpr std::size_t kHats = 100;             // of one room
inline constexpr std::size_t kHatBytes = 512;         // of a title or a URI
inline constexpr std::size_t kHatsWorn = 20;          // by one person: all are in each presence
inline constexpr std::size_t kHatWearers = 1000;      // of one room
inline constexpr std::size_t kMentions = 10;          // in one message, that are forwarded
inline constexpr std::size_t kRemovedMembers = 1000;  // remembered, for those who knew them
inline constexpr std::size_t kMembersShown = 1000;    // in the table of a command
inline constexpr std::size_t kPageOccupants = 100;    // of a list of who is in
inline constexpr std::size_t kInvited = 200;          // of one room, that may still be declined
inline constexpr std::size_t kListPart = 100;         // of a member list, in one message
inline constexpr std::uint64_t kSlowMode_s = 86'400;  // at most: a message a day

// --- engine -------------------------------------------------------------------------------------
inline constexpr std::size_t kEventsPerLoadingRoom = 1024;  // waiting while a room is read
// What one room may do before the others have their turn: decide so many events, and repeat so many
// entries to those who are behind. A join's history is not cut by it.
inline constexpr std::size_t kEventsPerTurn = 64;
inline constexpr std::size_t kCatchUpPerTurn = 512;
inline constexpr std::size_t kBatchEntries = 1024;  // of one append
inline constexpr std::size_t kBatchBytes = 1024 * 1024;
inline constexpr std::size_t kReadPageBytes = 256 * 1024;
inline constexpr std::size_t kLoadedRooms = 20'000;  // more are evicted, least recent first
// Durable timers in memory: those due within that time, the nearest so many. The rest is on disk.
inline constexpr std::int64_t kTimersAhead_ms = 10 * 60 * 1000;
inline constexpr std::size_t kTimersHeld = 10'000;
// Without an event, then a room lets go of its newest entries: 256 of them are some 100 kB.
inline constexpr std::int64_t kRest_ms = 30'000;
inline constexpr std::size_t kReadsPerEvent = 16;        // rounds of Read/Loaded for one event
inline constexpr std::size_t kReadsPerService = 10'000;  // the same, of a service's request
// A follower further behind does not keep entries from being dropped: it is told, and starts anew.
inline constexpr std::uint64_t kFollowerBound = 100'000;
// Retention takes so many payloads in a turn, and the next ones after that time. When nothing is
// left, what comes of age is gathered; what followers still hold is looked at again after a while.
inline constexpr std::size_t kRetainedPerTurn = 256;
inline constexpr std::int64_t kRetainMore_ms = 1000;
inline constexpr std::int64_t kRetainAgain_ms = 10 * 60 * 1000;
inline constexpr std::int64_t kRetainHeld_ms = 3600 * 1000;
inline constexpr std::int64_t kLiveNote_ms = 1000;  // protocol §2: `live` at most this late
inline constexpr std::size_t kPathRooms = 16;       // protocol §4: path of a crossing entry

// --- acting as rooms -----------------------------------------------------------------------------
inline constexpr std::size_t kGrants = 1000;     // rights to act given in one room: kept in memory
inline constexpr std::size_t kPageItems = 50;    // of a list of conversations, or of acts
inline constexpr std::size_t kIdentities = 200;  // rooms judged for one query of identities
inline constexpr std::size_t kConversationsTold = 10'000;  // of one right that was taken away
inline constexpr std::size_t kCrossingIds = 64;            // ids at the peer kept per conversation
inline constexpr std::size_t kPendingCrossings = 1024;     // said, not yet seen at the peer's room
inline constexpr std::size_t kNewsRecipients = 500;        // invitations recorded in one entry
inline constexpr std::size_t kSubscribers = 10'000;        // to one identity's presence
inline constexpr std::uint32_t kPeerBurst = 30;            // messages of one peer at once
inline constexpr std::uint32_t kPeerPerSecond = 2;         // and for ever
inline constexpr std::int64_t kPeerAnswer_ms = 10'000;     // is the peer a person or a room?
inline constexpr std::int64_t kReflection_ms = 30'000;     // protocol §4: then "not delivered"
inline constexpr std::int64_t kStateHeld_ms = 60'000;      // a chat state or marker of an identity
inline constexpr std::int64_t kPeerSilence_ms = 10 * 60 * 1000;  // then a self-ping (XEP-0410)
inline constexpr std::int64_t kRejoinFirst_ms = 5'000;
inline constexpr std::int64_t kRejoinMax_ms = 10 * 60 * 1000;
inline constexpr std::int64_t kHistoryOverlap_ms = 60'000;  // clocks of two hosts differ
inline constexpr std::size_t kOriginBytes = 64;             // of an origin, a mark, a log's id
// How long after an entry its confirmation is asked of a member room's node, and how long waited.
inline constexpr std::int64_t kHeardAsk_ms = 1000;
inline constexpr std::int64_t kHeardAnswer_ms = 30'000;
inline constexpr int kMemberRoomCalls = 10;  // that it is out, and something waits: in 40 minutes
inline constexpr std::size_t kMemberRooms = 100;      // rooms that may be members of a room
inline constexpr std::size_t kMemberRoomsMax = 1000;  // and that its owner may allow at most
inline constexpr std::int64_t kMembershipAsk_ms = 30 * 60 * 1000;  // while an answer is waited for
inline constexpr std::size_t kMissedPage = 50;  // of what was missed in a peer's room, each time
inline constexpr std::size_t kHeldTalk = 500;   // live messages held while that is read

// --- shared rooms -------------------------------------------------------------------------------
inline constexpr std::size_t kLinkWindow = 64;      // items of a room in flight on a link
inline constexpr std::size_t kListPage = 100;       // records in a page of a member list
inline constexpr std::size_t kRoomsPage = 200;      // rooms in a page after a hello
inline constexpr std::size_t kSharedHistory = 256;  // newest ordered items that can be undone
// Origins of messages that were erased before they came: mostly they are of before an enterprise
// took part, and never come; what a restored hub is offered late is among the newest.
inline constexpr std::size_t kErasedUnseen = 1024;
inline constexpr std::size_t kPastEpochs = 32;     // named to find what both have
inline constexpr std::size_t kPastParts = 8;       // times in which an enterprise took part before
inline constexpr std::size_t kEnterprises = 1000;  // of a shared room
inline constexpr std::size_t kEnterpriseDomains = 100;
inline constexpr std::size_t kItemBytes = 256 * 1024;    // of an item's or directed frame's payload
inline constexpr std::size_t kPassingBytes = 8 * 1024;   // of what is kept by nobody
inline constexpr std::size_t kLaneItems = 256;           // not acknowledged, of one directed lane
inline constexpr std::size_t kLaneWindow = 32;           // in flight
inline constexpr std::size_t kLaneIncarnations = 8;      // of a sender, remembered by its receiver
inline constexpr std::size_t kLanesLacking = 4096;       // said once, of all rooms
inline constexpr std::size_t kPassingOccupants = 1000;   // remembered of one room
inline constexpr std::int64_t kLinkSilence_ms = 10'000;  // without progress: sent again

// --- attachments --------------------------------------------------------------------------------
// Above this many bytes waiting for the socket nothing new is admitted (requests: wait).
inline constexpr std::size_t kOutBufferBytes = 64 * 1024 * 1024;
inline constexpr std::size_t kEventQueue = 65'536;  // stanzas read but not yet decided
inline constexpr std::int64_t kHandshake_ms = 30'000;
inline constexpr std::int64_t kReconnectFirst_ms = 500;
inline constexpr std::int64_t kReconnectMax_ms = 30'000;
inline constexpr std::int64_t kKeepAlive_ms = 60'000;   // silence after which a link is pinged
inline constexpr std::int64_t kPingAnswer_ms = 60'000;  // a link silent longer is broken
inline constexpr std::int64_t kStopFlush_ms = 5'000;    // orderly stop waits this for sockets

// --- disk ---------------------------------------------------------------------------------------
inline constexpr std::uint64_t kFreeSpaceReserve = 64ULL * 1024 * 1024;
inline constexpr std::size_t kNoteBytes = 16 * 1024;

// --- admin socket -------------------------------------------------------------------------------
inline constexpr std::size_t kAdminRequestBytes = 64 * 1024;

static_assert(kBatchBytes > kStanzaBytes, "a batch holds at least one entry of any size");
static_assert(kReadPageBytes < kBatchBytes);
static_assert(2 * kCardBytes < kBatchBytes, "as an entry and as a key of the index");
static_assert(kItemBytes + 64 * 1024 < kStanzaBytes, "an item and what is around it is one stanza");
static_assert(kHistoryMax <= kCatchUpPerTurn, "a join's history is not cut");
static_assert(kHistoryDefault <= kHistoryMax);
static_assert(kConversationLocalBytes < kJidPartBytes);
static_assert(kReconnectFirst_ms < kReconnectMax_ms);

}  // namespace hansa::limits
