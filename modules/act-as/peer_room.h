#pragma once
// A peer that is a room (any XEP-0045 service): the acting room sits in it as one occupant, under
// the identity's full address. Asking to join, coming in and back, what is heard there, seeing by
// reflection that what we said arrived (protocol §4, «Into any XEP-0045 room», «Into a Hansa
// room»).

#include "engine/turn.h"
#include "modules/act-as/conversation.h"
#include "modules/act-as/parts.h"
#include "modules/act-as/passing.h"
#include "modules/act-as/peer_room_tie.h"
#include "xep-spec/xep_0030_disco.h"
#include "xep-spec/xep_0045_muc.h"

namespace hansa::act_as {

class News;

// What was said while the archive was read, or nothing: that was all.
inline constexpr std::string_view kHeldTopic = "act-as:held";
// To a conversation: look whether the acting room is still there (ending.h).
inline constexpr std::string_view kEndingTopic = "act-as:ending";

class PeerRoom {
 public:
  PeerRoom(const Parts& parts, const Passing& passing, News& news)
      : parts_(parts), passing_(passing), news_(news) {}

  // It is a room, with these features; `enters`: and may be entered.
  void found(engine::RoomTurn& turn, const xep_0030::Info& info, bool enters);
  void start(engine::RoomTurn& turn);  // to get in, or back
  // The same, if it is to be in there, is not, and nothing is on its way.
  void look(engine::RoomTurn& turn);
  void stop(engine::RoomTurn& turn);  // the node ends in order: says so there
  // A member opened the conversation, for the first time or again: what he would like. `guessed`:
  // it was taken for a person, and is looked at again.
  void wishes(engine::RoomTurn& turn, Wish wish, bool guessed);
  // A member wants the acting room out of there for good.
  void leave(engine::RoomTurn& turn);
  // Its acting room is gone. False: the other side is still to be told; when it is, kEndingTopic.
  bool leave_to_end(engine::RoomTurn& turn);
  // A member wants voice to be asked for. False: it is not in there.
  bool ask_voice(engine::RoomTurn& turn);
  void said(engine::RoomTurn& turn);
  void on_presence(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  void on_groupchat(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  // A message from the peer's room itself that is no talk: an invitation, a hint.
  void on_message(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  // One of our messages came back as an error.
  void on_refused(engine::RoomTurn& turn, engine::Position position, const Error& error);
  // An answer to a question of ours. False: to none of those here.
  bool on_answer(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  // How far was its log heard?
  void on_heard(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  void on_wake(engine::RoomTurn& turn, std::string_view name);
  void on_held(engine::RoomTurn& turn, const engine::Passed& passed);
  // For kAskTie: state, peer, nick; a line each.
  [[nodiscard]] static std::string answer_tie(const engine::RoomState& room);

 private:
  // coming and going (peer_room.cpp)
  void enter(engine::RoomTurn& turn);
  bool tell_alone(engine::RoomTurn& turn, const std::string& nick);
  void on_entered(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  void complete(engine::RoomTurn& turn);
  void on_left(engine::RoomTurn& turn, const xmpp::Stanza& stanza, const xep_0045::User& user);
  void on_join_error(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  void lose(engine::RoomTurn& turn);
  void leave_for_good(engine::RoomTurn& turn, const std::string& why, bool still_member = false);
  void stop_as(engine::RoomTurn& turn, const xmpp::Jid& occupant);
  // that it cannot be reached, and is back (peer_room_notices.cpp)
  void tell_lost(engine::RoomTurn& turn);
  void tell_back(engine::RoomTurn& turn, bool first);
  void tell_waiting(engine::RoomTurn& turn);
  void ping(engine::RoomTurn& turn);
  void on_pong(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  // asking (peer_room_request.cpp)
  void note(engine::RoomTurn& turn, const Wish& wish);
  void ask(engine::RoomTurn& turn);
  void query(engine::RoomTurn& turn, std::string_view type, const std::string& content);
  void on_standing(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  void apply(engine::RoomTurn& turn);
  void on_form(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  void tell_asker(engine::RoomTurn& turn, const std::string& text);
  void wait(engine::RoomTurn& turn, std::int64_t ms);
  void wait_longer(engine::RoomTurn& turn);  // than the last time
  // what is said (peer_room_talk.cpp)
  [[nodiscard]] static bool is_member(const engine::RoomTurn& turn);
  void hear(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  bool on_reflection(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  void on_moderation(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  void on_subject(engine::RoomTurn& turn, const xmpp::Stanza& stanza, const std::string& subject);
  void make_place(engine::RoomTurn& turn, const std::string& key);
  void on_talk(engine::RoomTurn& turn, const xmpp::Stanza& stanza, const Passing::Judged& judged);
  [[nodiscard]] static bool is_next(const engine::RoomTurn& turn, const xep_act_as::Entry& entry);
  [[nodiscard]] static bool is_after_a_gap(const engine::RoomTurn& turn);
  void crossed(engine::RoomTurn& turn, Crossed crossed);
  void look_at_pending(engine::RoomTurn& turn);
  // what was missed (peer_room_missed.cpp)
  void fetch_missed(engine::RoomTurn& turn);
  void on_missed(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  void on_missed_end(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  void end_missed(engine::RoomTurn& turn);
  const Parts& parts_;
  const Passing& passing_;
  News& news_;
};

// The room may be reached, or have a place, later (XEP-0045 §7.2, RFC 6120 §8.3.3).
[[nodiscard]] bool passes(Condition condition);

}  // namespace hansa::act_as
