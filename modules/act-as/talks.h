#pragma once
// The life of conversations beside what is said: a room's list of them, closing, blocking, muting,
// assigning to a member (issue: conversation life). Whoever may act towards the peer may change;
// every member may look. By the extension's queries, or by ad-hoc commands.
//
//   closed    out of the list until something new is said, by either side
//   blocked   the peer is answered as by an account that does not exist (XEP-0191 §3.3: an error
//             for messages and requests, silence for presence), and nothing is said to him
//   muted     members are not told of news; the conversation goes on
//   assigned  shown, and nothing else: all who may act still may

#include "engine/turn.h"
#include "modules/act-as/identities.h"
#include "modules/act-as/parts.h"
#include "xep-spec/act_as_talks.h"

namespace hansa::act_as {

inline constexpr std::string_view kTalkTopic = "act-as:talk";
inline constexpr std::string_view kListTopic = "act-as:conversations";
inline constexpr std::string_view kBlockLetter = "act-as:block";
// Topic of the question: what members have made of a conversation.
inline constexpr std::string_view kAskTalk = "act-as:talk";

// Answered by a room that is a conversation; nothing, if it is none.
[[nodiscard]] std::optional<xep_act_as::ConversationItem> read_talk(const engine::Answer& answer);

// In a conversation, after something was said in it: it is in the list again.
void reopen(engine::RoomTurn& turn);

// In a conversation: out of the list, until something new is said.
void close(engine::RoomTurn& turn);

class Talks {
 public:
  Talks(const Parts& parts, const Identities& identities)
      : parts_(parts), identities_(identities) {}
  Status add_to(engine::Router& router);
  void on_list_command(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                       const xep_0050::Request& request) const;
  void on_change_command(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                         const xep_0050::Request& request) const;

 private:
  void on_list(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const;
  void on_list_passed(engine::RoomTurn& turn, const engine::Passed& passed) const;
  void on_set(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const;
  void on_passed(engine::RoomTurn& turn, const engine::Passed& passed) const;
  // Nothing: asked, or refused already.
  [[nodiscard]] std::optional<std::string> change(engine::RoomTurn& turn, const xmpp::Jid& actor,
                                                  const xep_act_as::Change& change) const;
  [[nodiscard]] bool may_list(engine::RoomTurn& turn, const xmpp::Jid& who) const;
  const Parts& parts_;
  const Identities& identities_;
};

}  // namespace hansa::act_as
