#pragma once
// Members that are rooms (requirements A6, A8): each is an occupant like any other, but by one
// session, and it is sent the room's messages by a follower of its own, which its node confirms
// (protocol §2, «Between two nodes»). So each message crosses to it once, whatever the number of
// its members, and none is lost while one of the nodes is away. One object for all rooms; nothing
// in it need survive.

#include <map>
#include <memory>
#include <string>

#include "engine/follower.h"
#include "engine/turn.h"
#include "modules/rooms/affiliations.h"

namespace hansa::rooms {

inline constexpr std::string_view kMemberRoomsWake = "rooms-members";

// What one member room is sent: the room's messages and subjects, what is passed on to it, each
// with its place in the log, its origin and its path. It remembers what it wrote last: an entry
// names the one before it, so that the receiver sees when one is missing.
class MemberRoomDelivery final : public engine::LinkDelivery {
 public:
  MemberRoomDelivery(const Settings& settings, std::string bare)
      : settings_(settings), bare_(std::move(bare)) {}
  [[nodiscard]] std::optional<engine::Encoded> encode_shared(const engine::RoomState& room,
                                                             const engine::SharedEntry& entry,
                                                             bool late) const override;
  [[nodiscard]] engine::Position seen() const { return seen_; }        // last entry looked at
  [[nodiscard]] engine::Position written() const { return written_; }  // and written

 private:
  [[nodiscard]] std::optional<engine::Encoded> write(const engine::RoomState& room,
                                                     const engine::SharedEntry& entry,
                                                     bool late) const;
  const Settings& settings_;
  std::string bare_;
  mutable engine::Position seen_ = 0;
  mutable engine::Position written_ = 0;
};

class MemberRooms {
 public:
  explicit MemberRooms(const Settings& settings) : settings_(settings) {}

  // Somebody's affiliation changed: a room became a member, or is none any more.
  void changed(engine::RoomTurn& turn, const MemberChange& change);
  // Its session is noted: it is sent the subject, and what it has not confirmed.
  void entered(engine::RoomTurn& turn, const Session& session);
  // Its session is over: as long as something waits for it, it is told so now and then.
  void left(engine::RoomTurn& turn, const std::string& bare);
  void loaded(engine::RoomTurn& turn);
  void links_up(engine::RoomTurn& turn);
  // Something was to be repeated: whatever it was, it is done now.
  void woken(engine::RoomTurn& turn);
  // Something was appended.
  void rouse(engine::RoomTurn& turn);
  void on_wake(engine::RoomTurn& turn, std::string_view name);
  // False: it is no answer to a question of ours.
  bool on_answer(engine::RoomTurn& turn, const xmpp::Stanza& iq);

 private:
  struct Edge {
    Edge(const Settings& settings, const std::string& bare) : delivery(settings, bare) {}
    MemberRoomDelivery delivery;
    bool live = false;     // it answered since it came in: it is sent what there is
    std::string query_id;  // of the question that is out
    engine::Position asked_seen = 0;
    engine::Position asked_written = 0;
    int calls = 0;  // since it was in
    bool calling = false;
  };
  struct Edges {
    std::map<std::string, std::unique_ptr<Edge>, std::less<>> all;  // by bare JID
    bool looking = false;
  };
  Edge& edge(engine::RoomTurn& turn, const std::string& bare);
  engine::Position group(engine::RoomTurn& turn, const std::string& bare);
  void ask(engine::RoomTurn& turn, const std::string& bare, const std::string& full);
  void call(engine::RoomTurn& turn, const std::string& bare);
  void look(engine::RoomTurn& turn);
  const Settings& settings_;
  std::map<std::string, Edges, std::less<>> rooms_;  // by log id
};

// Name of its group.
[[nodiscard]] std::string member_room_group(std::string_view bare);
// That session is a member room's.
[[nodiscard]] bool is_room(const Room& room, const xmpp::Jid& who);

}  // namespace hansa::rooms
