#pragma once
// How a room begins (XEP-0045 §10.1.2, instant room) and who may begin one.

#include <map>
#include <optional>
#include <string>

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

// Appends `created`, the owner as its first member, and the members. The room must not exist.
// An owner may be a room of this node: of a conversation its acting room is.
void create_room(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& owner,
                 const Config& config, const std::map<std::string, Member>& members);

// Names that only the node gives: conversations, and addresses of questions (protocol §3).
[[nodiscard]] bool is_reserved_name(std::string_view local);
// ask-TOKEN: the address of a question (questions.h).
[[nodiscard]] bool is_question_name(std::string_view local);
// Why `who` may not create a room of that name; nothing: he may. A conversation answers the same to
// those who may not know of it.
[[nodiscard]] std::optional<Error> may_not_create(const Context& context, const xmpp::Jid& who,
                                                  std::string_view local);
[[nodiscard]] Error reserved_name();

}  // namespace hansa::rooms
