#pragma once
// The nodes of a service's ad-hoc commands in service discovery (XEP-0050 §2): the list of them,
// and each of them.

#include <string>
#include <utility>
#include <vector>

#include "engine/turn.h"

namespace hansa::disco {

using CommandList = std::vector<std::pair<std::string, std::string>>;  // (node, name)

// True: `request` asked about a node, and was answered; there are no other nodes.
[[nodiscard]] bool command_info(engine::ServiceTurn& turn, const xmpp::Stanza& request,
                                const CommandList& commands);
[[nodiscard]] bool command_items(engine::ServiceTurn& turn, const xmpp::Stanza& request,
                                 const CommandList& commands);

}  // namespace hansa::disco
