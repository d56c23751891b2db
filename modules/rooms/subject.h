#pragma once
// The room's subject (XEP-0045 §7.2.15, §8.1): what is a change of it, and who may make one.

#include "modules/rooms/context.h"
#include "xmpp/stanza.h"

namespace hansa::rooms {

// A <subject/> without <body/> and <thread/>.
[[nodiscard]] bool is_subject_change(const xmpp::Stanza& message);
[[nodiscard]] bool subject_allowed(const Room& room, const Session& session);
// Its text; empty if none is set.
[[nodiscard]] std::string subject_text(const Room& room);

}  // namespace hansa::rooms
