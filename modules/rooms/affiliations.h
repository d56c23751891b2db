#pragma once
// The member list (XEP-0045 §5.2, §9, §10.3–§10.8): judging changes of it, making them, and showing
// them to those who are in.

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "modules/rooms/sessions.h"

namespace hansa::rooms {

// Somebody's new affiliation.
struct MemberChange {
  xmpp::Jid who;  // bare
  Member member;
  std::string reason = {};
  Affiliation before = Affiliation::none;  // set when it is appended, as are
  engine::Position since = 0;              // the versions of the list before and after it
  engine::Position until = 0;
};

// Appends the entry and keeps the index (member_key) and the cursor; hooks are called by whoever
// shows it.
void append_member(engine::RoomTurn& turn, const xmpp::Jid& who, const Member& member);

// Why `actor` may not make all of these changes; nothing if he may. An empty address is the node's
// operator, who has the rights of an owner.
[[nodiscard]] std::optional<Error> may_not_change(const Context& context, const Room& room,
                                                  const xmpp::Jid& actor,
                                                  const std::vector<MemberChange>& changes);
// Appends them all. Then show_changes, after whatever is to be said first (an answer).
void append_changes(engine::RoomTurn& turn, std::vector<MemberChange>& changes);
// Tells who is in: new affiliations and roles; who may be in no longer is put out (301, 321).
void show_changes(const Context& context, engine::RoomTurn& turn,
                  const std::vector<MemberChange>& changes, const std::string& actor_nick);

}  // namespace hansa::rooms
