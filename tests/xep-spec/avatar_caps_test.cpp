// XEP-0060, XEP-0084, XEP-0115: what an identity shows of itself.

#include <doctest/doctest.h>

#include "tests/support/document.h"
#include "xep-spec/xep_0060_pubsub.h"
#include "xep-spec/xep_0084_avatar.h"
#include "xep-spec/xep_0115_caps.h"

namespace hansa {
using test::document;

namespace {

// The signature, and a first chunk for 2 by 3 pixels.
constexpr const char* kPng = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAYAAAA=";

std::string written(const std::optional<xep_0084::Metadata>& metadata) {
  std::string xml;
  xmpp::Writer writer(xml);
  xep_0084::write(writer, metadata);
  return xml;
}

auto picture(const std::string& content) {
  return xep_0084::picture_of(
      document("<vCard xmlns='vcard-temp'>" + content + "</vCard>")->root());
}

}  // namespace

TEST_CASE("xep_0115: the hash of the specification's simple example (§5.2)") {
  xep_0030::Info info;
  info.identities.push_back({"client", "pc", "Exodus 0.9.1"});
  info.features = {"http://jabber.org/protocol/muc", "http://jabber.org/protocol/caps",
                   "http://jabber.org/protocol/disco#items",
                   "http://jabber.org/protocol/disco#info"};
  CHECK(xep_0115::verification(info) == "QgayPKawpkPSDYmwT/WM94uAlu0=");
  const xep_0115::Caps caps{"urn:x", "QgayPKawpkPSDYmwT/WM94uAlu0="};
  CHECK(caps.info_node() == "urn:x#QgayPKawpkPSDYmwT/WM94uAlu0=");
  info.features.pop_back();
  CHECK(xep_0115::verification(info) != caps.ver);
}

TEST_CASE("xep_0115: forms count by their FORM_TYPE, in order; one without it does not") {
  xep_0030::Info info;
  info.identities.push_back({"account", "registered", {}});
  const std::string plain = xep_0115::verification(info);
  info.forms.push_back({"result", {}, {}, {{"a", {}, {}, {"1"}, {}}}});
  CHECK(xep_0115::verification(info) == plain);
  xep_0004::Form one{"result", {}, {}, {xep_0004::hidden("FORM_TYPE", "urn:1"), {}}};
  one.fields[1].var = "v";
  one.fields[1].values = {"y", "x"};
  xep_0004::Form two{"result", {}, {}, {xep_0004::hidden("FORM_TYPE", "urn:1-2")}};
  info.forms = {two, one};
  const std::string both = xep_0115::verification(info);
  CHECK(both != plain);
  std::swap(one.fields[0], one.fields[1]);
  one.fields[0].values = {"x", "y"};
  info.forms = {one, two};
  CHECK(xep_0115::verification(info) == both);
}

TEST_CASE("xep_0084: a picture of a card: its hash, its size, and of a PNG its measures") {
  const auto png =
      picture("<PHOTO><TYPE>image/x</TYPE><BINVAL>\n " + std::string(kPng) + "\n</BINVAL></PHOTO>");
  REQUIRE(png);
  CHECK(png->base64 == kPng);
  CHECK(png->metadata.width == 2);
  CHECK(png->metadata.height == 3);
  CHECK(png->metadata.type == "image/png");
  const auto other = picture("<PHOTO><TYPE>image/gif</TYPE><BINVAL>YWJj</BINVAL></PHOTO>");
  REQUIRE(other);
  CHECK(written(other->metadata) ==
        "<metadata xmlns='urn:xmpp:avatar:metadata'><info bytes='3' "
        "id='a9993e364706816aba3e25717850c26c9cd0d89d' type='image/gif'/></metadata>");
  CHECK(written(std::nullopt) == "<metadata xmlns='urn:xmpp:avatar:metadata'/>");
}

TEST_CASE("xep_0084: what is no picture is none, what is no type is not repeated") {
  CHECK_FALSE(picture(""));
  CHECK_FALSE(picture("<PHOTO><EXTVAL>http://x</EXTVAL></PHOTO>"));
  CHECK_FALSE(picture("<PHOTO><BINVAL>?</BINVAL></PHOTO>"));
  for (const char* type : {"", "text/html", "image/", "image/a b", "video/mp4"}) {
    const auto one =
        picture("<PHOTO><TYPE>" + std::string(type) + "</TYPE><BINVAL>YWJj</BINVAL></PHOTO>");
    REQUIRE(one);
    CHECK(one->metadata.type == "image/png");
  }
}

TEST_CASE("xep_0060: items are asked for by node and id; anything else is not that") {
  const auto wanted = [](const std::string& content) {
    return xep_0060::parse_wanted(
        document("<pubsub xmlns='http://jabber.org/protocol/pubsub'>" + content + "</pubsub>")
            ->root());
  };
  const auto one = wanted("<items node='n'><item id='1'/><item id='2'/></items>");
  REQUIRE(one);
  CHECK(one->node == "n");
  CHECK(one->ids == std::vector<std::string>{"1", "2"});
  CHECK(wanted("<items node='n'/>")->ids.empty());
  for (const char* none : {"", "<items/>", "<subscriptions/>", "<items xmlns='x' node='n'/>"}) {
    CHECK_FALSE(wanted(none));
  }
  std::string xml;
  xmpp::Writer writer(xml);
  xep_0060::write_event(writer, {"n", {}, "<a xmlns='x'/>"});
  CHECK(xml ==
        "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='n'><item>"
        "<a xmlns='x'/></item></items></event>");
}

}  // namespace hansa
