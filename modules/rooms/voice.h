#pragma once
// Asking for voice in a moderated room, and granting it (XEP-0045 §7.13, §8.6): forms in messages
// between occupant, room and the moderators who are in. Nothing is kept: whoever asks is there.

#include "engine/turn.h"
#include "modules/rooms/context.h"
#include "xep-spec/xep_0004_forms.h"

namespace hansa::rooms {

// A form of type muc#request: the question, or a moderator's answer.
void on_voice_form(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& message,
                   const xep_0004::Form& form);

}  // namespace hansa::rooms
