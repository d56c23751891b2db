#include "stream/component_failure.h"

#include "base/log.h"

namespace hansa::stream {
namespace {

std::string said_by_host(std::string_view text) {
  return text.empty() ? std::string() : " (the host says " + quoted(text) + ")";
}

// What to do, for each kind; NAME stands for the component's domain.
std::string_view advice(FailureKind kind, bool open) {
  switch (kind) {
    case FailureKind::secret_refused:
      return "refused the secret: set component_secret of Component \"NAME\" in prosody.cfg.lua "
             "(ejabberd.yml: listen: module: ejabberd_service, hosts: \"NAME\": password; ejabberd "
             "says the same when \"NAME\" is not under hosts) to the value of [node.host] secret";
    case FailureKind::name_unknown:
      return "does not know this name: add Component \"NAME\" with a component_secret to "
             "prosody.cfg.lua (ejabberd.yml: listen: module: ejabberd_service, hosts: \"NAME\": "
             "password) and reload the host";
    case FailureKind::name_taken:
      return open ? "gave this name to another connection: a second hansa, or another component, "
                    "connects as \"NAME\"; let only one of them run"
                  : "says that the name is taken: another component is connected as \"NAME\" (a "
                    "second hansa, or our last connection if the host has not noticed its end: "
                    "Prosody's component_conflict_resolve = \"kick_old\" lets the new one in), or "
                    "\"NAME\" is also a VirtualHost (ejabberd.yml: hosts) of the host itself";
    case FailureKind::not_component_port:
      return "is not a component port: [node.host] address must be one of component_ports in "
             "prosody.cfg.lua (usually 5347; ejabberd.yml: listen: port with module: "
             "ejabberd_service)";
    case FailureKind::timed_out:
      return "does not answer: look whether it hangs, or whether something else has the port";
    case FailureKind::bad_input: return "sent what XMPP does not allow, so the stream was closed";
    case FailureKind::host_error: return "ended the stream";
    case FailureKind::stream_ended: return "closed the stream";
    case FailureKind::link_lost: return "cannot be reached";
  }
  return {};
}

Retry retry_of(FailureKind kind) {
  switch (kind) {
    case FailureKind::secret_refused:
    case FailureKind::name_unknown:
    case FailureKind::name_taken:
    case FailureKind::not_component_port: return Retry::later;
    case FailureKind::timed_out:
    case FailureKind::bad_input:
    case FailureKind::host_error:
    case FailureKind::stream_ended:
    case FailureKind::link_lost: return Retry::soon;
  }
  return Retry::soon;
}

void append_naming(std::string& out, std::string_view text, std::string_view name) {
  constexpr std::string_view kPlaceholder = "NAME";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = text.find(kPlaceholder, at);
    out += text.substr(at, next - at);
    if (next == std::string_view::npos) return;
    out += name;
    at = next + kPlaceholder.size();
  }
}

}  // namespace

Failure failure(const FailurePlace& place, FailureKind kind, std::string_view detail) {
  std::string text(place.domain);
  text += ": the host at ";
  text += place.address;
  text += ' ';
  const bool lost = kind == FailureKind::link_lost && place.open;
  append_naming(text, lost ? "broke the connection" : advice(kind, place.open), place.domain);
  text += detail;
  return {kind, std::move(text), retry_of(kind)};
}

Failure stream_error(const FailurePlace& place, std::string_view condition, std::string_view text) {
  if (condition == "not-authorized" && !place.open) {
    return failure(place, FailureKind::secret_refused, said_by_host(text));
  }
  if (condition == "host-unknown") {
    return failure(place, FailureKind::name_unknown, said_by_host(text));
  }
  if (condition == "conflict") {
    return failure(place, FailureKind::name_taken, said_by_host(text));
  }
  if (condition == "invalid-namespace" && !place.open) {
    return failure(place, FailureKind::not_component_port, said_by_host(text));
  }
  if (condition == "system-shutdown") {
    return failure(place, FailureKind::host_error, ": it is shutting down");
  }
  return failure(place, FailureKind::host_error,
                 " with the error " + quoted(condition) + said_by_host(text));
}

}  // namespace hansa::stream
