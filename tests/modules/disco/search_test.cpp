// XEP-0433: search among the rooms that everybody may know of.

#include "modules/disco/search.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/room_words.h"

namespace hansa::test {
namespace {

struct Service : RoomFixture {
  Service()
      : RoomFixture({}, [](rooms::Rooms&, engine::Router& rows) {
          REQUIRE(disco::add_search_to(rows).ok());
        }) {
    start();
  }
  static std::string field(std::string_view var, std::string_view value) {
    return joined({"<field var='", var, "'><value>", value, "</value></field>"});
  }
  void set(const std::string& address, const std::string& fields) {
    says(ask("set", kAlice,
             owner("<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>"
                   "http://jabber.org/protocol/muc#roomconfig</value></field>" +
                   fields + "</x>"),
             address));
    forget();
  }
  void room(const std::string& local, std::string_view name, std::string_view description) {
    const std::string address = local + "@rooms.a.example";
    joins(kAlice, address + "/alice");
    set(address,
        field("muc#roomconfig_roomname", name) + field("muc#roomconfig_roomdesc", description));
  }
  void send(const std::string& content) {
    says(joined({"<iq type='get' id='q' from='", kBob,
                 "' to='rooms.a.example'>"
                 "<search xmlns='urn:xmpp:channel-search:0:search'>",
                 content, "</search></iq>"}));
  }
  static std::string form(std::string_view fields) {
    return joined(
        {"<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>"
         "urn:xmpp:channel-search:0:search-params</value></field>",
         fields, "</x>"});
  }
  static std::string by_address(std::string_view fields) {
    return form(std::string(fields) + field("key", "{urn:xmpp:channel-search:0:order}address"));
  }
  // Localparts of what is found, in order.
  std::string found(const std::string& content) {
    forget();
    send(content);
    std::string text;
    for (const std::string& xml : heard(kBob)) {
      constexpr std::string_view kMark = "address='";
      for (std::size_t at = xml.find(kMark); at != std::string::npos;
           at = xml.find(kMark, at + 1)) {
        const std::size_t from = at + kMark.size();
        text += xml.substr(from, xml.find('@', from) - from) + " ";
      }
    }
    return text;
  }
  std::string refused(const std::string& content, std::string_view condition,
                      std::string_view detail) {
    const std::string_view type = detail == "no-search-conditions" ? "cancel" : "modify";
    forget();
    send(content);
    return gets(kBob, {joined({"<iq type='error'><error type='", type, "'><", condition,
                               " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><", detail,
                               " xmlns='urn:xmpp:channel-search:0:error'/></error></iq>"})});
  }
};

}  // namespace

TEST_CASE("search: words are looked for in name, description and address, in any case") {
  Service s;
  s.room("garden", "The Garden", "Apples and pears");
  s.room("cellar", "Äpfel im Keller", "Fruit");
  s.room("attic", "The attic", "");
  const auto q = [&](std::string_view words, std::string_view more = {}) {
    return s.found(Service::by_address(Service::field("q", words) + std::string(more)));
  };
  CHECK(q("the") == "attic garden ");
  CHECK(q("APPLES") == "garden ");
  CHECK(q("äpfel") == "cellar ");
  CHECK(q("pears apples") == "garden ");
  CHECK(q("&quot;pears apples&quot;") == "");
  CHECK(q("&quot;and pears&quot;") == "garden ");
  CHECK(q("cellar") == "cellar ");
  CHECK(q("cellar", Service::field("sinaddress", "0")) == "");
  CHECK(q("apples", Service::field("sindescription", "false")) == "");
  CHECK(q("attic", Service::field("sinname", "0") + Service::field("sinaddr", "0")) == "");
  CHECK(q("nothing like it") == "");
}

TEST_CASE("search: a result says what a room is") {
  Service s;
  s.room("garden", "The Garden", "Apples");
  s.send(Service::form(Service::field("q", "garden")));
  CHECK(s.gets(kBob, {"<iq type='result'><result xmlns='urn:xmpp:channel-search:0:search'>"
                      "<item address='garden@rooms.a.example'><name>The Garden</name>"
                      "<description>Apples</description><nusers>1</nusers>"
                      "<service-type>xep-0045</service-type><is-open>true</is-open>"
                      "<anonymity-mode>muc_semianonymous</anonymity-mode></item>"
                      "<set xmlns='http://jabber.org/protocol/rsm'><count>1</count></set>"
                      "</result></iq>"}) == "");
  s.set("garden@rooms.a.example", Service::field("muc#roomconfig_membersonly", "1") +
                                      Service::field("muc#roomconfig_whois", "anyone"));
  s.send(Service::form(Service::field("q", "garden")));
  const std::vector<std::string> closed = s.heard(kBob);
  REQUIRE(closed.size() == 1);
  CHECK(closed[0].find("is-open") == std::string::npos);
  CHECK(closed[0].find("<anonymity-mode>{urn:xmpp:channel-search:0:anonymity}none<") !=
        std::string::npos);
}

TEST_CASE("search: hidden rooms are not found, whatever is asked for") {
  Service s;
  s.room("garden", "The Garden", "");
  s.room("cellar", "The Cellar", "");
  s.set("cellar@rooms.a.example", Service::field("muc#roomconfig_publicroom", "0"));
  CHECK(s.found(Service::form(Service::field("all", "1"))) == "garden ");
  CHECK(s.found(Service::form(Service::field("q", "cellar"))) == "");
}

TEST_CASE("search: sorted by users or by address, and paged by either without a gap") {
  Service s;
  for (const char* name : {"a", "b", "c", "d", "e"}) s.room(name, name, "");
  s.joins(kAnn, "d@rooms.a.example/ann");
  s.joins(kBob, "d@rooms.a.example/bob");
  s.joins(kBob, "b@rooms.a.example/bob");
  const std::string all = Service::field("all", "true");
  CHECK(s.found(Service::form(all)) == "d b a c e ");
  CHECK(s.found(Service::by_address(all)) == "a b c d e ");
  CHECK(s.found(Service::form(all + Service::field("min_users", "2"))) == "d b ");
  const auto page = [&](const std::string& form, std::string_view set) {
    return s.found(form + joined({"<set xmlns='http://jabber.org/protocol/rsm'>", set, "</set>"}));
  };
  CHECK(page(Service::form(all), "<max>2</max>") == "d b ");
  CHECK(page(Service::form(all), "<max>2</max><after>2 b@rooms.a.example</after>") == "a c ");
  CHECK(page(Service::form(all), "<max>2</max><after>1 c@rooms.a.example</after>") == "e ");
  CHECK(page(Service::form(all), "<max>2</max><before/>") == "c e ");
  CHECK(page(Service::by_address(all), "<max>2</max><after>b@rooms.a.example</after>") == "c d ");
  CHECK(page(Service::by_address(all), "<max>2</max><before>c@rooms.a.example</before>") == "a b ");
  CHECK(page(Service::by_address(all), "<max>0</max>") == "");
  s.forget();
  s.send(Service::form(all) + "<set xmlns='http://jabber.org/protocol/rsm'><max>1</max></set>");
  CHECK(s.gets(kBob, {"<iq><result xmlns='urn:xmpp:channel-search:0:search'>"
                      "<set xmlns='http://jabber.org/protocol/rsm'><first index='0'>"
                      "3 d@rooms.a.example</first><last>3 d@rooms.a.example</last>"
                      "<count>5</count></set></result></iq>"}) == "");
}

TEST_CASE("search: without anything to look for, and other bad searches, are refused by name") {
  Service s;
  s.room("garden", "The Garden", "");
  CHECK(s.refused(Service::form(""), "bad-request", "no-search-conditions") == "");
  CHECK(s.refused("<x xmlns='jabber:x:data' type='submit'/>", "bad-request",
                  "no-search-conditions") == "");
  CHECK(s.refused(Service::form(Service::field("q", "  ")), "bad-request",
                  "invalid-search-terms") == "");
  CHECK(s.refused(Service::form(Service::field("q", "x") + Service::field("all", "1")),
                  "bad-request", "conflicting-fields") == "");
  CHECK(s.refused(Service::form(Service::field("q", "x") + Service::field("key", "size")),
                  "feature-not-implemented", "invalid-sort-key") == "");
  CHECK(s.found(Service::form(Service::field("all", "1") + Service::field("types", "xep-0369"))) ==
        "");
  CHECK(s.found(Service::form(Service::field("all", "1") + Service::field("other", "x"))) ==
        "garden ");
}

TEST_CASE("search: its form is told to whoever asks") {
  Service s;
  s.send("");
  CHECK(s.gets(kBob, {"<iq type='result'><search xmlns='urn:xmpp:channel-search:0:search'>"
                      "<x xmlns='jabber:x:data' type='form'><field var='FORM_TYPE' type='hidden'>"
                      "<value>urn:xmpp:channel-search:0:search-params</value></field>"
                      "<field var='q'/><field var='all'/><field var='key'/></x></search></iq>"}) ==
        "");
}

}  // namespace hansa::test
