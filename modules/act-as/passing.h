#pragma once
// What is heard in a conversation is passed on to the rooms that are members of its acting room,
// through the acting room's log, and goes no further: never to another peer (protocol §4, «Rings»).
// A message that went through the acting room before is dropped; a log takes an origin once. An
// edge that would close a ring is refused where this node can see it.

#include <optional>
#include <string>
#include <vector>

#include "engine/router.h"
#include "modules/act-as/parts.h"
#include "modules/rooms/rooms.h"
#include "xep-spec/act_as_rooms.h"

namespace hansa::act_as {

class Passing {
 public:
  Passing(const Parts& parts, const rooms::Settings& settings)
      : parts_(parts), settings_(settings) {}
  void add_to(rooms::Hooks& hooks);

  struct Judged {
    bool drop = false;  // it was here before
    xep_act_as::Origin origin;
    bool to_rooms = false;  // somebody is to be given it
  };
  // The rooms that are members of `acting`, by bare JID. Nothing: a read was asked.
  [[nodiscard]] static std::optional<std::vector<std::string>> member_rooms(
      engine::RoomTurn& turn, const xmpp::Jid& acting);
  // Of something that the conversation's peer said. `look`: it may have come before. Nothing: a
  // read was asked.
  [[nodiscard]] std::optional<Judged> judge(engine::RoomTurn& turn, xep_act_as::Origin origin,
                                            bool look) const;
  // The newest entry, which says it, is passed on.
  void pass(engine::RoomTurn& turn, const Judged& judged) const;
  // The same for what a person said: it begins here.
  void pass(engine::RoomTurn& turn, bool to_rooms) const;

 private:
  [[nodiscard]] rooms::Verdict room_request(engine::RoomTurn& turn,
                                            const rooms::RoomRequest& request) const;
  const Parts& parts_;
  const rooms::Settings& settings_;
};

}  // namespace hansa::act_as
