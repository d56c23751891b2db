#include "modules/disco/disco.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/room_fixture.h"

namespace hansa {
namespace {

constexpr std::string_view kAlice = "alice@a.example/street";
constexpr std::string_view kBob = "bob@b.example/desk";

struct Service {
  test::RoomFixture f{
      {}, [](rooms::Rooms&, engine::Router& router) { REQUIRE(disco::add_to(router).ok()); }};
  Service() { f.start(); }

  // Alice makes a room; `hidden`: and takes it from the list.
  void room(const std::string& name, bool hidden = false) {
    const std::string address = name + "@rooms.a.example";
    f.joins(kAlice, address + "/alice");
    f.says("<iq type='set' id='c' from='" + std::string(kAlice) + "' to='" + address +
           "'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' "
           "type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig"
           "</value></field><field var='muc#roomconfig_roomname'><value>The " +
           name + "</value></field><field var='muc#roomconfig_publicroom'><value>" +
           (hidden ? "0" : "1") + "</value></field></x></query></iq>");
    f.forget();
  }
  void ask(const std::string& payload) {
    f.says("<iq type='get' id='1' from='" + std::string(kBob) + "' to='rooms.a.example'>" +
           payload + "</iq>");
  }
  // The answer to a request for items with this <set/> content; nothing: without a <set/>.
  std::string items(const std::string& set = {}) {
    ask("<query xmlns='http://jabber.org/protocol/disco#items'>" +
        (set.empty() ? "" : "<set xmlns='http://jabber.org/protocol/rsm'>" + set + "</set>") +
        "</query>");
    std::string all;
    for (const std::string& xml : f.heard(kBob)) all += xml;
    return all;
  }
};

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++found;
  }
  return found;
}
bool has(const std::string& text, std::string_view what) { return count(text, what) != 0; }

TEST_CASE("disco §6.2: the rooms' domain says that it is a service of rooms") {
  Service s;
  s.ask("<query xmlns='http://jabber.org/protocol/disco#info'/>");
  CHECK(s.f.gets(kBob, {"<iq type='result' id='1' from='rooms.a.example'><query "
                        "xmlns='http://jabber.org/protocol/disco#info'>"
                        "<identity category='conference' type='text'/>"
                        "<feature var='http://jabber.org/protocol/disco#info'/>"
                        "<feature var='http://jabber.org/protocol/disco#items'/>"
                        "<feature var='http://jabber.org/protocol/muc'/>"
                        "<feature var='http://jabber.org/protocol/rsm'/>"
                        "</query></iq>"}) == "");
}

TEST_CASE("disco: whom to write to is told, if the operator says so (XEP-0157)") {
  const xep_0157::Contacts contacts{{"admin", {"mailto:a@a.example", "xmpp:a@a.example"}},
                                    {"abuse", {}}};
  test::RoomFixture f({}, [&](rooms::Rooms&, engine::Router& router) {
    REQUIRE(disco::add_to(router, {}, &contacts).ok());
  });
  f.start();
  f.says("<iq type='get' id='1' from='" + std::string(kBob) +
         "' to='rooms.a.example'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
  const std::vector<std::string> heard = f.heard(kBob);
  REQUIRE(heard.size() == 1);
  CHECK(has(heard[0], "http://jabber.org/network/serverinfo"));
  CHECK(has(heard[0], "<field var='admin-addresses' type='list-multi'><value>mailto:a@a.example"
                      "</value><value>xmpp:a@a.example</value></field>"));
  CHECK_FALSE(has(heard[0], "abuse-addresses"));
}

TEST_CASE("disco: a node that there is not is not found") {
  Service s;
  for (const std::string kind : {"info", "items"}) {
    s.ask("<query xmlns='http://jabber.org/protocol/disco#" + kind + "' node='x'/>");
    CHECK(s.f.gets(kBob, {"<iq type='error' id='1'><error type='cancel'><item-not-found "
                          "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"}) == "");
  }
}

TEST_CASE("disco §6.3: rooms are listed with their names, hidden ones are not") {
  Service s;
  s.room("garden");
  s.room("cellar", true);
  s.room("attic");
  const std::string all = s.items();
  CHECK(count(all, "<item ") == 2);
  CHECK(has(all, "The garden"));
  CHECK(has(all, "attic@rooms.a.example"));
  CHECK_FALSE(has(all, "cellar"));
  CHECK_FALSE(has(all, "<set"));  // not asked for, and nothing is left out
}

TEST_CASE("disco: no room is no item, and no page either") {
  Service s;
  CHECK(count(s.items(), "<item ") == 0);
  const std::string page = s.items("<max>10</max>");
  CHECK(has(page, "<count>0</count>"));
  CHECK_FALSE(has(page, "<first"));
}

TEST_CASE("disco §6.3: pages forward, one after the other, and each room once") {
  Service s;
  for (const char* name : {"a", "b", "c", "d", "e"}) s.room(name);
  s.room("bb", true);
  const std::string first = s.items("<max>2</max>");
  CHECK(count(first, "<item ") == 2);
  CHECK(has(first, "<first index='0'>a@rooms.a.example</first>"));
  CHECK(has(first, "<last>b@rooms.a.example</last>"));
  const std::string second = s.items("<max>2</max><after>b@rooms.a.example</after>");
  CHECK(has(second, "<first>c@rooms.a.example</first>"));
  CHECK(has(second, "<last>d@rooms.a.example</last>"));
  const std::string third = s.items("<max>2</max><after>d@rooms.a.example</after>");
  CHECK(count(third, "<item ") == 1);
  CHECK(has(third, "<last>e@rooms.a.example</last>"));
  const std::string none = s.items("<max>2</max><after>e@rooms.a.example</after>");
  CHECK(count(none, "<item ") == 0);
  // A room that is gone is still a place in the order.
  CHECK(has(s.items("<max>1</max><after>bz@rooms.a.example</after>"), "<first>c@"));
}

TEST_CASE("disco: pages backward, from the last one on") {
  Service s;
  for (const char* name : {"a", "b", "c"}) s.room(name);
  const std::string last = s.items("<max>2</max><before/>");
  CHECK(has(last, "<first index='1'>b@rooms.a.example</first>"));
  CHECK(has(last, "<last>c@rooms.a.example</last>"));
  CHECK(has(last, "<count>3</count>"));
  const std::string before = s.items("<max>2</max><before>b@rooms.a.example</before>");
  CHECK(count(before, "<item ") == 1);
  CHECK(has(before, "<first index='0'>a@rooms.a.example</first>"));
}

TEST_CASE("disco: a page of nothing tells how many rooms there are") {
  Service s;
  for (const char* name : {"a", "b", "c"}) s.room(name);
  const std::string page = s.items("<max>0</max>");
  CHECK(count(page, "<item ") == 0);
  CHECK(has(page, "<count>3</count>"));
}

TEST_CASE("disco: a page by its number is refused, and a page is bounded whatever is asked for") {
  Service s;
  CHECK(has(s.items("<max>2</max><index>4</index>"), "<feature-not-implemented"));
  for (int i = 0; i < 101; ++i) s.room("r" + std::to_string(1000 + i));
  CHECK(count(s.items("<max>100000</max>"), "<item ") == 100);
  const std::string plain = s.items();
  CHECK(count(plain, "<item ") == 100);
  CHECK(has(plain, "<last>r1099@rooms.a.example</last>"));  // there are others after these
  CHECK(count(s.items("<max>x</max>"), "<item ") == 100);
}

}  // namespace
}  // namespace hansa
