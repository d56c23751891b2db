#include "modules/rooms/companions.h"

#include "modules/rooms/moderation.h"
#include "xep-spec/xep_0422_fastening.h"
#include "xep-spec/xep_0424_retraction.h"
#include "xep-spec/xep_0425_moderation.h"

namespace hansa::rooms {

using engine::Row;
using engine::Target;

Status add_companions(const Context& context, engine::Router& router) {
  using Feature = void (*)(const Context&, engine::RoomTurn&, const xmpp::Stanza&);
  struct Entry {
    Target target;
    std::string_view type;
    std::string_view name;
    std::string_view ns;
    std::string_view feature;
    Feature handler;
  };
  const Entry rows[] = {
      {Target::room, "set", "moderate", xep_0425::kNs, xep_0425::kNs, &on_moderate},
      {Target::room, "set", "apply-to", xep_0422::kNs, xep_0425::kNsOld, &on_moderate},
  };
  for (const Entry& entry : rows) {
    const Status added = router.add(
        Row{entry.target, xmpp::StanzaKind::iq, std::string(entry.type), std::string(entry.name),
            std::string(entry.ns), std::string(entry.feature)},
        [&context, handler = entry.handler](engine::RoomTurn& turn, const xmpp::Stanza& iq) {
          handler(context, turn, iq);
        });
    if (!added) return added;
  }
  for (const std::string_view feature : xep_0424::kFeatures) {
    router.add_feature(Target::room, std::string(feature));
  }
  return Done{};
}

}  // namespace hansa::rooms
