#pragma once
// A component's stream as a dialogue: what the host says in, what we do out, all as lines of text.

#include <string>
#include <vector>

#include "stream/component_stream.h"
#include "xmpp/writer.h"

namespace hansa::stream::testing {

inline constexpr std::string_view kHeader =
    "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
    "xmlns='jabber:component:accept' from='rooms.a.example' id='3BF96D32'>";

inline std::string told(const ComponentEffect& effect) {
  struct Teller {
    std::string operator()(const effect::Write& write) const { return "> " + write.bytes; }
    std::string operator()(const effect::Authenticated&) const { return "authenticated"; }
    std::string operator()(const effect::Received& read) const {
      return "read " + xmpp::to_xml(read.stanza.element());
    }
    std::string operator()(const effect::Refused& refused) const {
      return "refused " + std::string(row_of(refused.error.condition).element);
    }
    std::string operator()(const effect::Silent& silent) const {
      return "silent " + std::to_string(silent.lasting.count());
    }
    std::string operator()(const effect::Failed& failed) const {
      return "failed " + failed.failure.text +
             (failed.failure.retry == Retry::later ? " [later]" : " [soon]");
    }
    std::string operator()(const effect::Close&) const { return "close"; }
  };
  return std::visit(Teller{}, effect);
}

struct Dialogue {
  ComponentStream stream{{"rooms.a.example", "s<>cret", "127.0.0.1:5347"}};
  MonoTime now{1000};

  std::vector<std::string> on(const ComponentEvent& event) {
    const Result<ComponentEffects> effects = stream.on(event, now);
    if (!effects.ok()) return {"illegal"};
    std::vector<std::string> lines;
    for (const ComponentEffect& effect : *effects) lines.push_back(told(effect));
    return lines;
  }
  std::vector<std::string> says(std::string_view bytes) { return on(event::Bytes{bytes}); }
  // Connected and authenticated.
  void open() {
    (void)on(event::Connected{});
    (void)says(kHeader);
    (void)says("<handshake/>");
  }
};

}  // namespace hansa::stream::testing
