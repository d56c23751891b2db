#pragma once
// Where the history of a join begins (XEP-0045 §7.2.13–§7.2.14, protocol §3 «Return of a member»).
// History is a position to start from: what is sent is the log from there on.

#include <optional>

#include "engine/turn.h"
#include "modules/rooms/context.h"
#include "xep-spec/xep_0045_muc.h"

namespace hansa::rooms {

struct HistoryStart {
  engine::Position first = 0;  // to send; the room's end + 1 if nothing
  // Entries since he was last reached that are too many to send: he is told.
  std::uint64_t left_out = 0;
};
// Without limits of his own a member (`member`) gets what was said since he was last reached.
// Nothing: a read was asked, the handler returns. Errors of reading shorten the history.
[[nodiscard]] std::optional<HistoryStart> history_start(
    engine::RoomTurn& turn, const std::optional<xep_0045::History>& asked, const xmpp::Jid& who,
    bool member);

// Last position that the host took for any client of that person, present or not (protocol §3).
[[nodiscard]] engine::Position reached(const engine::RoomTurn& turn, const xmpp::Jid& who);

}  // namespace hansa::rooms
