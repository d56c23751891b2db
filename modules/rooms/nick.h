#pragma once
// Changing one's nick (XEP-0045 §7.6).

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

// A presence of somebody who is in, to another nick than his.
void change_nick(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& presence,
                 const Session& old);
// Shows that `before` has the nick `nick` from now on, after that was noted: to himself if `told`,
// and to others unless another client of his keeps the old nick.
void show_renamed(const Context& context, engine::RoomTurn& turn, const Session& before,
                  const std::string& nick, bool told);

}  // namespace hansa::rooms
