#include "modules/commands/commands.h"

namespace hansa::commands {

using engine::Target;

Status Commands::add(Target service, std::string node, std::string name, Run run) {
  const auto [place, added] = commands_.try_emplace(std::pair(service, std::move(node)),
                                                    Command{std::move(name), std::move(run)});
  if (added) return Done{};
  return Error(Condition::conflict, "two commands claim the node «" + place->first.second + "»");
}

Status Commands::add_to(engine::Router& router) {
  for (const Target service : {Target::rooms_service, Target::identities_service}) {
    if (list(service).empty()) continue;  // nor is the feature announced
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

std::vector<std::pair<std::string, std::string>> Commands::list(Target service) const {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [key, command] : commands_) {
    if (key.first == service) out.emplace_back(key.second, command.name);
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
