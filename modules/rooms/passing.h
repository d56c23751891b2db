#pragma once
// A letter from a conversation: its member rooms are to be given something that was said there.

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

inline constexpr std::string_view kPassedLetter = "rooms:passed";
[[nodiscard]] std::string answer_member_rooms(const engine::RoomState& room, const xmpp::Jid&);
void on_passed_letter(const Context& context, engine::RoomTurn& turn, const engine::Letter& letter);

}  // namespace hansa::rooms
