#pragma once
// Who has asked to become a member (XEP-0045 §7.10, §9.9; protocol §3, «Questions»): a note of the
// room for each applicant, kept until it expires, so that it can be listed and answered at any
// time, in any of its forms; whoever answers first decides. Neither he nor they need be there.

#include <optional>
#include <string>

#include "engine/turn.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

inline constexpr std::string_view kApplicationTimer = "rooms-application";

[[nodiscard]] std::string write_application(const Application& application);
[[nodiscard]] Application read_application(std::string_view bytes);

// Stores it (in place of an earlier one of his) and asks owners and admins; token and time are set
// here. Error: resource_constraint, when too many wait.
[[nodiscard]] Status apply(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& who,
                           Application application);
// Takes it back; nothing if there is none.
void withdraw(engine::RoomTurn& turn, const xmpp::Jid& who);

enum class Decided : std::uint8_t { accepted, refused, already_answered, unknown };
// `who` decides: only admins and owners may. The applicant is told.
[[nodiscard]] Result<Decided> decide(const Context& context, engine::RoomTurn& turn,
                                     const xmpp::Jid& who, const xmpp::Jid& applicant, bool yes);
[[nodiscard]] std::string_view text_of(Decided decided);

// By its token or the applicant's nick; empty: none.
[[nodiscard]] xmpp::Jid applicant_by_token(const Room& room, std::string_view token);

// With their room.
void forget_applications(engine::RoomTurn& turn);
// The timer: applications that nobody answered in time are over.
void expire(engine::RoomTurn& turn);

// Index: which room a question's address belongs to (ask-TOKEN@identities).
[[nodiscard]] std::string question_key(std::string_view token);

}  // namespace hansa::rooms
