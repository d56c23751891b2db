#pragma once
// The picture of an identity, which is its room's (XEP-0486), as accounts show theirs: nodes of its
// own that may be asked for (XEP-0084, XEP-0163), and an event for those who subscribed to its
// presence. Nobody's presence is known here: an event goes to the bare address, once (XEP-0163
// §4.3.2), when it is another picture, when he subscribes, and when his server asks for presence.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/turn.h"
#include "modules/act-as/parts.h"
#include "xep-spec/xep_0030_disco.h"
#include "xep-spec/xep_0084_avatar.h"

namespace hansa::act_as {

// The card of the acting room; null: it has none. Nothing: a read was asked.
[[nodiscard]] std::optional<xmpp::DocumentPtr> card_of_room(engine::RoomTurn& turn);

class Portrait {
 public:
  using Metadata = std::optional<xep_0084::Metadata>;  // nothing: there is no picture

  explicit Portrait(const Parts& parts) : parts_(parts) {}
  // Nothing: a read was asked, or what is stored is not yet what was decided.
  [[nodiscard]] std::optional<Metadata> metadata(engine::RoomTurn& turn);
  // It has another card.
  void forget(const engine::RoomTurn& turn) { known_.erase(turn.room().log_id()); }
  // <pubsub/>, of one who may know of the room.
  void answer(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const;
  void tell(engine::RoomTurn& turn, std::string_view bare, const Metadata& metadata) const;
  // Its nodes as disco#items; of one of them, its item. Nothing: there is no such node.
  [[nodiscard]] std::optional<xep_0030::Items> items(const engine::RoomTurn& turn,
                                                     std::string_view node) const;
  [[nodiscard]] static std::optional<xep_0030::Info> info(const engine::RoomTurn& turn,
                                                          std::string_view node);

 private:
  const Parts& parts_;
  std::map<std::string, xep_0084::Metadata> known_;  // by the room's log
};

}  // namespace hansa::act_as
