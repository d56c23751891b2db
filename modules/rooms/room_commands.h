#pragma once
// Ad-hoc commands (XEP-0050) at a room: what its owners, admins and moderators do, for clients that
// have no other form for it, and what only commands do (hats, XEP-0317). Each is judged by the same
// rules as the request of XEP-0045 that it stands for.

#include <optional>
#include <string>
#include <string_view>

#include "engine/turn.h"
#include "modules/rooms/context.h"
#include "xep-spec/xep_0050_commands.h"

namespace hansa::rooms {

struct CommandCase {
  const Context& context;
  engine::RoomTurn& turn;
  const xmpp::Stanza& iq;
  const xep_0050::Request& request;
  // Of the form; empty: it has none.
  [[nodiscard]] std::string value(std::string_view var) const {
    return request.form ? std::string(request.form->value(var).value_or("")) : std::string();
  }
};

// Whom it is shown to, and run for: the node's admins, too, but for `moderators` and `list_admins`,
// for whom the room's own lists and those who are in decide.
enum class For : std::uint8_t { members, moderators, list_admins, admins, owners };

struct RoomCommand {
  std::string_view node;
  std::string_view name;
  void (*run)(const CommandCase&);
  For whom;
};

void on_room_command(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);
// Those that he may use; a conversation has none.
[[nodiscard]] xep_0050::Names room_commands(const Context& context, const Room& room,
                                            const xmpp::Jid& who);

// The answers: that form, to be completed; and the end, with a form or without.
void ask_form(const CommandCase& c, xep_0004::Form form);
void finish(const CommandCase& c, std::optional<xep_0004::Form> form = std::nullopt);
// The end as XML, for what answers the request of the turn itself.
[[nodiscard]] std::string finished(const CommandCase& c);

}  // namespace hansa::rooms
