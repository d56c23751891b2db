#include "modules/disco/command_nodes.h"

namespace hansa::disco {

bool command_info(engine::ServiceTurn& turn, const xmpp::Stanza& request,
                  const CommandList& commands) {
  const std::string_view node = request.payload()->attr("node");
  if (node.empty()) return false;
  if (const auto info = xep_0050::info_of(commands, node)) {
    turn.reply(xmpp::written(*info));
  } else {
    turn.refuse(Error(Condition::item_not_found));
  }
  return true;
}

bool command_items(engine::ServiceTurn& turn, const xmpp::Stanza& request,
                   const CommandList& commands) {
  const std::string_view node = request.payload()->attr("node");
  if (node.empty()) return false;
  if (node == xep_0050::kNs && !commands.empty()) {
    turn.reply(xmpp::written(xep_0050::items_of(commands, request.to.text())));
  } else {
    turn.refuse(Error(Condition::item_not_found));
  }
  return true;
}

}  // namespace hansa::disco
