#pragma once
// Addresses of acting as a room (protocol §1, §4). Pure: everything is computed forward from the
// acting room's localpart and the peer's address, and never parsed back.

#include <string>
#include <string_view>
#include <utility>

#include "xmpp/jid.h"

namespace hansa::act_as {

// The domains that a node needs for identities.
struct Domains {
  std::string rooms;       // rooms.a.example
  std::string identities;  // team.a.example
};

// Resource of every identity: chat leaves, and rooms are joined, from one full address.
inline constexpr std::string_view kResource = "hansa";
// No client may create a room with this in its localpart: it marks conversations.
inline constexpr char kMark = '%';

// The conversation of the room `local` with `peer`: its address at `rooms`. Empty if `local` and
// the mark make no localpart (then there can be no such room either).
[[nodiscard]] xmpp::Jid conversation_address(std::string_view rooms, std::string_view local,
                                             const xmpp::Jid& peer);

[[nodiscard]] inline bool is_marked(const xmpp::Jid& room) {
  return room.local().find(kMark) != std::string_view::npos;
}

// support@team.a.example, and with the resource.
[[nodiscard]] xmpp::Jid identity_of(const Domains& domains, const xmpp::Jid& room);
[[nodiscard]] xmpp::Jid full_identity_of(const Domains& domains, const xmpp::Jid& room);
// The room that an identity stands for.
[[nodiscard]] xmpp::Jid room_of(const Domains& domains, const xmpp::Jid& identity);

// Index: conversation/<acting room>/<conversation> → peer; and the range of all that a room has.
[[nodiscard]] std::string conversation_key(const xmpp::Jid& acting, const xmpp::Jid& conversation);
[[nodiscard]] std::pair<std::string, std::string> conversation_range(const xmpp::Jid& acting);
// The same of those that are closed: closed/…
[[nodiscard]] std::string closed_key(const xmpp::Jid& acting, const xmpp::Jid& conversation);
[[nodiscard]] std::pair<std::string, std::string> closed_range(const xmpp::Jid& acting);

}  // namespace hansa::act_as
