#pragma once
// Stanzas that many dialogues with rooms need, and their usual speakers. Room: support.

#include <string>
#include <string_view>

#include "tests/support/room_fixture.h"

namespace hansa::test {

inline constexpr std::string_view kRoom = "support@rooms.a.example";
inline constexpr std::string_view kAlice = "alice@a.example/desk";  // creates it, owns it
inline constexpr std::string_view kAnn = "ann@a.example/phone";
inline constexpr std::string_view kBob = "bob@b.example/home";  // of another enterprise

[[nodiscard]] inline std::string joined(std::initializer_list<std::string_view> parts) {
  std::string all;
  for (const std::string_view part : parts) all += part;
  return all;
}

// Presence with <x xmlns=muc/>, `x` inside it; its id is j.
[[nodiscard]] inline std::string join(std::string_view from, std::string_view nick,
                                      std::string_view x = {}) {
  return joined({"<presence id='j' from='", from, "' to='", kRoom, "/", nick,
                 "'><x xmlns='http://jabber.org/protocol/muc'>", x, "</x></presence>"});
}
inline constexpr std::string_view kNoHistory = "<history maxstanzas='0'/>";

[[nodiscard]] inline std::string leave(std::string_view from, std::string_view nick) {
  return joined({"<presence type='unavailable' from='", from, "' to='", kRoom, "/", nick, "'/>"});
}

// A message to all with a body and what else is given.
[[nodiscard]] inline std::string talk(std::string_view from, std::string_view id,
                                      std::string_view body, std::string_view more = {}) {
  return joined({"<message type='groupchat' from='", from, "' to='", kRoom, "' id='", id,
                 "'><body>", body, "</body>", more, "</message>"});
}
// The same without a body.
[[nodiscard]] inline std::string talk_only(std::string_view from, std::string_view id,
                                           std::string_view content) {
  return joined({"<message type='groupchat' from='", from, "' to='", kRoom, "' id='", id, "'>",
                 content, "</message>"});
}

// An iq to the room; its id is q.
[[nodiscard]] inline std::string ask(std::string_view type, std::string_view from,
                                     std::string_view payload, std::string_view to = kRoom) {
  return joined(
      {"<iq id='q' type='", type, "' from='", from, "' to='", to, "'>", payload, "</iq>"});
}
[[nodiscard]] inline std::string admin(std::string_view items) {
  return joined({"<query xmlns='http://jabber.org/protocol/muc#admin'>", items, "</query>"});
}
[[nodiscard]] inline std::string owner(std::string_view content) {
  return joined({"<query xmlns='http://jabber.org/protocol/muc#owner'>", content, "</query>"});
}
// A settings form with one field.
[[nodiscard]] inline std::string settings(std::string_view var, std::string_view value) {
  return owner(
      joined({"<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>"
              "http://jabber.org/protocol/muc#roomconfig</value></field><field var='",
              var, "'><value>", value, "</value></field></x>"}));
}

// --- patterns -----------------------------------------------------------------------------------

[[nodiscard]] inline std::string error(std::string_view kind, std::string_view condition) {
  return joined({"<", kind, " type='error'><error><", condition,
                 " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></", kind, ">"});
}
inline constexpr std::string_view kResult = "<iq type='result' id='q'/>";
inline constexpr std::string_view kSubject = "<message type='groupchat'><subject/></message>";
// Presence from a nick with what <x xmlns=muc#user/> is to hold.
[[nodiscard]] inline std::string shown(std::string_view nick, std::string_view content,
                                       std::string_view type = "!") {
  return joined({"<presence from='", kRoom, "/", nick, "' type='", type,
                 "'><x xmlns='http://jabber.org/protocol/muc#user'>", content, "</x></presence>"});
}
[[nodiscard]] inline std::string gone(std::string_view nick, std::string_view content) {
  return shown(nick, content, "unavailable");
}
// A message of that nick.
[[nodiscard]] inline std::string said(std::string_view nick, std::string_view body,
                                      std::string_view more = {}) {
  return joined({"<message type='groupchat' from='", kRoom, "/", nick, "'><body>", body, "</body>",
                 more, "</message>"});
}
inline constexpr std::string_view kDelay =
    "<delay xmlns='urn:xmpp:delay' from='support@rooms.a.example' stamp='*'/>";

// --- a node that runs ---------------------------------------------------------------------------

// Alice has created the room and is in.
struct Support : RoomFixture {
  explicit Support(bool with_alice = true) {
    start();
    if (with_alice) joins(kAlice, joined({kRoom, "/Alice"}));
  }
  void enters(std::string_view who, std::string_view nick) {
    joins(who, joined({kRoom, "/", nick}));
  }
  // Alice makes somebody a member.
  void adds(std::string_view bare, std::string_view affiliation = "member") {
    says(ask("set", kAlice,
             admin(joined({"<item jid='", bare, "' affiliation='", affiliation, "'/>"}))));
    forget();
  }
};

}  // namespace hansa::test
