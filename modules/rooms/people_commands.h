#pragma once
// Ad-hoc commands (XEP-0050) for everybody: create a room with settings and members (A3), members
// being picked from rooms that one is in; and see, and answer, who has asked to join the rooms that
// one administers (A4). For clients without the extension, and for questions that were missed.

#include <string>
#include <vector>

#include "engine/router.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

[[nodiscard]] std::vector<Command> people_commands(const Context& context);

// Topics of questions to rooms: answers are lines.
inline constexpr std::string_view kAskCandidates = "rooms:candidates";  // bare JIDs he may see
inline constexpr std::string_view kAskRequests = "rooms:requests";      // token TAB text
[[nodiscard]] std::string answer_candidates(const engine::RoomState& room, const xmpp::Jid& actor);
[[nodiscard]] std::string answer_requests(const engine::RoomState& room, const xmpp::Jid& actor);
// The decision, in the room.
inline constexpr std::string_view kDecideTopic = "rooms:decide";
void on_decide_passed(const Context& context, engine::RoomTurn& turn, const engine::Passed& passed);

}  // namespace hansa::rooms
