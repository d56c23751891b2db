#pragma once
// The component's side of an XEP-0114 stream as a state machine: events in, effects out, no socket
// and no clock. One per connection: after `Close` it is done. The owner feeds it what the network
// does and performs the effects in order. Stanzas are read by StreamParser under its limits; a
// fault of the host ends the stream with the stream error of RFC 6120 §4.9 that names it.
//
//   idle ─connected→ opening ─header→ handshaking ─<handshake/>→ open ─stop→ closing ─→ done

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "stream/component_failure.h"
#include "xmpp/parser.h"
#include "xmpp/stanza.h"

namespace hansa::stream {

struct ComponentIdentity {
  std::string domain;   // the component's name, prepared
  std::string secret;   // never appears in a text
  std::string address;  // of the host, as the operator wrote it
};

namespace event {
struct Connected {};
struct Bytes {
  std::string_view bytes;
};
struct Disconnected {
  std::string reason;  // the system's words
};
struct Tick {};  // at least once a second
struct Stop {};  // of our own will
}  // namespace event
using ComponentEvent =
    std::variant<event::Connected, event::Bytes, event::Disconnected, event::Tick, event::Stop>;

namespace effect {
struct Write {
  std::string bytes;
};
struct Authenticated {};
struct Received {
  xmpp::Stanza stanza;
};
// A stanza that cannot be a Stanza (an address that does not prepare, an iq without id), or is over
// a limit. The stream goes on; who wants to answer must see to it that an error is not answered.
struct Refused {
  xmpp::DocumentPtr document;
  Error error;
};
// Nothing was heard for at least limits::kKeepAlive_ms; with every tick until something is.
struct Silent {
  Millis lasting{0};
};
// Why the stream ends; at most once, followed by Close.
struct Failed {
  Failure failure;
};
struct Close {};  // flush and end the connection; the last effect
}  // namespace effect
using ComponentEffect =
    std::variant<effect::Write, effect::Authenticated, effect::Received, effect::Refused,
                 effect::Silent, effect::Failed, effect::Close>;
using ComponentEffects = std::vector<ComponentEffect>;

class ComponentStream {
 public:
  explicit ComponentStream(ComponentIdentity identity);

  // Error: unexpected_request for an event that cannot happen in this state (connected twice, bytes
  // before connected); nothing has changed then. When done, every event is taken and does nothing.
  [[nodiscard]] Result<ComponentEffects> on(const ComponentEvent& event, MonoTime now);

  [[nodiscard]] bool open() const { return std::holds_alternative<Open>(state_); }
  [[nodiscard]] bool done() const { return std::holds_alternative<Done>(state_); }

 private:
  struct Idle {};
  struct Opening {
    MonoTime since;
  };
  struct Handshaking {
    MonoTime since;
  };
  struct Open {
    MonoTime heard;
  };
  struct Closing {
    MonoTime since;
  };
  struct Done {};
  using State = std::variant<Idle, Opening, Handshaking, Open, Closing, Done>;

  Status connected(MonoTime now);
  Status bytes(std::string_view data, MonoTime now);
  Status disconnected(const std::string& reason);
  void tick(MonoTime now);
  void stop(MonoTime now);

  void read(xmpp::StreamOpened& opened, MonoTime now);
  void read(xmpp::StanzaRead& read, MonoTime now);
  void read(xmpp::StreamClosed& closed, MonoTime now);
  void read(xmpp::StanzaRefused& refused, MonoTime now);
  void read(xmpp::StreamBroken& broken, MonoTime now);
  void read_top_level(const xmpp::Element& element, MonoTime now);
  void fail(Failure failure);
  // Ends the stream from our side with a stream error.
  void refuse(std::string_view condition, Failure failure);
  [[nodiscard]] FailurePlace place() const;

  ComponentIdentity identity_;
  xmpp::StreamParser parser_;
  State state_;
  ComponentEffects out_;
};

}  // namespace hansa::stream
