#pragma once
// The public header of rooms (XEP-0045): the only one that other modules include. It owns member
// kinds, affiliations and roles, the state of a room, and the places where other modules take part
// in its decisions (Hooks). What a room does lives in one file per feature beside this one.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/rare.h"
#include "base/rare_text.h"
#include "base/result.h"
#include "engine/facet.h"
#include "engine/router.h"
#include "engine/turn.h"
#include "modules/rooms/applicant.h"
#include "modules/rooms/archived.h"
#include "modules/rooms/command.h"
#include "modules/rooms/extras.h"
#include "modules/rooms/listing.h"
#include "modules/rooms/member_list.h"
#include "modules/rooms/origins.h"
#include "modules/rooms/outward.h"
#include "modules/rooms/settings.h"
#include "modules/rooms/virtual_occupant.h"
#include "xep-spec/xep_0030_disco.h"
#include "xep-spec/xep_0050_commands.h"
#include "xmpp/jid.h"

namespace hansa::rooms {

enum class Role : std::uint8_t { none = 0, visitor = 1, participant = 2, moderator = 3 };  // §5.1

[[nodiscard]] std::string_view name_of(Affiliation affiliation);
[[nodiscard]] std::optional<Affiliation> affiliation_named(std::string_view name);
[[nodiscard]] std::string_view name_of(Role role);
[[nodiscard]] std::optional<Role> role_named(std::string_view name);

// Some of the roles (muc#roomconfig_presencebroadcast, _getmemberlist).
struct RoleSet {
  std::uint8_t bits = 0;
  [[nodiscard]] bool has(Role role) const {
    return role != Role::none && (bits >> static_cast<unsigned>(role) & 1U) != 0;
  }
  void add(Role role) { bits |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(role)); }
  bool operator==(const RoleSet&) const = default;
};
inline constexpr RoleSet kAllRoles{0b1110};

// Who may send private messages (muc#roomconfig_allowpm).
enum class MayWrite : std::uint8_t { anyone = 1, participants = 2, moderators = 3, none = 4 };

// Settings of a room (XEP-0045 §10.2); the fold of entries `created` and `settings`.
struct Config {
  std::string name;
  RareText description;
  RareText password;  // empty: none
  RareText lang;
  RareText pubsub;
  std::uint64_t max_occupants = 0;       // 0: the node's limit
  std::uint64_t max_rooms = 0;           // that may be members; 0: the node's default
  std::uint64_t slow_mode_s = 0;         // XEP-0500; 0: none
  std::optional<std::uint64_t> history;  // at most so many messages of it at a join
  bool persistent = true;
  bool listed = true;  // muc#roomconfig_publicroom
  bool members_only = false;
  bool moderated = false;
  bool nonanonymous = false;   // muc#roomconfig_whois = anyone
  bool change_subject = true;  // occupants may, not only moderators
  bool allow_invites = true;
  bool members_invite = false;  // members into a members-only room: who is invited is a member
  MayWrite allow_pm = MayWrite::anyone;
  Outward outward;
  RoomsMay rooms_may = RoomsMay::speak;
  bool forward_mentions = false;  // XEP-0452
  // Whose presence is shown to all; that of the others only to themselves and to moderators.
  RoleSet broadcast = kAllRoles;
  // Who may see the member list, besides owners and admins; in a non-anonymous room members may.
  RoleSet member_list;
  bool registration = true;  // people may ask to become members (§7.10)
  bool logging = false;      // its talk is published; only shown (170, §7.2.12)
  // Created, and not configured yet: nobody else may enter (§10.1.1).
  bool locked = false;
  // A conversation of an acting room (protocol §4): not listed, found by those with a right only,
  // judged by act-as.
  bool conversation = false;
};

// One client that is in the room; a note, so that it survives a crash (protocol §2).
struct Session {
  xmpp::Jid jid;  // full
  std::string nick;
  Role role = Role::participant;
  Affiliation granted = Affiliation::none;  // by a join hook; shown if the list has none
  std::string presence;                     // its payload as we pass it on; late note
  WallTime seen;                            // when that presence came
  bool versions = false;                    // it keeps the member list by versions (XEP-0463)
  bool lagging = false;  // after a restart it is to be sent everything from `first` on
  // It came in while presence was reduced: it sees moderators only, and only they see it (views.h).
  bool apart = false;
  engine::Position first = 0;  // of its history at the join
  engine::Position until = 0;  // end of that history
};

// What a message or subject entry says. Written and read by rooms only; act-as reads it to build
// what goes to the peer.
struct Message {
  std::string nick;
  std::string occupant_id;
  std::string stanza_id;   // ours, for life (XEP-0359)
  std::string id;          // attribute of the stanza as it came; the reflection has the same
  std::string origin_id;   // XEP-0359; empty: none
  std::string lang;        // xml:lang of the stanza
  std::string content;     // children of <message/>, cleaned, written with kClient as default
  bool from_peer = false;  // a virtual occupant said it
  bool from_room = false;  // the room itself: no nick
  bool internal = false;   // stays in this conversation: nothing of it goes to the peer
  bool over = false;       // he may correct and take back what others said as the room
  WallTime said;           // when, if that was before it came to us; 0: then
  // Said in another room first: where it comes from, and by which rooms it went (act_as_rooms.h).
  std::string origin;
  std::vector<std::string> path;
  engine::Position retracts = 0;  // of a retraction: what it took back, in this log
  xmpp::Jid speaker;      // local part: the true speaker's full JID; empty for virtual ones
  std::string tombstone;  // local part, of a retraction: what is left of what it took back
};
[[nodiscard]] Message read_message(const engine::Entry& entry);
// Without its local part: no speaker, no tombstone.
[[nodiscard]] Message read_message(const engine::SharedEntry& entry);

class Recent;

// The state of a room. Members, config and subject are folds of entries, sessions of notes.
class Room final : public engine::Facet {
 public:
  Room();
  ~Room() override;
  [[nodiscard]] const Config& config() const { return config_; }
  [[nodiscard]] const xmpp::Jid& creator() const { return creator_; }  // bare
  [[nodiscard]] const MemberList& members() const { return members_; }
  [[nodiscard]] Affiliation affiliation(const xmpp::Jid& who) const;  // by bare JID
  // Bare JIDs of the members that are rooms.
  [[nodiscard]] const std::set<std::string, std::less<>>& rooms() const { return *rooms_; }
  // As it is shown: a join hook may have granted one to this session.
  [[nodiscard]] Affiliation affiliation(const Session& session) const;
  [[nodiscard]] const std::map<std::string, Session>& sessions() const { return *sessions_; }
  [[nodiscard]] const Session* session(const xmpp::Jid& full) const;
  // Sessions under that nick: several if one person has several clients (XEP-0045 §7.2.8).
  [[nodiscard]] std::vector<const Session*> occupant(std::string_view nick) const;
  [[nodiscard]] const std::set<const Session*>& moderators() const { return *moderators_; }
  [[nodiscard]] std::size_t lagging() const { return lagging_; }  // how many sessions are
  [[nodiscard]] std::size_t apart() const { return apart_; }
  [[nodiscard]] std::size_t occupants() const { return nicks_ + virtuals_->size(); }  // nicks
  [[nodiscard]] const Listing& listing() const { return listing_; }
  // Bare address of the member who has reserved that nick; empty: nobody.
  [[nodiscard]] std::string_view reserved_by(std::string_view nick) const;
  [[nodiscard]] bool present(const xmpp::Jid& bare) const;
  // Last entry that the host took for a client of that person, as of his last leave (protocol §3).
  [[nodiscard]] std::optional<engine::Position> cursor(const xmpp::Jid& bare) const;
  // All of them, by bare JID: who was in since when.
  [[nodiscard]] const std::map<std::string, engine::Position, std::less<>>& cursors() const {
    return *cursors_;
  }
  [[nodiscard]] const std::map<std::string, VirtualOccupant>& virtuals() const {
    return *virtuals_;
  }
  [[nodiscard]] const engine::EntryPtr& subject() const { return subject_; }  // null: never set
  // By bare JID; answered ones until they expire.
  [[nodiscard]] const std::map<std::string, Application>& applications() const {
    return *applications_;
  }
  [[nodiscard]] Extras& extras() { return extras_; }
  [[nodiscard]] const Extras& extras() const { return extras_; }
  // Origins of the newest messages that came from other rooms: those in the index may not be
  // there yet. No part of the fold.
  [[nodiscard]] std::vector<std::string>& fresh_origins() { return fresh_origins_.use(); }
  // Messages of the last minutes by id and sender: for repeats and bounces. No part of the fold.
  [[nodiscard]] Recent& recent();
  [[nodiscard]] const Recent& recent() const;

  void apply(const engine::Entry& entry) override;
  void apply_note(std::string_view key, const std::optional<std::string>& value) override;
  void collect_records(std::vector<storage::Change>& out) override;
  void rest(WallTime now) override;
  void apply_record(std::string_view key, std::string_view value) override;

 private:
  void apply_member(const engine::Entry& entry);
  void clear();
  void set_member(std::string_view bare, const Member& member);
  void erase_member(std::string_view bare);
  void apply_session(std::string_view full, const std::optional<std::string>& value);
  void list_session(const Session& session, bool listed);
  Config config_;
  xmpp::Jid creator_;
  MemberList members_;
  // Most rooms in memory are idle, and have none of these.
  Rare<std::set<std::string, std::less<>>> rooms_;
  Rare<std::vector<std::string>> fresh_origins_;
  Rare<std::map<std::string, std::string, std::less<>>> reserved_;  // nick → bare JID
  Rare<std::map<std::string, Session>> sessions_;                   // by full JID
  Rare<std::multimap<std::string, const Session*, std::less<>>> by_nick_;
  Rare<std::set<const Session*>> moderators_;
  std::uint32_t lagging_ = 0;
  std::uint32_t apart_ = 0;
  bool has_config_ = false;  // from its entry or a record: a conversation's is in a note
  std::size_t nicks_ = 0;
  Listing listing_;
  Rare<std::map<std::string, VirtualOccupant>> virtuals_;               // by key
  Rare<std::map<std::string, engine::Position, std::less<>>> cursors_;  // by bare JID
  Rare<std::map<std::string, Application>> applications_;
  engine::EntryPtr subject_;
  std::unique_ptr<Recent> recent_;  // null: none
  Extras extras_;
  Rare<std::set<std::string>> dirty_;  // record keys changed since collected
};

// For the engine's list of facets.
[[nodiscard]] std::unique_ptr<engine::Facet> make_room_facet();

// --- taking part in a room's decisions ----------------------------------------------------------

struct JoinRequest {
  xmpp::Jid who;  // full
  std::string nick;
  std::string password;
};
struct Speech {
  xmpp::Jid who;
  const xmpp::Stanza* stanza = nullptr;
};
// What a rule says. `pass`: the next rule decides. `wait`: a read was asked.
struct Verdict {
  enum class Kind : std::uint8_t { pass, allow, deny, wait } kind = Kind::pass;
  Error error;         // deny
  std::string detail;  // deny: application condition inside the error; allow: added to the message
  bool internal = false;                        // allow, of a message: as in Message
  bool over = false;                            // the same
  Role role = Role::none;                       // allow, at a join: the role; none: by affiliation
  Affiliation affiliation = Affiliation::none;  // allow, at a join: shown if the list has none
  static Verdict pass() { return {}; }
  static Verdict allow(Role role = Role::none, Affiliation affiliation = Affiliation::none) {
    Verdict v;
    v.kind = Kind::allow;
    v.role = role;
    v.affiliation = affiliation;
    return v;
  }
  static Verdict deny(Error error, std::string detail = {}) {
    Verdict v;
    v.kind = Kind::deny;
    v.error = std::move(error);
    v.detail = std::move(detail);
    return v;
  }
  static Verdict wait() {
    Verdict v;
    v.kind = Kind::wait;
    return v;
  }
};

// Called in the order given; the first that does not pass decides, before the rooms' own rules.
struct Hooks {
  std::vector<std::function<Verdict(engine::RoomTurn&, const RoomRequest&)>> room_request;
  std::vector<std::function<Verdict(engine::RoomTurn&, const JoinRequest&)>> join;
  std::vector<std::function<Verdict(engine::RoomTurn&, const Speech&)>> speak;
  // A message of an occupant was passed on to those who are in, and is not kept.
  std::vector<std::function<void(engine::RoomTurn&, const xmpp::Stanza&)>> passing;
  // A private message to a speaker from outside: true if it was taken (or a read was asked).
  std::vector<
      std::function<bool(engine::RoomTurn&, const xmpp::Stanza&, const VirtualOccupant& to)>>
      private_message;
  // A message or subject of an occupant was appended at that position.
  std::vector<std::function<void(engine::RoomTurn&, engine::Position)>> accepted;
  // The room is destroyed (before the entry: what it knows is still there).
  std::vector<std::function<void(engine::RoomTurn&)>> destroyed;
  // The room's settings changed (after the entry).
  std::vector<std::function<void(engine::RoomTurn&, const Config& before)>> configured;
  // Its card, avatar included, changed (after the entry).
  std::vector<std::function<void(engine::RoomTurn&)>> card_set;
  // A member was added, changed or removed (after the entry).
  std::vector<std::function<void(engine::RoomTurn&, const xmpp::Jid& bare)>> member_changed;
  // Adds what a room says of itself by disco#info, to one who may know of it.
  std::vector<
      std::function<void(const engine::RoomState&, const xmpp::Jid& asker, xep_0030::Info&)>>
      disco;
};

// What somebody may know of what was said, in the room or not.
struct Reading {
  Verdict verdict;              // allow, deny or wait
  bool real_addresses = false;  // he is shown the speakers' (XEP-0045 §4.2, room types)
};

// The module. Owns nothing durable; one object for all rooms.
class Rooms {
 public:
  Rooms(const Settings& settings, Hooks& hooks);
  ~Rooms();
  Status add_to(engine::Router& router);
  // At the rooms domain.
  [[nodiscard]] std::vector<Command> commands() const;

  // --- for other modules ---
  // Appends `created` with these settings and members. The room must not exist.
  void create(engine::RoomTurn& turn, const xmpp::Jid& owner, const Config& config,
              const std::map<std::string, Member>& members) const;
  // A message of a virtual occupant, whose presence is shown before its first one. `content` is
  // cleaned by the caller. Returns its position.
  engine::Position say_as(engine::RoomTurn& turn, const VirtualOccupant& who, std::string id,
                          std::string content, WallTime said) const;
  // The same for what is not kept (a chat state); whoever never spoke is not shown by it.
  void pass_as(engine::RoomTurn& turn, const VirtualOccupant& who, std::string content) const;
  void subject_as(engine::RoomTurn& turn, const VirtualOccupant& who, std::string id,
                  std::string subject) const;
  // He took back what he said in `target`, in a message of his with that content.
  void retract_as(engine::RoomTurn& turn, const VirtualOccupant& who, const engine::Entry& target,
                  std::string id, std::string content) const;
  // A moderator where it was said took it back; `by`: a virtual occupant's key, if he is known.
  void moderate_as(engine::RoomTurn& turn, const engine::Entry& target, std::string_view by,
                   std::string reason) const;
  // Occupant-id of the virtual occupant with that key.
  [[nodiscard]] std::string id_of(const engine::RoomState& room, std::string_view key) const;
  // The virtual occupant is gone (left its room).
  void remove_virtual(engine::RoomTurn& turn, std::string_view key) const;
  // A line of the room itself: `logged` in the log and to whoever comes later; else only to those
  // who are in.
  void notice(engine::RoomTurn& turn, std::string_view text, bool logged,
              std::string content = {}) const;
  // A message to an identity: takes it if the address is that of a question which a room has asked
  // (ask-…, protocol §3). False: it is none.
  static bool take_question(engine::RoomTurn& turn, const xmpp::Stanza& message);
  // His right in this room changed (in a conversation: his right in its acting room): his clients
  // here get that role and affiliation; without a role they are put out, with 321.
  void set_right(engine::RoomTurn& turn, const xmpp::Jid& bare, Role role,
                 Affiliation affiliation) const;
  // The room is over, for that reason.
  void destroy(engine::RoomTurn& turn, std::string_view reason) const;
  // A message of an occupant who need not be joined (an ad-hoc command's first message).
  engine::Position say(engine::RoomTurn& turn, const xmpp::Jid& speaker, std::string_view nick,
                       std::string content, bool internal = false) const;

  // Whether he may read this room's archive.
  [[nodiscard]] Reading may_read(engine::RoomTurn& turn, const xmpp::Jid& who) const;

  class Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

// Names of the groups of sessions (engine/follower.h): on the host's link, and of identities of
// this node, who are in as anybody (a room is a follower of its own, member_rooms.h).
inline constexpr std::string_view kSessions = "sessions";
inline constexpr std::string_view kOwnSessions = "sessions/own";

// Topics of what the operator has done (engine::Passed). Params: «reply», and
inline constexpr std::string_view kOperatorCreate = "rooms:create";    // owner, muc#roomconfig_…
inline constexpr std::string_view kOperatorDestroy = "rooms:destroy";  // reason, venue
inline constexpr std::string_view kOperatorMember =
    "rooms:member";  // who, affiliation, nick, reason

// Topic of a question about a room: what others may know of it, and what the actor is to it.
inline constexpr std::string_view kAsk = "rooms:info";
struct Info {
  std::string name;
  std::string description;
  std::string lang;
  xmpp::Jid creator;
  Affiliation affiliation = Affiliation::none;  // of the actor
  bool listed = false;
  bool members_only = false;
  bool moderated = false;
  bool nonanonymous = false;
  bool password = false;
  bool persistent = true;
  bool conversation = false;
  Outward outward;
  std::size_t members = 0;
  std::size_t occupants = 0;
};
[[nodiscard]] std::string answer_info(const engine::RoomState& state, const xmpp::Jid& actor);
[[nodiscard]] Info read_info(const engine::Answer& answer);
// Index: member/<bare JID>/<room's address> → affiliation. Keys of all rooms of that member.
[[nodiscard]] std::string member_key(const xmpp::Jid& bare, const xmpp::Jid& room);
[[nodiscard]] std::pair<std::string, std::string> member_range(const xmpp::Jid& bare);

}  // namespace hansa::rooms
