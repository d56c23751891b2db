#pragma once
// «Acting as a Room» (act-as.xml): the conversations of a room, what members do to one of them, and
// the list of who spoke as the room.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "xep-spec/xep_0059_rsm.h"
#include "xmpp/element.h"
#include "xmpp/jid.h"
#include "xmpp/writer.h"

namespace hansa::xep_act_as {

// Nodes of the ad-hoc commands that do the same.
inline constexpr std::string_view kNodeConversations = "urn:xmpp:act-as:0#conversations";
inline constexpr std::string_view kNodeConversation = "urn:xmpp:act-as:0#conversation";
inline constexpr std::string_view kNodeActs = "urn:xmpp:act-as:0#acts";

// One conversation, as members see it.
struct ConversationItem {
  std::string jid;
  std::string peer;
  std::string kind;  // person, room; empty: not known yet
  WallTime last;     // something happened there; 0: left out
  bool unanswered = false;
  std::string assigned;  // bare JID of the member; empty: to nobody
  bool closed = false;
  bool blocked = false;
  bool muted = false;
};
// A request has no items; it asks for the closed ones, too, or not, and for a page.
struct Conversations {
  bool closed = false;
  std::vector<ConversationItem> items;
  std::optional<xep_0059::Request> asked;
  std::optional<xep_0059::Page> page;
};

enum class Action : std::uint8_t {
  close = 1,
  reopen = 2,
  block = 3,
  unblock = 4,
  mute = 5,
  unmute = 6,
  assign = 7,  // to a member; without one: to nobody
};
[[nodiscard]] std::string_view name_of(Action action);
[[nodiscard]] std::optional<Action> action_named(std::string_view name);
struct Change {
  Action action = Action::close;
  xmpp::Jid member;  // bare; of assign
};

// What somebody did as the room.
struct Act {
  std::string id;  // place in the list
  WallTime stamp;
  std::string did;     // said, opened, or an action
  std::string member;  // bare JID
  std::string nick;
  std::string peer;
  std::string conversation;
  std::string message;  // stanza-id, of what was said
};
// A request has a time, and no acts.
struct Acts {
  std::optional<WallTime> start;
  std::optional<WallTime> end;
  std::vector<Act> acts;
  std::optional<xep_0059::Request> asked;
  std::optional<xep_0059::Page> page;
};

// Nothing: it is another element. Error: bad_request, jid_malformed.
[[nodiscard]] std::optional<Conversations> parse_conversations(const xmpp::Element& element);
[[nodiscard]] std::optional<Result<Change>> parse_change(const xmpp::Element& element);
[[nodiscard]] std::optional<Result<Acts>> parse_acts(const xmpp::Element& element);
// A message that is for members only.
[[nodiscard]] bool is_note(const xmpp::Element& message);
void write(xmpp::Writer& writer, const ConversationItem& item);
void write(xmpp::Writer& writer, const Conversations& conversations);
void write(xmpp::Writer& writer, const Change& change);
void write(xmpp::Writer& writer, const Acts& acts);
void write_note(xmpp::Writer& writer);

}  // namespace hansa::xep_act_as
