#include "stream/component_failure.h"

#include <doctest/doctest.h>

#include "tests/stream/component_dialogue.h"

using namespace hansa::stream;
using namespace hansa::stream::testing;
using Lines = std::vector<std::string>;

namespace {

// The bytes of these dialogues are those of Prosody 0.12.3 and ejabberd 23.01.
std::string failure_line(std::string_view first, std::string_view second = {}) {
  Dialogue dialogue;
  (void)dialogue.on(event::Connected{});
  Lines lines = dialogue.says(first);
  if (!second.empty()) lines = dialogue.says(second);
  for (const std::string& line : lines) {
    if (line.starts_with("failed ")) return line.substr(7);
  }
  return {};
}

bool contains(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("component failure: Prosody refuses the secret") {
  const std::string line = failure_line(
      kHeader,
      "<stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
      "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Given token does not match calculated "
      "token</text></stream:error></stream:stream>");
  CHECK(line.starts_with("rooms.a.example: the host at 127.0.0.1:5347 refused the secret"));
  CHECK(contains(line, "component_secret of Component \"rooms.a.example\" in prosody.cfg.lua"));
  CHECK(contains(line, "hosts: \"rooms.a.example\": password"));
  CHECK(contains(line, "[node.host] secret"));
  CHECK(contains(line, "\"Given token does not match calculated token\""));
  CHECK(contains(line, "[later]"));
  CHECK_FALSE(contains(line, "s<>cret"));
}

TEST_CASE("component failure: Prosody does not know the name, and has no stream id for it") {
  const std::string line = failure_line(
      "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
      "xmlns:stream='http://etherx.jabber.org/streams' id='' version='1.0'><stream:error>"
      "<host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text "
      "xmlns='urn:ietf:params:xml:ns:xmpp-streams'>rooms.a.example does not match any configured "
      "external components</text></stream:error></stream:stream>");
  CHECK(contains(line, "add Component \"rooms.a.example\" with a component_secret"));
  CHECK(contains(line, "[later]"));
}

TEST_CASE("component failure: the name is taken") {
  const std::string line =
      failure_line(kHeader,
                   "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text "
                   "xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Component already connected</text>"
                   "</stream:error></stream:stream>");
  CHECK(contains(line, "another component is connected as \"rooms.a.example\""));
  CHECK(contains(line, "component_conflict_resolve"));
  CHECK(contains(line, "[later]"));
}

TEST_CASE("component failure: the name is one of ejabberd's own hosts") {
  const std::string line = failure_line(
      std::string(kHeader) +
      "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xml:lang='en' "
      "xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Unable to register route on existing local "
      "domain</text></stream:error></stream:stream>");
  CHECK(contains(line, "is also a VirtualHost (ejabberd.yml: hosts) of the host itself"));
}

TEST_CASE("component failure: another connection takes the name from an open stream") {
  Dialogue dialogue;
  dialogue.open();
  const Lines lines = dialogue.says(
      "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
  CHECK(contains(lines.front(), "gave this name to another connection"));
  CHECK(lines.back() == "close");
}

TEST_CASE("component failure: a host that shuts down is soon tried again") {
  Dialogue dialogue;
  dialogue.open();
  const Lines lines = dialogue.says(
      "<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
      "</stream:error>");
  CHECK(contains(lines.front(), "ended the stream: it is shutting down [soon]"));
}

TEST_CASE("component failure: words of the host cannot forge a line") {
  const std::string line = failure_line(
      kHeader,
      "<stream:error><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text "
      "xmlns='urn:ietf:params:xml:ns:xmpp-streams'>x&#10;2026-01-01 all is well</text>"
      "</stream:error>");
  CHECK_FALSE(contains(line, "\n"));
  CHECK(contains(line, "with the error \"undefined-condition\""));
}
