#pragma once
// How owners and admins are asked about an application, and how they answer (protocol §3): a form
// in a message of the room (XEP-0045 §9.9), and plain text from an address made for this question,
// ask-TOKEN@identities, to which «yes» or «no» is the answer. The ad-hoc command is requests.h's.

#include <string>
#include <string_view>

#include "engine/turn.h"
#include "modules/rooms/context.h"
#include "xep-spec/xep_0004_forms.h"

namespace hansa::rooms {

inline constexpr std::size_t kQuestionToken = 16;  // characters of base32
inline constexpr std::string_view kQuestionTopic = "rooms:question";

// To their bare addresses: their hosts keep it for those who are away.
void ask_admins(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& applicant,
                const Application& application);
// News for an applicant, the same way.
void tell_applicant(engine::RoomTurn& turn, const xmpp::Jid& applicant, bool accepted);
void tell_expired(engine::RoomTurn& turn, const xmpp::Jid& applicant);

// An approval form that came back to the room.
void on_approval(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& message,
                 const xep_0004::Form& form);

// A message to ask-TOKEN@identities: handed to the room that asks. False: it is no such address.
bool on_question_message(engine::RoomTurn& turn, const xmpp::Stanza& message);
void on_question_passed(const Context& context, engine::RoomTurn& turn,
                        const engine::Passed& passed);

}  // namespace hansa::rooms
