#include "modules/ping/ping.h"

#include "xep-spec/xep_0199_ping.h"

namespace hansa::ping {

Status add_to(engine::Router& router) {
  for (const auto target : {engine::Target::rooms_service, engine::Target::identities_service}) {
    const Status added =
        router.add({target, xmpp::StanzaKind::iq, "get", "ping", std::string(xep_0199::kNs),
                    std::string(xep_0199::kNs)},
                   [](engine::ServiceTurn& turn, const xmpp::Stanza&) { turn.reply(); });
    if (!added) return added;
  }
  return Done{};
}

}  // namespace hansa::ping
