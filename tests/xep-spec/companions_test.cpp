// Small pairs: XEP-0153, XEP-0317, XEP-0372, XEP-0433, XEP-0463; beside each form that is read one
// that is not.

#include <doctest/doctest.h>

#include "tests/support/document.h"
#include "xep-spec/xep_0153_vcard_avatar.h"
#include "xep-spec/xep_0317_hats.h"
#include "xep-spec/xep_0372_references.h"
#include "xep-spec/xep_0433_channel_search.h"
#include "xep-spec/xep_0463_affiliation_versions.h"

namespace hansa {
using test::document;

TEST_CASE("xep_0153: the hash of each photo of a card; what is not base64 is refused") {
  const auto hashes = [](const std::string& content) {
    return xep_0153::photo_hashes(
        document("<vCard xmlns='vcard-temp'>" + content + "</vCard>")->root());
  };
  CHECK(hashes("<PHOTO><BINVAL>YWJj</BINVAL></PHOTO><PHOTO><BINVAL/></PHOTO>") ==
        std::vector<std::string>{"a9993e364706816aba3e25717850c26c9cd0d89d"});
  CHECK(hashes("<PHOTO><EXTVAL>http://x</EXTVAL></PHOTO>")->empty());
  CHECK(!hashes("<PHOTO><BINVAL>?</BINVAL></PHOTO>"));
}

TEST_CASE("xep_0317: a hue is a number of degrees; the hash follows the list") {
  for (const char* good : {"", "0", "327.255249", "360"}) CHECK(xep_0317::is_hue(good));
  for (const char* bad : {"-1", "361", "1.2.3", "red", " 1", "1e2", "12345678901234567"}) {
    CAPTURE(bad);
    CHECK(!xep_0317::is_hue(bad));
  }
  xep_0317::Hats hats{{"urn:1", {"urn:1", "A", ""}}};
  const std::string before = xep_0317::hash_of(hats);
  CHECK(before == xep_0317::hash_of(hats));
  hats["urn:1"].title = "B";
  CHECK(before != xep_0317::hash_of(hats));
}

TEST_CASE("xep_0372: the addresses that a message mentions, and no others") {
  const auto message = document(
      "<message><reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:a@a.example'/>"
      "<reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:r@x/Nick?join'/>"
      "<reference xmlns='urn:xmpp:reference:0' type='data' uri='xmpp:b@a.example'/>"
      "<reference xmlns='urn:xmpp:reference:0' type='mention' uri='https://a.example'/></message>");
  CHECK(xep_0372::mentions(message->root()) == std::vector<std::string>{"a@a.example", "r@x/Nick"});
}

TEST_CASE("xep_0463: who asks at a join, with which version") {
  const auto asked = [](const std::string& x) {
    return xep_0463::asked(document("<presence>" + x + "</presence>")->root());
  };
  CHECK(asked("<x xmlns='http://jabber.org/protocol/muc'>"
              "<mav xmlns='urn:xmpp:muc:affiliations:1' since='v1'/></x>") == "v1");
  CHECK(asked("<x xmlns='http://jabber.org/protocol/muc'>"
              "<mav xmlns='urn:xmpp:muc:affiliations:1'/></x>") == "");
  CHECK(!asked("<x xmlns='http://jabber.org/protocol/muc'/>"));
  CHECK(!asked("<mav xmlns='urn:xmpp:muc:affiliations:1' since='v1'/>"));
  CHECK(
      !asked("<x xmlns='http://jabber.org/protocol/muc'>"
             "<mav xmlns='urn:xmpp:muc:affiliations:0' since='v1'/></x>"));
}

TEST_CASE("xep_0433: what is searched for, by what it is sorted, and what is wrong with it") {
  const auto parsed = [](const std::string& fields) {
    return xep_0433::parse(
        document("<search xmlns='urn:xmpp:channel-search:0:search'><x xmlns='jabber:x:data' "
                 "type='submit'><field var='FORM_TYPE'><value>"
                 "urn:xmpp:channel-search:0:search-params</value></field>" +
                 fields + "</x></search>")
            ->root());
  };
  const auto good = parsed(
      "<field var='q'><value>x</value></field><field var='sinname'><value>0</value></field>"
      "<field var='key'><value>{urn:xmpp:channel-search:0:order}address</value></field>");
  CHECK(!good.refusal);
  CHECK(good.search.terms == "x");
  CHECK(!good.search.in_name);
  CHECK(good.search.in_description);
  CHECK(good.search.key == xep_0433::Key::address);
  CHECK(parsed("<field var='q'><value>\" \"</value></field>").refusal.has_value());
  CHECK(parsed("").refusal.has_value());
}

}  // namespace hansa
