#pragma once
// The host's side of one component's stream (XEP-0114), in the test's own thread: every step waits
// (tests/net/peer.h). And the words that every host of ours says.

#include <string>
#include <string_view>

#include "base/crypto.h"
#include "base/encoding.h"
#include "tests/net/peer.h"

namespace hansa::test {

// The host's answer to the stream's opening, and the digest that must follow.
inline std::string host_opening(std::string_view domain) {
  return "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
         "xmlns='jabber:component:accept' from='" +
         std::string(domain) + "' id='id1'>";
}
inline std::string host_digest(std::string_view secret) {
  return hex(sha1("id1" + std::string(secret)));
}
inline constexpr std::string_view kHostRefusal =
    "<stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
    "</stream:error></stream:stream>";

struct HostStream {
  net::testing::Peer peer;

  // The stream's opening, with the secret judged.
  [[nodiscard]] bool open(std::string_view secret) {
    if (peer.hear_until("to='rooms.a.example'>").empty()) return false;
    peer.say(host_opening("rooms.a.example"));
    const std::string right = "<handshake>" + host_digest(secret) + "</handshake>";
    if (peer.hear_until("</handshake>") != right) {
      peer.say(kHostRefusal);
      return false;
    }
    peer.say("<handshake/>");
    return true;
  }
  // The next ping of the component, sent back to it as hosts do; its id.
  std::string route_ping() {
    const std::string before = peer.hear_until("</iq>");
    const std::size_t at = before.rfind("<iq ");
    if (at == std::string::npos) return {};
    peer.say(before.substr(at));
    const std::size_t id = before.find(" id='", at) + 5;
    return before.substr(id, before.find('\'', id) - id);
  }
};

}  // namespace hansa::test
