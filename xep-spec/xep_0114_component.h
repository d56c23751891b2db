#pragma once
// XEP-0114 Jabber Component Protocol, "accept" method: the words of the stream's opening. Stanzas
// on such a stream carry no namespace of their own; the parser gives them ns::kClient.
// Supported: 1.6, complete, as a component

#include <string>
#include <string_view>

namespace hansa::xep_0114 {

inline constexpr std::string_view kNs = "jabber:component:accept";
inline constexpr std::string_view kClose = "</stream:stream>";

// The opening tag to a host, for the component `domain` (§3). Appends.
void write_open(std::string& out, std::string_view domain);
// <handshake>lower-case hex of SHA-1(stream id + secret)</handshake> (§3). Appends.
void write_handshake(std::string& out, std::string_view stream_id, std::string_view secret);

}  // namespace hansa::xep_0114
