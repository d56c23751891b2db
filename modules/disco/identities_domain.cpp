#include "modules/disco/identities_domain.h"

#include "xep-spec/xep_0004_forms.h"
#include "xep-spec/xep_0030_disco.h"
#include "xep-spec/xep_0050_commands.h"

namespace hansa::disco {
namespace {

template <typename Value>
std::string written(const Value& value) {
  std::string content;
  xmpp::Writer writer(content);
  xep_0030::write(writer, value);
  return content;
}

}  // namespace

Status IdentitiesDomain::add_to(engine::Router& router) {
  router_ = &router;
  using engine::Target;
  struct Line {
    std::string_view ns;
    void (IdentitiesDomain::*handler)(engine::ServiceTurn&, const xmpp::Stanza&) const;
  };
  const Line lines[] = {{xep_0030::kNsInfo, &IdentitiesDomain::on_info},
                        {xep_0030::kNsItems, &IdentitiesDomain::on_items}};
  for (const Line& line : lines) {
    const engine::Row row{Target::identities_service, xmpp::StanzaKind::iq, "get", "query",
                          std::string(line.ns),       std::string(line.ns)};
    const auto added =
        router.add(row, [this, handler = line.handler](engine::ServiceTurn& turn,
                                                       const xmpp::Stanza& stanza) {
          (this->*handler)(turn, stanza);
        });
    if (!added) return added;
  }
  return Done{};
}

void IdentitiesDomain::on_info(engine::ServiceTurn& turn, const xmpp::Stanza& stanza) const {
  xep_0030::Info info;
  info.node = stanza.payload()->attr("node");
  if (info.node.empty()) {
    info.identities.push_back({"component", "generic", "Rooms that act as people"});
    for (const auto& feature : router_->features(engine::Target::identities_service)) {
      info.features.push_back(feature);
    }
    return turn.reply(written(info));
  }
  if (info.node == xep_0050::kNs) {
    info.identities.push_back({"automation", "command-list", "Commands"});
    return turn.reply(written(info));
  }
  for (const auto& [node, name] : commands_) {
    if (node != info.node) continue;
    info.identities.push_back({"automation", "command-node", name});
    info.features = {std::string(xep_0050::kNs), std::string(xep_0004::kNs)};
    return turn.reply(written(info));
  }
  turn.refuse(Error(Condition::item_not_found));
}

void IdentitiesDomain::on_items(engine::ServiceTurn& turn, const xmpp::Stanza& stanza) const {
  xep_0030::Items items;
  items.node = stanza.payload()->attr("node");
  if (items.node == xep_0050::kNs) {
    for (const auto& [node, name] : commands_) items.items.push_back({domain_, node, name});
  } else if (!items.node.empty()) {
    return turn.refuse(Error(Condition::item_not_found));
  }
  // Identities are for whoever may act as them, by the extension's own query.
  turn.reply(written(items));
}

}  // namespace hansa::disco
