#include "modules/commands/commands.h"

namespace hansa::commands {

using engine::Target;

Status Commands::add(Target service, rooms::Command command) {
  std::pair key(service, command.node);
  const auto [place, added] = commands_.try_emplace(std::move(key), std::move(command));
  if (added) return Done{};
  return Error(Condition::conflict, "two commands claim the node «" + place->first.second + "»");
}

Status Commands::add_to(engine::Router& router) {
  for (const Target service : {Target::rooms_service, Target::identities_service}) {
    const auto first = commands_.lower_bound(std::pair(service, std::string()));
    if (first == commands_.end() || first->first.first != service) continue;  // no feature, either
    const engine::Row row{service,   xmpp::StanzaKind::iq,       "set",
                          "command", std::string(xep_0050::kNs), std::string(xep_0050::kNs)};
    const auto added =
        router.add(row, [this, service](engine::ServiceTurn& turn, const xmpp::Stanza& stanza) {
          on_request(service, turn, stanza);
        });
    if (!added) return added;
  }
  return Done{};
}

xep_0050::Names Commands::list(Target service, const xmpp::Jid& who) const {
  xep_0050::Names out;
  for (const auto& [key, command] : commands_) {
    if (key.first != service || (command.is_for && !command.is_for(who))) continue;
    out.emplace_back(key.second, command.name);
  }
  return out;
}

void Commands::on_request(Target service, engine::ServiceTurn& turn,
                          const xmpp::Stanza& stanza) const {
  const auto parsed = xep_0050::parse_request(*stanza.payload());
  if (!parsed) return turn.refuse(Error(Condition::bad_request, "A command has a node."));
  if (parsed->error) {
    return turn.refuse(*parsed->error, {}, xep_0050::condition("malformed-action"));
  }
  const xep_0050::Request& request = parsed->request;
  const auto command = commands_.find(std::pair(service, request.node));
  if (command == commands_.end()) {
    return turn.refuse(Error(Condition::item_not_found, "There is no such command."));
  }
  if (command->second.is_for && !command->second.is_for(stanza.from)) {
    return turn.refuse(Error(Condition::forbidden, "That command is for the administrators."));
  }
  if (request.action == xep_0050::Action::cancel) {
    return turn.reply(xmpp::written(xep_0050::canceled(request)));
  }
  if (request.action == xep_0050::Action::prev) {
    return turn.refuse(Error(Condition::bad_request, "There is no stage before this one."), {},
                       xep_0050::condition("bad-action"));
  }
  command->second.run(turn, stanza, request);
}

}  // namespace hansa::commands
