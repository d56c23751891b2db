#pragma once
// Stanzas as the simulated hosts and clients read and write them: plain XML by hand, so that what
// the node's own writers do is not taken for granted.

#include <optional>
#include <string>
#include <string_view>

#include "xmpp/stanza.h"

namespace hansa::sim {

inline constexpr std::string_view kStanzaIdNs = "urn:xmpp:sid:0";
inline constexpr std::string_view kDelayNs = "urn:xmpp:delay";
inline constexpr std::string_view kMucNs = "http://jabber.org/protocol/muc";
inline constexpr std::string_view kMucUserNs = "http://jabber.org/protocol/muc#user";
inline constexpr std::string_view kDiscoNs = "http://jabber.org/protocol/disco#info";
inline constexpr std::string_view kPingNs = "urn:xmpp:ping";
inline constexpr std::string_view kReceiptsNs = "urn:xmpp:receipts";

// A stanza on its way: as read, and as text.
struct Packet {
  xmpp::Stanza stanza;
  std::string xml;
};
// Asserts that it is one: what the simulator writes must be good.
[[nodiscard]] Packet packet(std::string xml);
[[nodiscard]] Packet packet(const xmpp::Stanza& stanza);

[[nodiscard]] std::string escape(std::string_view text);
// <kind from= to= type= id=>content</kind>
[[nodiscard]] std::string build(std::string_view kind, std::string_view from, std::string_view to,
                                std::string_view type, std::string_view id,
                                std::string_view content = {});
// The answer of type error with that condition; nothing if `stanza` may not be answered so.
[[nodiscard]] std::optional<std::string> bounce(const xmpp::Stanza& stanza,
                                                std::string_view condition,
                                                std::string_view type = "cancel");
[[nodiscard]] std::string body_of(const xmpp::Element& message);
[[nodiscard]] std::string stanza_id_by(const xmpp::Element& message, std::string_view by);
[[nodiscard]] bool is_delayed(const xmpp::Element& message);
// A muc#user presence has that status code.
[[nodiscard]] bool has_status(const xmpp::Element& presence, std::string_view code);
// An attribute of the item in muc#user; empty: it has none.
[[nodiscard]] std::string item_of(const xmpp::Element& presence, std::string_view attribute);
[[nodiscard]] std::string condition_of(const xmpp::Stanza& error);

}  // namespace hansa::sim
