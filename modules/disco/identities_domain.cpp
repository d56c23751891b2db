#include "modules/disco/identities_domain.h"

#include "xep-spec/xep_0030_disco.h"

namespace hansa::disco {
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
    const auto added = router.add(
        row, [this, handler = line.handler](engine::ServiceTurn& turn, const xmpp::Stanza& stanza) {
          (this->*handler)(turn, stanza);
        });
    if (!added) return added;
  }
  return Done{};
}

void IdentitiesDomain::on_info(engine::ServiceTurn& turn, const xmpp::Stanza& stanza) const {
  if (command_info(turn, stanza, commands_)) return;
  xep_0030::Info info;
  info.identities.push_back({"component", "generic", "Rooms that act as people"});
  for (const auto& feature : router_->features(engine::Target::identities_service)) {
    info.features.push_back(feature);
  }
  turn.reply(xmpp::written(info));
}

void IdentitiesDomain::on_items(engine::ServiceTurn& turn, const xmpp::Stanza& stanza) const {
  if (command_items(turn, stanza, commands_)) return;
  // Identities are for whoever may act as them, by the extension's own query.
  turn.reply(xmpp::written(xep_0030::Items()));
}

}  // namespace hansa::disco
