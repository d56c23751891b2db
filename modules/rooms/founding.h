#pragma once
// A room in one request (requirement A3): settings and members come with the request that creates
// it — an element in the creator's first presence or in a muc#owner query, or an ad-hoc command.
// Nothing is created unless all of it may be.

#include <map>
#include <optional>
#include <string>

#include "engine/turn.h"
#include "modules/rooms/context.h"
#include "xep-spec/group_rooms.h"

namespace hansa::rooms {

struct Founding {
  Config config;
  std::map<std::string, Member> members;  // by bare JID, without the creator
};
struct NotFounded {
  Error error;
  std::string detail;  // application condition
};

// What is to be created, or why not: bad or too many members, settings that cannot be.
struct FoundingRead {
  std::optional<Founding> founding;
  NotFounded why;
};
[[nodiscard]] FoundingRead read_founding(const Context& context, const xmpp::Jid& creator,
                                         const xep_group_rooms::Create& create);

// Creates it; every member is told, at his bare address: at once, or when he comes online.
void found_room(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& creator,
                const Founding& founding);

// <create/> in a muc#owner query to a room that does not exist. False: there is none in it.
bool on_owner_create(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);

// The last stage of the ad-hoc command (create_command.h), in the room.
inline constexpr std::string_view kFoundTopic = "rooms:found";
void on_found_passed(const Context& context, engine::RoomTurn& turn, const engine::Passed& passed);

}  // namespace hansa::rooms
