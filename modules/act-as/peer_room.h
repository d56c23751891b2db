#pragma once
// A peer that is a room (any XEP-0045 service): the acting room sits in it as one occupant, under
// the identity's full address. Coming in and back, what is heard there, seeing by reflection that
// what we said arrived (protocol §4, «Into any XEP-0045 room»).

#include "engine/turn.h"
#include "modules/act-as/conversation.h"
#include "modules/act-as/parts.h"
#include "xep-spec/xep_0045_muc.h"

namespace hansa::act_as {

class News;

class PeerRoom {
 public:
  PeerRoom(const Parts& parts, News& news) : parts_(parts), news_(news) {}

  void enter(engine::RoomTurn& turn);  // for the first time, or again
  void stop(engine::RoomTurn& turn);   // the node ends in order: says so there
  void said(engine::RoomTurn& turn);
  void on_presence(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  void on_groupchat(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  // One of our messages came back as an error.
  void on_refused(engine::RoomTurn& turn, engine::Position position, const Error& error);
  void on_pong(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  void on_wake(engine::RoomTurn& turn, std::string_view name);

 private:
  // coming and going (peer_room.cpp)
  void on_entered(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  void complete(engine::RoomTurn& turn);
  void on_left(engine::RoomTurn& turn, const xmpp::Stanza& stanza, const xep_0045::User& user);
  void on_join_error(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  void lose(engine::RoomTurn& turn);
  void leave_for_good(engine::RoomTurn& turn, const std::string& why);
  void ping(engine::RoomTurn& turn);
  // what is said (peer_room_talk.cpp)
  bool on_reflection(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  void on_subject(engine::RoomTurn& turn, const xmpp::Stanza& stanza, const std::string& subject);
  void on_talk(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  void crossed(engine::RoomTurn& turn, const Crossed& crossed);
  void look_at_pending(engine::RoomTurn& turn);
  const Parts& parts_;
  News& news_;
};

}  // namespace hansa::act_as
