#include "modules/disco/command_nodes.h"

#include "xep-spec/xep_0004_forms.h"
#include "xep-spec/xep_0030_disco.h"
#include "xep-spec/xep_0050_commands.h"

namespace hansa::disco {

bool command_info(engine::ServiceTurn& turn, const xmpp::Stanza& request,
                  const CommandList& commands) {
  xep_0030::Info info;
  info.node = request.payload()->attr("node");
  if (info.node.empty()) return false;
  if (info.node == xep_0050::kNs && !commands.empty()) {
    info.identities.push_back({"automation", "command-list", "Commands"});
    turn.reply(xmpp::written(info));
    return true;
  }
  for (const auto& [node, name] : commands) {
    if (node != info.node) continue;
    info.identities.push_back({"automation", "command-node", name});
    info.features = {std::string(xep_0050::kNs), std::string(xep_0004::kNs)};
    turn.reply(xmpp::written(info));
    return true;
  }
  turn.refuse(Error(Condition::item_not_found));
  return true;
}

bool command_items(engine::ServiceTurn& turn, const xmpp::Stanza& request,
                   const CommandList& commands) {
  xep_0030::Items items;
  items.node = request.payload()->attr("node");
  if (items.node.empty()) return false;
  if (items.node != xep_0050::kNs || commands.empty()) {
    turn.refuse(Error(Condition::item_not_found));
    return true;
  }
  for (const auto& [node, name] : commands) {
    items.items.push_back({request.to.text(), node, name});
  }
  turn.reply(xmpp::written(items));
  return true;
}

}  // namespace hansa::disco
