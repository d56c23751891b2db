#pragma once
// What the engine needs of the attachments: given by app/ (component, s2s) or by the simulator.
// One link per domain of ours. Called on the deciding thread only.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hansa::engine {

using Mark = std::uint64_t;  // grows with every write to a link; a confirmation covers all below

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
};

}  // namespace hansa::engine
