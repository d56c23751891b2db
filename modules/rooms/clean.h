#pragma once
// Removes from what a client sent everything that only a room may say, every copy of it, whatever
// its prefix (design §7; XEP-0045 §17.3, XEP-0359 §3.1, XEP-0421 §3, XEP-0313 §8.4). Everything
// else passes unchanged (XEP-0045 §17.2).

#include <string>

#include "xmpp/element.h"
#include "xmpp/jid.h"

namespace hansa::rooms {

// The children of a message or presence that may pass, written with kClient as default. Text
// between them is dropped: a stanza has none.
[[nodiscard]] std::string clean_content(const xmpp::Element& stanza, const xmpp::Jid& room);

}  // namespace hansa::rooms
