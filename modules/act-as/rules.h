#pragma once
// What acting adds to the rules of rooms, for conversations only: who may come in (members of the
// acting room; those who may not act only read), and who may speak, asked anew for every message
// (requirement A2). To everybody else a conversation is a name that nobody may use (protocol §3).

#include "modules/act-as/news.h"
#include "modules/act-as/parts.h"
#include "modules/act-as/peer.h"
#include "modules/act-as/states.h"

namespace hansa::act_as {

class Rules {
 public:
  Rules(const Parts& parts, Peer& peer, News& news, const States& states)
      : parts_(parts), peer_(peer), news_(news), states_(states) {}
  void add_to(rooms::Hooks& hooks);

 private:
  [[nodiscard]] rooms::Verdict join(engine::RoomTurn& turn,
                                    const rooms::JoinRequest& request) const;
  [[nodiscard]] rooms::Verdict speak(engine::RoomTurn& turn, const rooms::Speech& speech) const;
  void accepted(engine::RoomTurn& turn, engine::Position position) const;
  const Parts& parts_;
  Peer& peer_;
  News& news_;
  const States& states_;
};

}  // namespace hansa::act_as
