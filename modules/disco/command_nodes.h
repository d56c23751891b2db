#pragma once
// The nodes of a service's ad-hoc commands in service discovery (XEP-0050 §2): the list of them,
// and each of them.

#include <functional>

#include "engine/turn.h"
#include "xep-spec/xep_0050_commands.h"

namespace hansa::disco {

// What there is for one who asks. Empty: no commands.
using CommandList = std::function<xep_0050::Names(const xmpp::Jid&)>;

// True: `request` asked about a node, and was answered; there are no other nodes.
[[nodiscard]] bool command_info(engine::ServiceTurn& turn, const xmpp::Stanza& request,
                                const CommandList& commands);
[[nodiscard]] bool command_items(engine::ServiceTurn& turn, const xmpp::Stanza& request,
                                 const CommandList& commands);

}  // namespace hansa::disco
