#pragma once
// Entering a room (XEP-0045 §7.1–§7.2). Who may enter is one list of rules (join.cpp); what follows
// is in the order of §7.1.

#include "engine/turn.h"
#include "modules/rooms/context.h"
#include "xep-spec/xep_0045_muc.h"

namespace hansa::rooms {

// A presence with <x xmlns=muc/> from somebody who is not in; or from one who is, under the same
// nick: a full resynchronisation (§17.3).
void join(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& presence,
          const xep_0045::Join& request);

// Why that person may not use that nick; nothing: he may (§7.2.8, §7.6).
[[nodiscard]] std::optional<Error> nick_refused(const Room& room, const xmpp::Jid& who,
                                                std::string_view nick);
// The payload of a presence as others see it: cleaned, and cut down if it is too long.
[[nodiscard]] std::string presence_payload(const xmpp::Stanza& presence, const xmpp::Jid& room);

}  // namespace hansa::rooms
