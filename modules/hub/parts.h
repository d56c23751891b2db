#pragma once
// The hub module's parts: what it knows of its links, and the handlers by file: hello.cpp,
// entries.cpp (what comes), items.cpp (order), sending.cpp (followers), passing.cpp (lists, lanes,
// presence). Private to modules/hub.

#include <map>
#include <memory>
#include <set>
#include <string>

#include "modules/hub/hub.h"
#include "modules/shared-log/both_sides.h"
#include "modules/shared-log/frames.h"
#include "modules/shared-log/log.h"
#include "modules/shared-log/rights.h"

namespace hansa::hub {

using engine::Position;
using engine::RoomTurn;
using engine::ServiceTurn;
using shared_log::SharedLog;
namespace xsr = xep_shared_rooms;

// What a link said in this process's life.
struct LinkState {
  bool up = false;
  std::uint64_t incarnation = 0;  // of its node, as said on the present stream; 0: not yet
  std::uint64_t known = 0;        // the same, on any stream
  std::string key;
  std::uint32_t format = xsr::kFormat;
  // Rooms that compare where its node stands; whether one of them could not, since it was told so;
  // whether that is looked at in a while.
  std::size_t comparing = 0;
  bool missed = false;
  bool looking = false;
};

// To one enterprise: its own items as their order, others' as they are, and a welcome at the item
// from which it takes part.
class ToLink final : public engine::LinkDelivery {
 public:
  ToLink(const Settings& settings, std::string link, const LinkState& state)
      : settings_(settings), link_(std::move(link)), state_(state) {}
  [[nodiscard]] std::optional<engine::Encoded> encode_shared(const engine::RoomState& room,
                                                             const engine::SharedEntry& entry,
                                                             bool late) const override;

 private:
  const Settings& settings_;
  std::string link_;
  const LinkState& state_;
};

// What a room in memory remembers besides its log.
class Watch final : public engine::Facet {
 public:
  void apply(const engine::Entry&) override {}
  std::map<std::string, Position> stood;         // confirmed, when it was last looked
  std::map<std::string, std::uint64_t> offered;  // link → epoch in which it offered all it has
  std::set<std::string> lacking;  // links that were told «again», and brought nothing new since
  std::set<std::string>
      asked;  // links that were asked what they have to offer, since the last look
  std::set<std::string> put_off;  // links whose items wait for all to have offered
  std::set<std::string> begun;    // links out of the room that were sent what is left for them anew
  std::map<std::string, Position> whole;  // link → up to where it gets its own items whole
  // Link → an item of it that is not refused before what stands before it came.
  std::map<std::string, xsr::Origin> waiting;
  // Link → the act that it offers, whose enterprise has not said its key yet.
  std::map<std::string, xsr::Origin> held;
  // Repeats, by link and origin: the room's end when they came first.
  std::map<std::string, std::map<xsr::Origin, Position>> repeated;
  bool armed = false;
  std::optional<MonoTime> passed;  // when an epoch began because a node stood in a lost one
};

// Of a node that takes part no more: it can go on from where it stands, or has to begin anew.
enum class Has : std::uint8_t { place, no_place, no_room };

struct Hub::Parts {
  explicit Parts(Settings given);

  Settings settings;
  Counts counts;
  std::uint64_t incarnation = 0;
  shared_log::Pinned pinned;
  std::map<std::string, LinkState, std::less<>> links;
  std::map<std::string, ToLink, std::less<>> deliveries;

  void ready(engine::Turn& turn);  // draws the incarnation
  void send(engine::Turn& turn, const std::string& link, const xsr::Frame& frame) const;
  void problem(engine::Turn& turn, const std::string& link, const std::string& room,
               const Error& error) const;
  [[nodiscard]] const Enterprise* configured(std::string_view link) const;
  [[nodiscard]] const Enterprise* enterprise_of(std::string_view jid) const;

  // hello.cpp
  void on_link(ServiceTurn& turn, std::string_view link, bool up);
  void on_hello(ServiceTurn& turn, const std::string& link, const xsr::Hello& hello);
  void on_rooms(ServiceTurn& turn, const std::string& link, const xsr::Rooms& rooms);
  void look_at_missed(ServiceTurn& turn, const std::string& link);
  void tell_missed(ServiceTurn& turn, const std::string& link) const;

  // entries.cpp
  void on_entry(RoomTurn& turn, const std::string& link, const xsr::Entry& frame);
  [[nodiscard]] bool is_let_in(RoomTurn& turn, const std::string& link, const xsr::Item& item);
  void refuse(RoomTurn& turn, const std::string& link, const xsr::Item& item, const Error& why);
  void refuse_alone(RoomTurn& turn, const std::string& link, const xsr::Item& item);
  void on_repeat(RoomTurn& turn, const std::string& link, const xsr::Item& item);
  void answer_repeats(RoomTurn& turn, const std::string& link);
  void lacks(RoomTurn& turn, const std::string& link);
  void on_create(RoomTurn& turn, const std::string& link, const xsr::Create& frame);
  void tell_gaps(RoomTurn& turn);
  [[nodiscard]] bool waits_for_key(RoomTurn& turn, const std::string& link, const xsr::Item& item);
  [[nodiscard]] bool knows_key(RoomTurn& turn, const std::string& link);
  void on_offered(RoomTurn& turn, const std::string& link, const xsr::Offered& frame);
  [[nodiscard]] bool all_offered(RoomTurn& turn) const;
  [[nodiscard]] bool has_holes(const SharedLog& log) const;
  void ask_offers(RoomTurn& turn);

  // items.cpp
  void begin_epoch(RoomTurn& turn);
  void pass_epoch(RoomTurn& turn, std::uint64_t lost);
  void new_epoch(RoomTurn& turn, std::uint64_t after);
  void admit(RoomTurn& turn, const std::string& jid);
  void refresh(RoomTurn& turn, const std::string& link);
  void order(RoomTurn& turn, xsr::Item item);
  [[nodiscard]] xsr::Item own_item(RoomTurn& turn, std::string_view kind, std::string payload);
  [[nodiscard]] xsr::Item enterprise_item(RoomTurn& turn, const Enterprise& enterprise);
  [[nodiscard]] Status judge(const SharedLog& log, const xsr::Item& item);
  [[nodiscard]] Status judge_erasure(const SharedLog& log, const xsr::Item& item);

  // sending.cpp
  void on_loaded(RoomTurn& turn);
  void on_room_link(RoomTurn& turn, const std::string& link);
  void on_have(RoomTurn& turn, const std::string& link, const xsr::Have& have);
  void go_back(RoomTurn& turn, const std::string& link, const xsr::Have& have, bool in_hello);
  void tell_gone(RoomTurn& turn, const std::string& link, Has has);
  void on_retry(RoomTurn& turn);
  bool look(RoomTurn& turn);
  void follow(RoomTurn& turn, const std::string& link, bool from_end);
  void arm(RoomTurn& turn);
  void welcome(RoomTurn& turn, const std::string& link, Position since);

  // passing.cpp
  void on_fetch(RoomTurn& turn, const std::string& link, const xsr::Fetch& fetch);
  void on_directed(RoomTurn& turn, const std::string& link, const xsr::Frame& frame);
  void on_passing(RoomTurn& turn, const std::string& link, const xsr::Passing& frame);
};

[[nodiscard]] std::string group_of(std::string_view link);
// Index: shared/<log id> → where it is and how it stands.
struct IndexRow {
  std::string address;
  xsr::Version version;
  std::vector<std::string> links;
};
[[nodiscard]] std::string encode(const IndexRow& row);
[[nodiscard]] IndexRow decode_row(std::string_view bytes);
void write_index(RoomTurn& turn);

}  // namespace hansa::hub
