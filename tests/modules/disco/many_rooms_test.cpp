// Lists of more rooms than may be looked at for one page, and stores of before there was a list.

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>

#include "modules/disco/bring_up.h"
#include "modules/disco/disco.h"
#include "modules/disco/search.h"
#include "tests/support/room_words.h"

namespace hansa::test {
namespace {

constexpr std::size_t kRooms = 17'000;  // more than were ever looked at for one page
constexpr std::string_view kBegin = "jabber:x:data' type='submit'><field var='FORM_TYPE'><value>";

std::string field(std::string_view var, std::string_view value) {
  return joined({"<field var='", var, "'><value>", value, "</value></field>"});
}

struct Service : RoomFixture {
  Service()
      : RoomFixture({}, [](rooms::Rooms&, engine::Router& rows) {
          REQUIRE(disco::add_to(rows).ok());
          REQUIRE(disco::add_search_to(rows).ok());
        }) {
    start();
  }

  // Rows as rooms write them; the rooms themselves are not asked for a page.
  void fill() {
    storage::Batch batch;
    storage::BatchNumber last = 0;
    const auto write = [&] {
      store.append({"node", "filler"}, last++, std::move(batch), [](auto) {});
      batch = {};
      run();
    };
    for (std::size_t i = 0; i < kRooms; ++i) {
      rooms::ListedRoom room;
      room.address = "r" + std::to_string(100'000 + i) + "@rooms.a.example";
      room.name = i == kRooms - 1 ? "The needle" : "Hay";
      room.users = i % 5;
      const std::string row = rooms::write_listed(room);
      batch.index.push_back({rooms::listed_key(room.address), row});
      batch.index.push_back({rooms::busy_key(room.users, room.address), row});
      if (batch.index.size() == 2000) write();
    }
    write();
  }
  void set(const std::string& address, const std::string& fields) {
    says(ask("set", kAlice,
             owner(joined({"<x xmlns='", kBegin,
                           "http://jabber.org/protocol/muc#roomconfig"
                           "</value></field>",
                           fields, "</x>"})),
             address));
  }
  // A room that stays when Alice has left it.
  void room(const std::string& local) {
    const std::string address = local + "@rooms.a.example";
    joins(kAlice, address + "/alice");
    set(address,
        field("muc#roomconfig_roomname", local) + field("muc#roomconfig_persistentroom", "1"));
    says(joined({"<presence type='unavailable' from='", kAlice, "' to='", address, "/alice'/>"}));
    forget();
  }
  std::string heard_by_bob() {
    std::string all;
    for (const std::string& xml : heard(kBob)) all += xml;
    return all;
  }
  std::string items(const std::string& set) {
    says(joined({"<iq type='get' id='1' from='", kBob,
                 "' to='rooms.a.example'>"
                 "<query xmlns='http://jabber.org/protocol/disco#items'>"
                 "<set xmlns='http://jabber.org/protocol/rsm'>",
                 set, "</set></query></iq>"}));
    return heard_by_bob();
  }
  std::string search(const std::string& fields, const std::string& set) {
    says(joined({"<iq type='get' id='q' from='", kBob,
                 "' to='rooms.a.example'>"
                 "<search xmlns='urn:xmpp:channel-search:0:search'><x xmlns='",
                 kBegin, "urn:xmpp:channel-search:0:search-params</value></field>", fields,
                 "</x>"
                 "<set xmlns='http://jabber.org/protocol/rsm'>",
                 set, "</set></search></iq>"}));
    return heard_by_bob();
  }
};

// What stands between two marks, after the first of them.
std::string between(const std::string& xml, std::string_view from, std::string_view to) {
  const std::size_t at = xml.find(from);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + from.size();
  return xml.substr(begin, xml.find(to, begin) - begin);
}
std::string last_of(const std::string& xml) { return between(xml, "<last>", "<"); }
std::string first_of(const std::string& xml) {
  const std::string first = between(xml, "<first", "</first>");
  return first.substr(first.find('>') + 1);
}
std::vector<std::string> values(const std::string& xml, const std::string& mark) {
  std::vector<std::string> all;
  for (std::size_t at = xml.find(mark); at != std::string::npos; at = xml.find(mark, at + 1)) {
    const std::size_t from = at + mark.size();
    all.push_back(xml.substr(from, xml.find('@', from) - from));
  }
  return all;
}

// All pages, one after the other, forward or backward.
template <typename Page>
std::vector<std::string> walk(Page page, const std::string& mark, bool back) {
  std::vector<std::string> all;
  std::string place;
  for (std::size_t i = 0; i < 2 * kRooms / 100; ++i) {
    std::string set = "<max>100</max>";
    if (back) set += "<before>" + place + "</before>";
    if (!back && !place.empty()) set += "<after>" + place + "</after>";
    const std::string xml = page(set);
    std::vector<std::string> found = values(xml, mark);
    place = back ? first_of(xml) : last_of(xml);
    if (place.empty()) return all;
    all.insert(back ? all.begin() : all.end(), found.begin(), found.end());
  }
  FAIL("there is no end");
  return all;
}

void check_all(const std::vector<std::string>& all) {
  CHECK(all.size() == kRooms);
  CHECK(std::set<std::string>(all.begin(), all.end()).size() == kRooms);
}

}  // namespace

TEST_CASE("disco: any number of rooms is listed, page by page, forward and backward") {
  Service s;
  s.fill();
  const auto page = [&](const std::string& set) { return s.items(set); };
  const auto forward = walk(page, "jid='", false);
  check_all(forward);
  CHECK(std::is_sorted(forward.begin(), forward.end()));
  CHECK(walk(page, "jid='", true) == forward);
  // They are too many to be counted for each page; those that were counted are told if asked.
  CHECK(s.items("<max>1</max>").find("<count>") == std::string::npos);
  CHECK(s.items("<max>1</max>").find("<first index='0'>r100000@") != std::string::npos);
  CHECK(s.items("<max>0</max>").find("<count>3968</count>") != std::string::npos);
  CHECK(s.items("<index>3</index>").find("<feature-not-implemented") != std::string::npos);
}

TEST_CASE("search: any number of rooms is found, by address and by users, both ways") {
  Service s;
  s.fill();
  const std::string all = field("all", "1");
  const std::string key = field("key", "{urn:xmpp:channel-search:0:order}address");
  const auto by_address = [&](const std::string& set) { return s.search(all + key, set); };
  const auto by_users = [&](const std::string& set) { return s.search(all, set); };
  const auto addresses = walk(by_address, "address='", false);
  check_all(addresses);
  CHECK(std::is_sorted(addresses.begin(), addresses.end()));
  CHECK(walk(by_address, "address='", true) == addresses);
  const auto users = walk(by_users, "address='", false);
  check_all(users);
  CHECK(users.front() == "r100004");
  CHECK(users.back() == "r116995");
  CHECK(walk(by_users, "address='", true) == users);
  const auto busy = [&](const std::string& set) {
    return s.search(all + field("min_users", "4"), set);
  };
  CHECK(walk(busy, "address='", false).size() == kRooms / 5);
  CHECK(walk(busy, "address='", true).size() == kRooms / 5);
}

TEST_CASE("search: what is rare is found by going on from where a page has stopped") {
  Service s;
  s.fill();
  const std::string needle =
      field("q", "needle") + field("key", "{urn:xmpp:channel-search:0:order}address");
  const std::string first = s.search(needle, "<max>10</max>");
  CHECK(first.find("<item") == std::string::npos);
  CHECK(last_of(first) == "r108063@rooms.a.example");  // so many were looked at, and no more
  CHECK(first.find("<count>") == std::string::npos);
  const auto page = [&](const std::string& set) { return s.search(needle, set); };
  CHECK(walk(page, "address='", false) == std::vector<std::string>{"r116999"});
  CHECK(walk(page, "address='", true) == std::vector<std::string>{"r116999"});
  const auto none = [&](const std::string& set) { return s.search(field("q", "pin"), set); };
  CHECK(walk(none, "address='", false).empty());
  CHECK(walk(none, "address='", true).empty());
}

TEST_CASE("disco: a room is listed as it is: renamed, hidden, destroyed, after a crash as well") {
  Service s;
  s.fill();
  const std::string address = "r105000x@rooms.a.example";
  const auto here = [&] { return s.items("<max>1</max><after>r105000@rooms.a.example</after>"); };
  s.room("r105000x");
  CHECK(here().find("name='r105000x'") != std::string::npos);
  s.set(address, field("muc#roomconfig_roomname", "Other"));
  s.crash();
  s.start();
  CHECK(here().find("name='Other'") != std::string::npos);
  s.set(address, field("muc#roomconfig_publicroom", "0"));
  CHECK(here().find("r105001@") != std::string::npos);
  s.set(address, field("muc#roomconfig_publicroom", "1"));
  CHECK(here().find("r105000x@") != std::string::npos);
  s.says(ask("set", kAlice, owner("<destroy/>"), address));
  CHECK(here().find("r105001@") != std::string::npos);
  const std::string found = s.search(field("q", "other"), "<max>5</max>");
  CHECK(found.find("r105000x") == std::string::npos);
}

TEST_CASE("search: users are those who are in, also after a crash, and one nick is one") {
  Service s;
  s.room("garden");
  const auto users = [&] {
    return between(s.search(field("q", "garden"), "<max>1</max>"), "<nusers>", "<");
  };
  CHECK(users() == "0");
  s.joins(kAnn, "garden@rooms.a.example/ann");
  s.joins("ann@a.example/desk", "garden@rooms.a.example/ann");
  s.joins(kBob, "garden@rooms.a.example/bob");
  CHECK(users() == "2");
  s.crash();
  s.start();
  CHECK(users() == "2");
  s.says(
      joined({"<presence type='unavailable' from='", kAnn, "' to='garden@rooms.a.example/ann'/>"}));
  CHECK(users() == "2");
  s.says(
      "<presence type='unavailable' from='ann@a.example/desk' to='garden@rooms.a.example/ann'/>");
  s.forget();
  CHECK(users() == "1");
}

namespace {

// The store as it was before rooms wrote rows: all of these, and the notes of them, are gone.
void unlist(Service& s) {
  std::vector<storage::KeyValue> rows;
  const auto take = [&](auto found) { rows.insert(rows.end(), found->begin(), found->end()); };
  s.store.scan_index("node", "listed", "listed0", 1000, take);
  s.store.scan_index("node", "busy/", "busy0", 1000, take);
  std::vector<storage::KeyValue> rooms;
  s.store.addresses("node", "", 1000, [&](auto found) { rooms = *found; });
  while (s.queue.step()) {
  }
  for (const auto& [address, log_id] : rooms) {
    storage::BatchNumber last = 0;
    s.store.load({"node", log_id}, [&](auto log) { last = log->last_batch; });
    while (s.queue.step()) {
    }
    storage::Batch batch;
    batch.notes.push_back({std::string(rooms::kListedNote), std::nullopt});
    for (const auto& [key, value] : rows) batch.index.push_back({key, std::nullopt});
    s.store.append({"node", log_id}, last, std::move(batch), [](auto) {});
    while (s.queue.step()) {
    }
  }
}

void list_older(Service& s) {
  disco::list_older_rooms(*s.engine, [] { return true; });
  s.run();
}

}  // namespace

TEST_CASE("disco: rooms of before there was a list are listed once all were loaded") {
  Service s;
  for (int i = 0; i < 70; ++i) s.room("r" + std::to_string(1000 + i));
  s.set("r1003@rooms.a.example", field("muc#roomconfig_publicroom", "0"));
  s.crash();
  unlist(s);
  s.start();
  CHECK(s.items("<max>100</max>").find("<item") == std::string::npos);
  list_older(s);
  const std::string listed = s.items("<max>100</max>");
  CHECK(values(listed, "jid='").size() == 69);
  CHECK(listed.find("r1003@") == std::string::npos);
  CHECK(s.search(field("q", "r1069"), "<max>1</max>").find("r1069@") != std::string::npos);
}

TEST_CASE(
    "disco: an older room that is entered is listed at once, and a pass that ends early goes "
    "on at the next start") {
  Service s;
  for (int i = 0; i < 70; ++i) s.room("r" + std::to_string(1000 + i));
  s.crash();
  unlist(s);
  s.start();
  s.joins(kBob, "r1069@rooms.a.example/bob");
  CHECK(values(s.items("<max>100</max>"), "jid='") == std::vector<std::string>{"r1069"});
  disco::list_older_rooms(*s.engine, [] { return false; });
  s.run();
  CHECK(values(s.items("<max>100</max>"), "jid='").size() == 65);
  s.crash();
  s.start();
  list_older(s);
  CHECK(values(s.items("<max>100</max>"), "jid='").size() == 70);
}

}  // namespace hansa::test
