#pragma once
// Taking back what was said (XEP-0424): its author may, by a message; what is left is a tombstone
// (archived.h), the payload is erased. Also what moderators need for it (moderation.h).

#include <optional>
#include <string_view>

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

// Judges a message that retracts another one: its author's may, into `target`; somebody else's is
// refused, unless he may change what others say (`over`). What names nothing that is here passes as
// any message: receivers judge by occupant-id.
[[nodiscard]] Verdict judge_retraction(const Context& context, engine::RoomTurn& turn,
                                       const xmpp::Stanza& message, bool over,
                                       engine::EntryPtr& target);

// Appends `announcement`, erases `target`, and keeps its tombstone. `by` and what follows are of a
// moderator, empty for the author.
struct RetractedBy {
  std::string by = {};
  std::string by_id = {};
  std::string reason = {};
};
engine::Position retract(engine::RoomTurn& turn, const engine::Entry& target, Message announcement,
                         RetractedBy who);

}  // namespace hansa::rooms
