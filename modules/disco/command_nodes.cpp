#include "modules/disco/command_nodes.h"

namespace hansa::disco {
namespace {

xep_0050::Names offered_to(const CommandList& commands, const xmpp::Jid& who) {
  return commands ? commands(who) : xep_0050::Names();
}

}  // namespace

bool command_info(engine::ServiceTurn& turn, const xmpp::Stanza& request,
                  const CommandList& commands) {
  const std::string_view node = request.payload()->attr("node");
  if (node.empty()) return false;
  const auto info = xep_0050::info_of(offered_to(commands, request.from), node);
  if (!info) {
    turn.refuse(Error(Condition::item_not_found));
  } else {
    turn.reply(xmpp::written(*info));
  }
  return true;
}

bool command_items(engine::ServiceTurn& turn, const xmpp::Stanza& request,
                   const CommandList& commands) {
  const std::string_view node = request.payload()->attr("node");
  if (node.empty()) return false;
  const xep_0050::Names offered = offered_to(commands, request.from);
  if (node == xep_0050::kNs && !offered.empty()) {
    turn.reply(xmpp::written(xep_0050::items_of(offered, request.to.text())));
  } else {
    turn.refuse(Error(Condition::item_not_found));
  }
  return true;
}

}  // namespace hansa::disco
