#include "modules/rooms/companions.h"

#include "modules/rooms/hats.h"
#include "modules/rooms/member_kinds.h"
#include "modules/rooms/moderation.h"
#include "modules/rooms/profile.h"
#include "modules/rooms/room_commands.h"
#include "xep-spec/xep_0050_commands.h"
#include "xep-spec/xep_0054_vcard.h"
#include "xep-spec/xep_0317_hats.h"
#include "xep-spec/xep_0422_fastening.h"
#include "xep-spec/xep_0424_retraction.h"
#include "xep-spec/xep_0425_moderation.h"
#include "xep-spec/xep_0463_affiliation_versions.h"
#include "xep-spec/xep_0486_muc_avatars.h"
#include "xep-spec/xep_0500_slow_mode.h"

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
      {Target::room, "get", "vCard", xep_0054::kNs, xep_0054::kNs, &on_card_get},
      {Target::room, "set", "vCard", xep_0054::kNs, xep_0054::kNs, &on_card_set},
      {Target::room, "set", "command", xep_0050::kNs, xep_0050::kNs, &on_room_command},
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
  router.add_feature(Target::room, std::string(xep_0317::kNs));
  router.add_feature(Target::room, std::string(xep_0463::kNs));
  router.add_feature(Target::rooms_service, std::string(xep_0054::kNs));  // XEP-0486 §4.1
  router.add_life([](engine::RoomTurn& turn, engine::Life life) {
    if (life == engine::Life::loaded) report_unknown_kinds(turn);
  });
  return Done{};
}

void describe_companions(const Room& room, xep_0004::Form& info) {
  const Extras& extras = room.extras();
  if (!extras.avatar().empty()) {
    xep_0004::Field hashes =
        xep_0004::text_field(xep_0486::kInfoField, "Hash of the avatar", {}, "text-multi");
    hashes.values = extras.avatar();
    info.fields.push_back(std::move(hashes));
  }
  if (room.config().slow_mode_s > 0) {
    info.fields.push_back(xep_0004::text_field(xep_0500::kInfoField,
                                               "Seconds to wait between two messages",
                                               std::to_string(room.config().slow_mode_s)));
  }
  if (!extras.hats().empty()) {
    info.fields.push_back(xep_0004::text_field(xep_0317::kInfoField, "Hash of the hats",
                                               xep_0317::hash_of(extras.hats())));
  }
}

}  // namespace hansa::rooms
