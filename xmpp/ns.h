#pragma once
// Namespaces of RFC 6120 and RFC 6121. All others live in the xep-spec/ pair that owns them.

#include <string_view>

namespace hansa::xmpp::ns {

// Content of a stanza. The content namespace of any stream (jabber:client, jabber:server,
// jabber:component:accept) is read as this one and written as the stream's own.
inline constexpr std::string_view kClient = "jabber:client";
inline constexpr std::string_view kStreams = "http://etherx.jabber.org/streams";
inline constexpr std::string_view kStanzaErrors = "urn:ietf:params:xml:ns:xmpp-stanzas";
inline constexpr std::string_view kStreamErrors = "urn:ietf:params:xml:ns:xmpp-streams";
inline constexpr std::string_view kRoster = "jabber:iq:roster";
// Bound to the prefix xml by Namespaces in XML 1.0 §3; cannot be a default namespace.
inline constexpr std::string_view kXml = "http://www.w3.org/XML/1998/namespace";

}  // namespace hansa::xmpp::ns
