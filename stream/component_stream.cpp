#include "stream/component_stream.h"

#include <utility>

#include "base/limits.h"
#include "base/log.h"
#include "stream/stream_error.h"
#include "xep-spec/xep_0114_component.h"

namespace hansa::stream {
namespace {

template <typename... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

Status illegal(std::string_view event) {
  return Error(Condition::unexpected_request,
               "component stream: " + std::string(event) + " in the wrong state");
}

bool is_stanza(const xmpp::Element& element) {
  return element.ns() == xmpp::ns::kClient &&
         (element.name() == "message" || element.name() == "presence" || element.name() == "iq");
}

}  // namespace

ComponentStream::ComponentStream(ComponentIdentity identity) : identity_(std::move(identity)) {}

Result<ComponentEffects> ComponentStream::on(const ComponentEvent& event, MonoTime now) {
  const Status taken =
      std::visit(Overloaded{
                     [&](const event::Connected&) { return connected(now); },
                     [&](const event::Bytes& read) { return bytes(read.bytes, now); },
                     [&](const event::Disconnected& lost) { return disconnected(lost.reason); },
                     [&](const event::Tick&) -> Status { return tick(now), hansa::Done{}; },
                     [&](const event::Stop&) -> Status { return stop(now), hansa::Done{}; },
                 },
                 event);
  if (!taken) return taken.error();
  return std::exchange(out_, {});
}

Status ComponentStream::connected(MonoTime now) {
  if (done()) return hansa::Done{};
  if (!std::holds_alternative<Idle>(state_)) return illegal("connected");
  effect::Write open;
  xep_0114::write_open(open.bytes, identity_.domain);
  out_.emplace_back(std::move(open));
  state_ = Opening{now};
  return hansa::Done{};
}

Status ComponentStream::bytes(std::string_view data, MonoTime now) {
  if (done()) return hansa::Done{};
  if (std::holds_alternative<Idle>(state_)) return illegal("bytes");
  if (Open* open_state = std::get_if<Open>(&state_)) open_state->heard = now;
  std::vector<xmpp::StreamEvent> events;
  parser_.feed(data, events);
  for (xmpp::StreamEvent& happened : events) {
    if (done()) break;
    std::visit([&](auto& what) { read(what, now); }, happened);
  }
  return hansa::Done{};
}

void ComponentStream::read(xmpp::StreamOpened& opened, MonoTime now) {
  if (std::holds_alternative<Closing>(state_)) return;
  if (opened.content_ns != xep_0114::kNs) {
    const std::string found = ": its stream is of " + quoted(opened.content_ns);
    return refuse("invalid-namespace", failure(place(), FailureKind::not_component_port, found));
  }
  // Without an id an error follows: Prosody does so for a name that it does not know.
  const std::string_view id = opened.header->root().attr("id");
  if (!id.empty()) {
    effect::Write handshake;
    xep_0114::write_handshake(handshake.bytes, id, identity_.secret);
    out_.emplace_back(std::move(handshake));
  }
  state_ = Handshaking{now};
}

void ComponentStream::read(xmpp::StanzaRead& read, MonoTime now) {
  const xmpp::Element& element = read.stanza->root();
  if (element.is("error", xmpp::ns::kStreams)) {
    const StreamError error = parse_stream_error(element);
    if (!std::holds_alternative<Closing>(state_)) {
      fail(stream_error(place(), error.condition, error.text));
    }
    out_.emplace_back(effect::Write{std::string(xep_0114::kClose)});
    out_.emplace_back(effect::Close{});
    state_ = Done{};
    return;
  }
  const bool takes = open() || std::holds_alternative<Closing>(state_);
  if (!takes || !is_stanza(element)) return read_top_level(element, now);
  Result<xmpp::Stanza> stanza = xmpp::Stanza::parse(read.stanza);
  if (stanza.ok()) {
    out_.emplace_back(effect::Received{std::move(stanza).value()});
  } else {
    out_.emplace_back(effect::Refused{std::move(read.stanza), stanza.error()});
  }
}

void ComponentStream::read(xmpp::StanzaRefused& refused, MonoTime) {
  const bool takes = open() || std::holds_alternative<Closing>(state_);
  if (takes && is_stanza(refused.stanza->root())) {
    out_.emplace_back(effect::Refused{std::move(refused.stanza),
                                      Error(Condition::policy_violation, refused.text)});
    return;
  }
  refuse("policy-violation", failure(place(), FailureKind::bad_input, ": " + quoted(refused.text)));
}

void ComponentStream::read_top_level(const xmpp::Element& element, MonoTime now) {
  const bool handshake = element.is("handshake", xmpp::ns::kClient);
  if (handshake && std::holds_alternative<Handshaking>(state_)) {
    state_ = Open{now};
    out_.emplace_back(effect::Authenticated{});
    return;
  }
  if (std::holds_alternative<Closing>(state_)) return;
  const bool early = !open() && is_stanza(element);
  refuse(early ? "not-authorized" : "unsupported-stanza-type",
         failure(place(), FailureKind::bad_input,
                 (early ? ": a stanza before the handshake: " : ": an element of no use: ") +
                     quoted(element.name())));
}

void ComponentStream::read(xmpp::StreamClosed&, MonoTime) {
  const bool ours = std::holds_alternative<Closing>(state_);
  if (!ours) {
    fail(failure(place(), FailureKind::stream_ended));
    out_.emplace_back(effect::Write{std::string(xep_0114::kClose)});
  }
  out_.emplace_back(effect::Close{});
  state_ = Done{};
}

void ComponentStream::read(xmpp::StreamBroken& broken, MonoTime) {
  if (std::holds_alternative<Closing>(state_)) {
    out_.emplace_back(effect::Close{});
    state_ = Done{};
    return;
  }
  // What does not even begin as a stream is another service's port rather than a faulty host.
  const bool strange = std::holds_alternative<Opening>(state_);
  refuse(broken.condition,
         failure(place(), strange ? FailureKind::not_component_port : FailureKind::bad_input,
                 ": " + std::string(broken.condition) + ": " + quoted(broken.text)));
}

Status ComponentStream::disconnected(const std::string& reason) {
  if (done()) return hansa::Done{};
  const bool ours = std::holds_alternative<Closing>(state_);
  if (!ours) fail(failure(place(), FailureKind::link_lost, ": " + reason));
  out_.emplace_back(effect::Close{});
  state_ = Done{};
  return hansa::Done{};
}

void ComponentStream::tick(MonoTime now) {
  const auto late = [&](MonoTime since) {
    if (now - since < Millis(limits::kHandshake_ms)) return;
    refuse("connection-timeout", failure(place(), FailureKind::timed_out));
  };
  std::visit(Overloaded{
                 [](const Idle&) {},
                 [&](const Opening& opening) { late(MonoTime(opening.since)); },
                 [&](const Handshaking& handshaking) { late(MonoTime(handshaking.since)); },
                 [&](const Open& open_state) {
                   const Millis lasting = now - open_state.heard;
                   if (lasting < Millis(limits::kKeepAlive_ms)) return;
                   out_.emplace_back(effect::Silent{lasting});
                 },
                 [&](const Closing& closing) {
                   if (now - closing.since < Millis(limits::kStopFlush_ms)) return;
                   out_.emplace_back(effect::Close{});
                   state_ = Done{};
                 },
                 [](const Done&) {},
             },
             State(state_));
}

void ComponentStream::stop(MonoTime now) {
  std::visit(Overloaded{
                 [&](const Idle&) {
                   out_.emplace_back(effect::Close{});
                   state_ = Done{};
                 },
                 [](const Closing&) {},
                 [](const Done&) {},
                 [&](const auto&) {
                   out_.emplace_back(effect::Write{std::string(xep_0114::kClose)});
                   state_ = Closing{now};
                 },
             },
             State(state_));
}

void ComponentStream::fail(Failure why) { out_.emplace_back(effect::Failed{std::move(why)}); }

void ComponentStream::refuse(std::string_view condition, Failure why) {
  fail(std::move(why));
  effect::Write error;
  write_stream_error(error.bytes, condition);
  error.bytes += xep_0114::kClose;
  out_.emplace_back(std::move(error));
  out_.emplace_back(effect::Close{});
  state_ = Done{};
}

FailurePlace ComponentStream::place() const {
  return {identity_.domain, identity_.address, open()};
}

}  // namespace hansa::stream
