#pragma once
// The node module's parts, by file: people.cpp (what our people ask), incoming.cpp (what the hub
// sends), acts.cpp (operations and erasures), sending.cpp (followers), offering.cpp (what a hub
// lost long ago), standing.cpp (the start of a link), lanes.cpp (directed and droppable frames).
// Private to modules/shared-rooms.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "modules/shared-log/both_sides.h"
#include "modules/shared-log/frames.h"
#include "modules/shared-log/log.h"
#include "modules/shared-log/rights.h"
#include "modules/shared-rooms/shared_rooms.h"

namespace hansa::shared_rooms {

using engine::Position;
using engine::RoomTurn;
using engine::ServiceTurn;
using shared_log::SharedLog;
namespace xsr = xep_shared_rooms;

inline constexpr std::string_view kGroupHub = "hub";
inline constexpr std::string_view kGroupPeople = "people";
inline constexpr std::string_view kBehind = "behind";
inline constexpr std::string_view kPage = "page";
inline constexpr std::string_view kAnew = "anew";
inline constexpr std::string_view kOffer = "offer";

// Positions of this log that are to be offered yet.
struct Offer {
  Position next = 0;
  Position last = 0;
};
[[nodiscard]] std::optional<Offer> read_offer(std::string_view text);

// To the hub: what is in this log and has no order.
class ToHub final : public engine::LinkDelivery {
 public:
  explicit ToHub(const Settings& settings) : settings_(settings) {}
  [[nodiscard]] std::optional<engine::Encoded> encode_shared(const engine::RoomState& room,
                                                             const engine::SharedEntry& entry,
                                                             bool late) const override;

 private:
  const Settings& settings_;
};

// To our own people: messages, and that one was refused.
class ToPeople final : public engine::Delivery {
 public:
  [[nodiscard]] std::optional<engine::Encoded> encode(const engine::RoomState& room,
                                                      const engine::Entry& entry,
                                                      bool late) const override;
};

// What this node alone keeps of a room, as notes: since where each of our people is a member
// («own/<jid>»), lanes («lane/…»). The rest is forgotten with the room.
class Here final : public engine::Facet {
 public:
  void apply(const engine::Entry&) override {}
  void apply_note(std::string_view key, const std::optional<std::string>& value) override;
  std::map<std::string, Position, std::less<>> own;
  std::map<std::string, std::string, std::less<>> lanes;  // notes «lane/…», as they are
  // Note «page»: version of the newest page of the list, since the last welcome: what came with it
  // cannot be undone.
  xsr::Version page;
  // Note «behind»: a welcome told the end of the history, and what lies before it is still to come.
  bool behind = false;
  // That welcome was taken in this time in memory, or the hub began anew to send what is left:
  // nothing that came after it was lost since.
  bool in_line = false;
  // Of what comes after it: the next, if the hub said which is the first.
  std::optional<xsr::Version> next;
  std::optional<xsr::Version> next_stood;  // when it was last looked
  std::uint64_t fetch = 0;                 // id of our fetches since then

  bool ack_due = false;
  xsr::Version has;        // that is to be acknowledged
  std::uint64_t life = 0;  // of this object: drawn when it is needed
  bool armed = false;
  bool out = false;    // the hub has no list for us: we left
  Position stood = 0;  // first unordered, when it was last looked
  // «have, again» is under way: from where we stand, or (after it) from the beginning.
  bool asked = false;
  bool asked_anew = false;
  bool doubted = false;  // note «anew»: it is asked from the beginning until there is a welcome
  std::uint64_t offered = 0;   // epoch for which all is offered
  std::optional<Offer> offer;  // note «offer»: of more than is remembered
  bool made_again = false;     // the hub was asked to make the room once more
  // Of these the hub has not said yet that it has them; what is to be noted when it has.
  std::map<xsr::Origin, shared_log::Pending> offering;
  std::size_t offering_stood = 0;  // so many, when it was last looked
  Offer offered_to;
  std::set<std::uint64_t> resynced;  // epochs in which a digest differed, and was not equal since
  std::map<std::string, std::map<std::string, std::string>> present;  // link → JID → presence
};

// The right is judged by the list, where that is of the act's place in the order.
enum class Judged : std::uint8_t { signature, all };

struct SharedRooms::Parts {
  explicit Parts(Settings given);

  Settings settings;
  Counts counts;
  std::uint64_t incarnation = 0;
  bool up = false;         // the link
  bool hello_due = false;  // once more, in a while
  std::string public_key;  // ours
  ToHub to_hub;
  ToPeople to_people;
  std::vector<std::uint8_t> differ;                 // buckets of the present hello
  std::map<std::string, std::set<xmpp::Jid>> seen;  // link → rooms in which its people are present
  // When the hub was asked: for rooms that are not here, or not there; for the end of a time,
  // first.
  std::map<xmpp::Jid, MonoTime> asked_for;
  std::map<xmpp::Jid, MonoTime> ends_asked;
  // Lanes (room, to, incarnation) whose receiver said a last number after which we have the next no
  // more, and when it said so first. Not in the room: that may leave memory meanwhile.
  using LaneName = std::tuple<xmpp::Jid, std::string, std::uint64_t>;
  std::map<LaneName, std::pair<std::uint64_t, MonoTime>> lacks;

  void ready(engine::Turn& turn);  // draws the incarnation
  void send(engine::Turn& turn, const xsr::Frame& frame) const;
  [[nodiscard]] bool ours(std::string_view jid) const;

  // people.cpp
  void on_message(RoomTurn& turn, const xmpp::Stanza& stanza);
  void on_create(RoomTurn& turn, const xmpp::Stanza& stanza);
  void on_created(ServiceTurn& turn, const xsr::Created& created) const;
  void on_admin(RoomTurn& turn, const xmpp::Stanza& stanza);
  [[nodiscard]] Status may_write(RoomTurn& turn, std::string_view jid) const;
  void say(RoomTurn& turn, xsr::Item item);
  [[nodiscard]] xsr::Item own_item(RoomTurn& turn, std::string_view kind, std::string payload);

  // welcomes.cpp
  void on_welcome(RoomTurn& turn, const xsr::Welcome& welcome);
  void on_list(RoomTurn& turn, const xsr::List& list);
  void said_of_before(RoomTurn& turn, const xsr::Version& order);
  [[nodiscard]] bool lost_place(RoomTurn& turn);
  [[nodiscard]] bool may_tell_order(RoomTurn& turn, const xsr::Version& order) const;
  [[nodiscard]] bool follows(RoomTurn& turn, const xsr::Item& item);
  [[nodiscard]] bool lacks_end(RoomTurn& turn);
  void time_begins(RoomTurn& turn, const xsr::Welcome& welcome);
  [[nodiscard]] bool is_unasked(RoomTurn& turn, const xsr::Welcome& welcome) const;
  void ask_for_room(RoomTurn& turn, const xsr::Entry& frame);
  [[nodiscard]] bool may_ask_for(RoomTurn& turn);
  void resync(RoomTurn& turn, const std::string& why);
  void ask_anew(RoomTurn& turn);

  // incoming.cpp
  void on_entry(RoomTurn& turn, const xsr::Entry& frame);
  void on_ordered(RoomTurn& turn, const xsr::Ordered& frame);
  void on_problem(RoomTurn& turn, const xsr::Problem& problem);
  void take_epoch(RoomTurn& turn, const xsr::Item& item);
  void take(RoomTurn& turn, const xsr::Item& item, Position erased);
  void moved(RoomTurn& turn, const std::string& digest);

  // acts.cpp
  [[nodiscard]] Status judge(const SharedLog& log, const shared_log::Pending& act,
                             Judged what) const;
  [[nodiscard]] bool wrong(RoomTurn& turn, const shared_log::Pending& act,
                           const xsr::Version& order);
  void acted(RoomTurn& turn, const shared_log::Pending& act, Position erased);
  void on_moderate(RoomTurn& turn, const xmpp::Stanza& stanza);

  // sending.cpp
  void on_loaded(RoomTurn& turn);
  void on_room_link(RoomTurn& turn, bool loaded);
  void on_again(RoomTurn& turn);
  void on_retry(RoomTurn& turn);
  bool look(RoomTurn& turn);
  void on_ack(RoomTurn& turn, const std::string& life);
  void make_groups(RoomTurn& turn);
  void have_again(RoomTurn& turn);
  void fetch(RoomTurn& turn);
  void ack(RoomTurn& turn, const xsr::Version& version);
  void arm(RoomTurn& turn);
  void sync_cursor(RoomTurn& turn, bool anew);
  void waits(RoomTurn& turn);
  [[nodiscard]] bool has_to_tell(RoomTurn& turn) const;
  void settled(RoomTurn& turn);
  void caught_up(RoomTurn& turn, const xsr::Version& version);
  void offered(RoomTurn& turn);
  void update_person(RoomTurn& turn, const std::string& jid);
  void update_people(RoomTurn& turn);
  void write_index(RoomTurn& turn);

  // offering.cpp
  void offer_all(RoomTurn& turn);
  void create_again(RoomTurn& turn);
  void created_again(RoomTurn& turn);
  void offer_on(RoomTurn& turn);
  void on_offer(RoomTurn& turn);
  void offer_taken(RoomTurn& turn);
  void offer_ends(RoomTurn& turn);
  void offer_answered(RoomTurn& turn, const xsr::Origin& origin);

  // standing.cpp
  void on_link(ServiceTurn& turn, bool link_is_up);
  void send_rooms(ServiceTurn& turn, const std::string& after);
  void hello_again(ServiceTurn& turn);
  void on_clear(ServiceTurn& turn, const std::string& link);

  // lanes.cpp
  void say_to(RoomTurn& turn, const xmpp::Stanza& stanza);
  void on_directed(RoomTurn& turn, const xsr::Directed& directed);
  void on_directed_ack(RoomTurn& turn, const xsr::DirectedAck& ack);
  void send_lanes(RoomTurn& turn);
  void send_lane(RoomTurn& turn, const std::string& to, std::size_t on_way);
  void lane_lacks(RoomTurn& turn, const xsr::DirectedAck& acked);
  void lane_anew(RoomTurn& turn, const xsr::DirectedAck& acked);
  void on_presence(RoomTurn& turn, const xmpp::Stanza& stanza);
  void on_passing(RoomTurn& turn, const xsr::Passing& passing);
  void clear(RoomTurn& turn, const std::string& link);
};

[[nodiscard]] shared_log::Pending as_made(const SharedLog& log, const xsr::Item& item);
[[nodiscard]] bool has_lanes(const Here& here);
[[nodiscard]] std::optional<Position> erased_by(RoomTurn& turn, const shared_log::Pending& act);
[[nodiscard]] bool is_of_before(const SharedLog& log, std::uint64_t epoch);
// It is of this history, or of before the welcome with which ours begins.
[[nodiscard]] bool lies_behind(const SharedLog& log, const xsr::Version& order);
[[nodiscard]] std::string index_row(const RoomTurn& turn, const xsr::Point& point);
struct IndexRow {
  std::string address;
  xsr::Point point;
};
[[nodiscard]] IndexRow decode_row(std::string_view bytes);

}  // namespace hansa::shared_rooms
