#pragma once
// Notes that stay inside a conversation: what a member marks as one (our element, or a text that
// begins as the room's settings say), and whatever changes or answers one. Nothing of a note goes
// to the peer.

#include <optional>
#include <string_view>

#include "engine/turn.h"
#include "modules/rooms/rooms.h"

namespace hansa::act_as {

// A text that begins as a note; white space before it and case do not count.
[[nodiscard]] bool begins_as_note(std::string_view text, rooms::NoteMark mark);

// What a message is, before it is let in. `unknown`: it corrects something too old to be looked at,
// which may have been a note.
enum class Kind : std::uint8_t { outward, note, unknown };
// Null: a read was asked.
[[nodiscard]] std::optional<Kind> kind_of(engine::RoomTurn& turn, const xmpp::Stanza& stanza,
                                          rooms::NoteMark mark);

}  // namespace hansa::act_as
