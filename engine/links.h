#pragma once
// What the engine needs of the attachments: given by app/ (component, s2s) or by the simulator.
// One link per domain of ours. Called on the deciding thread only.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hansa::xmpp {
struct Stanza;
}

namespace hansa::engine {

using Mark = std::uint64_t;  // grows with every write to a link; a confirmation covers all below

// The link on which rooms and identities of this node speak to each other: it leads back to the
// engine, never leaves the process, and is always up. What is on it is lost with the process, as
// on any other. A group of followers that are ours has it as its domain (Turn::link_of). Whoever
// gives the links is never asked for it.
inline constexpr std::string_view kOwnLink = "(own)";

// The window (GroupSpec) of sessions and persons on that link. On our own one entry after the
// other: what a receiver fails to store comes again before what is newer.
[[nodiscard]] inline std::size_t window_on(std::string_view link) {
  return link == kOwnLink ? 1 : 0;
}

class Links {
 public:
  virtual ~Links() = default;
  // Whole stanzas, in order. Dropped if the link is down.
  virtual void write(std::string_view domain, std::string bytes) = 0;
  // Asks that Engine::confirmed(domain, mark) be called once the host has taken everything written
  // so far (the confirming ping, protocol §2). Never called for a mark if the link breaks first.
  virtual void confirm(std::string_view domain, Mark mark) = 0;
  // Bytes written and not yet taken by the socket.
  [[nodiscard]] virtual std::size_t queued(std::string_view domain) const = 0;
  // For those who count or watch: that goes from one of ours to another, within the engine.
  virtual void passed_within(const xmpp::Stanza& stanza) { static_cast<void>(stanza); }
};

}  // namespace hansa::engine
