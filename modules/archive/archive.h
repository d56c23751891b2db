#pragma once
// The archive of a room (XEP-0313), at the room's own address: a read of its log, under the
// stanza-ids that everybody saw. Who may read is judged in the room, the reading itself is a
// service turn (RoomTurn::serve), so that it keeps nobody waiting who speaks.

#include "base/result.h"
#include "engine/router.h"
#include "modules/rooms/rooms.h"

namespace hansa::archive {

class Archive {
 public:
  explicit Archive(const rooms::Rooms& rooms) : rooms_(rooms) {}
  // This must outlive the router.
  Status add_to(engine::Router& router);

 private:
  void on_query(engine::RoomTurn& turn, const xmpp::Stanza& iq) const;
  void on_form(engine::RoomTurn& turn, const xmpp::Stanza& iq) const;
  void on_metadata(engine::RoomTurn& turn, const xmpp::Stanza& iq) const;
  // Nothing: he was refused, or a read was asked.
  [[nodiscard]] std::optional<rooms::Reading> judge(engine::RoomTurn& turn,
                                                    const xmpp::Stanza& iq) const;
  const rooms::Rooms& rooms_;
};

}  // namespace hansa::archive
