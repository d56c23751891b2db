#pragma once
// Why a component's stream did not open, or ended: one kind per cause, and a line for the operator
// that names the domain, the address, and what to change in which file of Prosody or ejabberd.
// The words of the host come from the network: they appear quoted. Pure values.

#include <cstdint>
#include <string>
#include <string_view>

namespace hansa::stream {

enum class FailureKind : std::uint8_t {
  secret_refused,      // not-authorized; ejabberd says so of a name that it does not know, too
  name_unknown,        // host-unknown: no such component in the host's configuration
  name_taken,          // conflict: another connection, or the host itself, has the name
  not_component_port,  // another kind of stream, or no XMPP at all
  timed_out,           // no answer to our header or handshake
  bad_input,           // what the host sent is not what RFC 6120 allows
  host_error,          // any other stream error
  stream_ended,        // the host closed the stream in order
  link_lost,           // the connection ended without that
};

// What can help: time alone, or somebody who changes a configuration.
enum class Retry : std::uint8_t { soon, later };

struct Failure {
  FailureKind kind = FailureKind::link_lost;
  std::string text;  // "rooms.a.example: the host at 127.0.0.1:5347 …", without what comes next
  Retry retry = Retry::soon;
};

// Where the stream was when it failed.
struct FailurePlace {
  std::string_view domain;
  std::string_view address;
  bool open = false;  // after the handshake
};

// A stream error of the host: `condition` as RFC 6120 §4.9.3 names it, `text` as the host wrote it.
[[nodiscard]] Failure stream_error(const FailurePlace& place, std::string_view condition,
                                   std::string_view text);
// Any other kind; `detail` ends the line (already safe to print).
[[nodiscard]] Failure failure(const FailurePlace& place, FailureKind kind,
                              std::string_view detail = {});

}  // namespace hansa::stream
