#pragma once
// The notes of a room that rooms keep, as keys and bytes: what concerns this node only.
//   session/<full JID>    a client that is in: nick, role, its history (durable before status 110)
//   presence/<full JID>   the rest of its presence (a late note)
//   cursor/<bare JID>     last entry taken for any client of that person (protocol §3)
//   left/<bare JID>       who was removed from the member list, and when (extras.h)
//   invited/<bare JID>/<bare JID>  who was invited, by whom (invitations.h)
//   settings              of a conversation, which has no creator: its settings
//   listed                what its rows in the list of rooms say (listing.h)
//   list-known            from which version on all of these are there
//   virtual/<key>         a speaker who is not in the room
//   request/<bare JID>    somebody asked to become a member (applications.h)

#include <optional>
#include <string>
#include <string_view>

#include "modules/rooms/rooms.h"

namespace hansa::rooms {

inline constexpr std::string_view kSessionNote = "session/";
inline constexpr std::string_view kPresenceNote = "presence/";
inline constexpr std::string_view kCursorNote = "cursor/";
inline constexpr std::string_view kVirtualNote = "virtual/";
inline constexpr std::string_view kApplicationNote = "request/";
inline constexpr std::string_view kInvitedNote = "invited/";
inline constexpr std::string_view kSettingsNote = "settings";

[[nodiscard]] std::string note_key(std::string_view prefix, std::string_view rest);
// What follows the prefix; nothing if `key` has another one.
[[nodiscard]] std::optional<std::string_view> note_of(std::string_view prefix,
                                                      std::string_view key);

[[nodiscard]] std::string write_session(const Session& session);
// All but jid, presence and seen.
void read_session(std::string_view bytes, Session& session);
[[nodiscard]] std::string write_presence(const Session& session);
void read_presence(std::string_view bytes, Session& session);
[[nodiscard]] std::string write_cursor(engine::Position position);
[[nodiscard]] engine::Position read_cursor(std::string_view bytes);
[[nodiscard]] std::string write_virtual(const VirtualOccupant& who);
[[nodiscard]] VirtualOccupant read_virtual(std::string_view key, std::string_view bytes);

}  // namespace hansa::rooms
