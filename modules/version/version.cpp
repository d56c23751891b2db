#include "modules/version/version.h"

#include "xep-spec/xep_0092_version.h"

namespace hansa::version {

Status add_to(engine::Router& router, const std::string& version) {
  std::string answer;
  xmpp::Writer writer(answer);
  xep_0092::write(writer, {"Hansa", version});
  for (const auto target : {engine::Target::rooms_service, engine::Target::identities_service}) {
    const Status added = router.add(
        {target, xmpp::StanzaKind::iq, "get", "query", std::string(xep_0092::kNs),
         std::string(xep_0092::kNs)},
        [answer](engine::ServiceTurn& turn, const xmpp::Stanza&) { turn.reply(answer); });
    if (!added) return added;
  }
  return Done{};
}

}  // namespace hansa::version
