#pragma once
// The outer side of a conversation: what the peer is (a person or a room), and following him. Holds
// no state of its own; everything is in the room's Conversation.

#include <map>
#include <string>

#include "engine/turn.h"
#include "modules/act-as/conversation.h"
#include "modules/act-as/parts.h"
#include "modules/act-as/peer_room.h"

namespace hansa::act_as {

// A service's answer what it serves, in the conversation that it was asked for.
inline constexpr std::string_view kServesTopic = "act-as:serves";

class Peer {
 public:
  Peer(const Parts& parts, PeerRoom& room) : parts_(parts), room_(room) {}

  // The conversation was just opened; `kind`: what is known of the peer. To be called after the
  // entry `opened` and before any message.
  void begin(engine::RoomTurn& turn, PeerKind kind);
  // A member opened it, now or again.
  void wishes(engine::RoomTurn& turn, Wish wish);
  void resume(engine::RoomTurn& turn, engine::Life life);
  // A member's message was appended.
  void said(engine::RoomTurn& turn);
  // An answer to a query of ours, result or error.
  void on_answer(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  // A wake by its name after "act-as/".
  void on_wake(engine::RoomTurn& turn, std::string_view name);
  // He wrote as only a person does.
  void is_person(engine::RoomTurn& turn);

 private:
  void follow(engine::RoomTurn& turn);
  void links_up(engine::RoomTurn& turn);
  void ask_kind(engine::RoomTurn& turn);
  void ask_info(engine::RoomTurn& turn, const std::string& whom);
  void look_again(engine::RoomTurn& turn);
  void is_room(engine::RoomTurn& turn, const xep_0030::Info& info);
  void known(engine::RoomTurn& turn, const PeerKnown& what);
  void look_at_lag(engine::RoomTurn& turn);
  const Parts& parts_;
  PeerRoom& room_;
  // A service answers to the identity; by the question's id: for which conversation. In memory
  // only: after its time the conversation goes on without an answer.
  struct Asked {
    xmpp::Jid conversation;
    MonoTime at{};
  };
  std::map<std::string, Asked, std::less<>> asked_;
};

}  // namespace hansa::act_as
