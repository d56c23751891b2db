#pragma once
// What comes from a person to an identity: he writes (first, or in answer), and what we sent him
// comes back. Judged and appended in the conversation with him, which is made if there is none.

#include "engine/turn.h"
#include "modules/act-as/crossing.h"
#include "modules/act-as/opening.h"
#include "modules/act-as/parts.h"
#include "modules/act-as/peer.h"
#include "modules/act-as/privately.h"
#include "modules/act-as/states.h"
#include "modules/act-as/wordless.h"

namespace hansa::act_as {

class Person {
 public:
  Person(const Parts& parts, const Passing& passing, const Privately& privately, Opening& opening,
         Peer& peer, PeerRoom& room, News& news, const States& states, Wordless& wordless)
      : parts_(parts),
        passing_(passing),
        privately_(privately),
        opening_(opening),
        peer_(peer),
        room_(room),
        news_(news),
        states_(states),
        wordless_(wordless) {}

  void on_message(engine::RoomTurn& turn, const xmpp::Stanza& stanza);  // chat, normal
  void on_error(engine::RoomTurn& turn, const xmpp::Stanza& stanza);

 private:
  [[nodiscard]] bool within_rate(engine::RoomTurn& turn) const;
  // What it says is in the log: his words, or that he took some back.
  void hear(engine::RoomTurn& turn, const rooms::VirtualOccupant& who, const xmpp::Stanza& stanza,
            const Carried& carried) const;
  void receipt(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const;
  const Parts& parts_;
  const Passing& passing_;
  const Privately& privately_;
  Opening& opening_;
  Peer& peer_;
  PeerRoom& room_;
  News& news_;
  const States& states_;
  Wordless& wordless_;
};

}  // namespace hansa::act_as
