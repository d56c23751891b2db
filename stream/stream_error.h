#pragma once
// A stream error (RFC 6120 §4.9): what ends a stream, in either direction.

#include <string>
#include <string_view>

#include "xmpp/element.h"

namespace hansa::stream {

struct StreamError {
  std::string condition;  // element name of §4.9.3; undefined-condition if the peer gave none
  std::string text;       // the peer's words: not to be trusted
};

// `element` is {http://etherx.jabber.org/streams}error.
[[nodiscard]] StreamError parse_stream_error(const xmpp::Element& element);
// For a stream whose opening tag declared the prefix `stream`. Appends.
void write_stream_error(std::string& out, std::string_view condition);

}  // namespace hansa::stream
