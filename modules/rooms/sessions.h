#pragma once
// The clients that are in a room: how they begin and end, and how they outlive the process
// (protocol §2). A session is a note, durable before it is shown; after a restart it is resumed
// without a rejoin. An orderly stop ends all sessions with status 332 (XEP-0045 §11.2).

#include <optional>
#include <vector>

#include "modules/rooms/presence.h"

namespace hansa::rooms {

// The group that it is followed in.
[[nodiscard]] std::string_view session_group(const engine::RoomTurn& turn, const xmpp::Jid& who);
// Notes it, or notes it again after a change. Follow it afterwards.
void note_session(engine::RoomTurn& turn, const Session& session);
// Lets entries reach it, beginning with its history and the subject.
void follow_session(const Context& context, engine::RoomTurn& turn, const Session& session);

// Ends these sessions, without telling anybody. For a member whose last client goes it is noted how
// far he was reached: `reached` if given, else what the host confirmed.
void remove_sessions(engine::RoomTurn& turn, const std::vector<Session>& gone,
                     std::optional<engine::Position> reached = std::nullopt);
// Ends them (all of one occupant) and shows it: to them, and to all others if he has no other
// client here. The last one out of a room that is not persistent ends the room.
void end_sessions(const Context& context, engine::RoomTurn& turn, const std::vector<Session>& gone,
                  Change change, std::optional<engine::Position> reached = std::nullopt);
// The same in two parts: they are removed and told; then the others are.
struct Ended {
  Session shown;  // of the occupant
  Change change;
};
[[nodiscard]] Ended begin_ending(const Context& context, engine::RoomTurn& turn,
                                 const std::vector<Session>& gone, Change change,
                                 std::optional<engine::Position> reached = std::nullopt);
void finish_ending(const Context& context, engine::RoomTurn& turn, const Ended& ended);
// Copies, for removing them while the room's own change.
[[nodiscard]] std::vector<Session> copies(const std::vector<const Session*>& sessions);

void sessions_on_life(const Context& context, engine::RoomTurn& turn, engine::Life life);

// A session that has had its history needs it no more after a restart: looked at from time to time.
inline constexpr std::string_view kLaggingWake = "rooms-lagging";
void check_lagging(engine::RoomTurn& turn);

}  // namespace hansa::rooms
