// XEP-0424 and XEP-0425: the documents' own examples, and those of the versions before.

#include "xep-spec/xep_0425_moderation.h"

#include <doctest/doctest.h>

#include "tests/support/document.h"
#include "xep-spec/xep_0424_retraction.h"

namespace hansa {
using test::document;

TEST_CASE("xep_0425: a moderator's request of either version is read, another one is not") {
  const auto parsed = [](const std::string& xml) { return xep_0425::parse(document(xml)->root()); };
  const auto now = parsed(
      "<moderate id='stanza-id-1' xmlns='urn:xmpp:message-moderate:1'>"
      "<retract xmlns='urn:xmpp:message-retract:1'/><reason>spam</reason></moderate>");
  REQUIRE(now.has_value());
  CHECK(now->id == "stanza-id-1");
  CHECK(now->reason == "spam");
  const auto old = parsed(
      "<apply-to id='stanza-id-1' xmlns='urn:xmpp:fasten:0'>"
      "<moderate xmlns='urn:xmpp:message-moderate:0'>"
      "<retract xmlns='urn:xmpp:message-retract:0'/><reason>spam</reason></moderate></apply-to>");
  REQUIRE(old.has_value());
  CHECK(old->id == "stanza-id-1");
  CHECK(old->reason == "spam");
  for (const char* other :
       {"<moderate id='x' xmlns='urn:xmpp:message-moderate:1'/>",
        "<moderate id='x' xmlns='urn:xmpp:message-moderate:1'>"
        "<retract xmlns='urn:xmpp:message-retract:0'/></moderate>",
        "<apply-to id='x' xmlns='urn:xmpp:fasten:0'><moderate "
        "xmlns='urn:xmpp:message-moderate:1'><retract xmlns='urn:xmpp:message-retract:1'/>"
        "</moderate></apply-to>",
        "<apply-to id='x' xmlns='urn:xmpp:fasten:0'/>", "<moderate xmlns='urn:example'/>"}) {
    CAPTURE(other);
    CHECK(!parsed(other));
  }
}

TEST_CASE("xep_0424: which message another one retracts") {
  const auto id = [](const std::string& content) {
    return xep_0424::retracted_id(document("<message>" + content + "</message>")->root());
  };
  CHECK(id("<retract id='s1' xmlns='urn:xmpp:message-retract:1'/>") == "s1");
  CHECK(id("<apply-to id='s1' xmlns='urn:xmpp:fasten:0'>"
           "<retract xmlns='urn:xmpp:message-retract:0'/></apply-to>") == "s1");
  CHECK(!id("<body>x</body>"));
  CHECK(!id("<retracted id='s1' xmlns='urn:xmpp:message-retract:1'/>"));
  CHECK(!id("<apply-to id='s1' xmlns='urn:xmpp:fasten:0'/>"));
}

TEST_CASE("xep_0425: what a room says of a moderation is read in either version, and no other") {
  const auto parsed = [](const std::string& xml) {
    return xep_0425::parse_announcement(document("<message>" + xml + "</message>")->root());
  };
  std::string both;
  xmpp::Writer writer(both);
  xep_0425::write_announcement(writer, "s1", {"lobby@b.example/bob", "o1", "spam"});
  const auto now = parsed(both);
  REQUIRE(now.has_value());
  CHECK(now->id == "s1");
  CHECK(now->moderated.by == "lobby@b.example/bob");
  CHECK(now->moderated.reason == "spam");
  const auto old = parsed(
      "<apply-to id='s1' xmlns='urn:xmpp:fasten:0'><moderated by='lobby@b.example/bob' "
      "xmlns='urn:xmpp:message-moderate:0'><retract xmlns='urn:xmpp:message-retract:0'/>"
      "<reason>spam</reason></moderated></apply-to>");
  REQUIRE(old.has_value());
  CHECK(old->id == "s1");
  CHECK(old->moderated.reason == "spam");
  CHECK(!parsed("<retract id='s1' xmlns='urn:xmpp:message-retract:1'/>"));  // its author's
  CHECK(
      !parsed("<apply-to id='s1' xmlns='urn:xmpp:fasten:0'><moderated by='x' "
              "xmlns='urn:xmpp:message-moderate:0'/></apply-to>"));
  CHECK(!parsed("<body>x</body>"));
}

}  // namespace hansa
