#pragma once
// Whose presence reaches whom (XEP-0045 §7.2.2, muc#roomconfig_presencebroadcast). Everybody sees
// himself, moderators see all. The others see the roles that the room broadcasts; those who came in
// while presence was *reduced* (limits.reduced_presence) see moderators only and are seen by them
// only, so that a join costs the same whatever the number of occupants. When the room has shrunk to
// half of it, they are brought together with the rest, some at a time.

#include <string>
#include <string_view>
#include <vector>

#include "modules/rooms/sessions.h"

namespace hansa::rooms {

// `viewer` gets the presence of an occupant with that nick and role, who came in apart or not.
[[nodiscard]] bool sees(const Config& config, const Session& viewer, std::string_view nick,
                        Role role, bool apart);
[[nodiscard]] inline bool sees(const Config& config, const Session& viewer, const Session& other) {
  return sees(config, viewer, other.nick, other.role, other.apart);
}
// Who comes in now comes in apart.
[[nodiscard]] bool is_reduced(const Context& context, const Room& room);

// Gives all clients of one occupant another role, notes it and shows it to whoever sees him, or saw
// him; what he himself sees with that role, or sees no longer, is shown to him.
void change_role(const Context& context, engine::RoomTurn& turn, std::vector<Session> sessions,
                 Role role, const Change& change);
// After the settings changed from `before`: shows and hides what is seen now, or no longer.
void adapt_views(const Context& context, engine::RoomTurn& turn, const Config& before);

// Brings together whoever is apart, when the room has become small enough.
inline constexpr std::string_view kTogetherWake = "rooms-together";
void wake_together(const Context& context, engine::RoomTurn& turn);
void bring_together(const Context& context, engine::RoomTurn& turn);

}  // namespace hansa::rooms
