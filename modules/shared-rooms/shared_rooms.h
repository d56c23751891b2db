#pragma once
// The node's side of shared rooms (protocol §5), on a toy room: members and messages. Own people
// are judged here, get what is said at once, and the node's link to the hub is one follower more.
// What is said to a room at «shared» by one of the enterprise's people:
//   message groupchat with <body/>         a message; his own copy is the acknowledgement
//   iq set <query xmlns=muc#owner/>        creates the room; answered when the hub has said yes
//   iq set <query xmlns=muc#admin><item jid affiliation/></query>   one member; answered when the
//                                          change is durable here; the list has it when ordered
//   iq set <moderate id xmlns=urn:xmpp:message-moderate:1>   that message is to be erased: by its
//                                          speaker, an owner or an admin; answered when that is
//                                          durable here; it goes when the erasure is ordered
//   presence (available, unavailable)      told to the other enterprises, droppable
//   message chat with <body/> to room/<bare JID of a member elsewhere> a directed message
// Members get messages type groupchat from the room, with id, <stanza-id/>, and <delay/> if late;
// <retract/> of what is erased.
// The link's frames: xep-spec/shared_rooms.h. Everything durable is in the room's log: modules/
// shared-log. Lives as long as the engine; its incarnation is drawn at its first turn.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "engine/router.h"
#include "modules/shared-log/wrong.h"

namespace hansa::shared_rooms {

struct Settings {
  std::string shared;                         // shared.example
  std::string link;                           // our name on the link: rooms.a.example
  std::string hub;                            // hub.example: the link's name here
  std::vector<std::string> enterprise;        // domains of our people
  std::string signing_key;                    // Ed25519 seed, 32 bytes
  std::map<std::string, std::string> pinned;  // link domain → public key (hex) that it must have
  std::size_t window = 64;                    // items in flight in a room
  std::uint32_t format = 1;  // newest that it reads and announces (tests: a later one)
  shared_log::Wrong wrong;
};

class SharedRooms {
 public:
  explicit SharedRooms(Settings settings);
  ~SharedRooms();
  SharedRooms(const SharedRooms&) = delete;
  SharedRooms& operator=(const SharedRooms&) = delete;

  // Error: conflict, when another module has a row of these. Answers of rooms to questions:
  // «shared:state», «shared:members» (see modules/shared-log/log.h, describe).
  [[nodiscard]] Status add_to(engine::Router& router);
  [[nodiscard]] static std::vector<engine::FacetFactory> facets(std::uint32_t format = 1);
  // Addressing of an engine with this module alone: role "node".
  [[nodiscard]] engine::Settings engine_settings() const;

  // Counts since the start, for metrics.
  struct Counts {
    std::uint64_t repeats = 0;  // dropped by origin
    std::uint64_t resyncs = 0;  // full: a digest differed, a fork, too far back
    std::uint64_t forks = 0;
    std::uint64_t bad_signatures = 0;
    std::uint64_t offered = 0;  // items sent again after a new epoch
  };
  [[nodiscard]] const Counts& counts() const;

  struct Parts;

 private:
  std::unique_ptr<Parts> parts_;
};

}  // namespace hansa::shared_rooms
