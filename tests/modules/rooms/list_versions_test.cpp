// Versions of the member list (XEP-0463): what a joining client is told, and how changes are.

#include <doctest/doctest.h>

#include "base/limits.h"
#include "tests/support/room_words.h"

namespace hansa::test {
namespace {

std::string mav(std::string_view since = {}) {
  std::string out = "<mav xmlns='urn:xmpp:muc:affiliations:1'";
  if (!since.empty()) out += joined({" since='", since, "'"});
  return out + "/><history maxstanzas='0'/>";
}
std::string value_of(const std::string& xml, std::string_view name) {
  const std::size_t at = xml.find("<mav ");
  const std::size_t end = xml.find('>', at);
  const std::string mark = " " + std::string(name) + "='";
  const std::size_t from = at == std::string::npos ? at : xml.find(mark, at);
  if (from == std::string::npos || from > end) return {};
  const std::size_t start = from + mark.size();
  return xml.substr(start, xml.find('\'', start) - start);
}
// "jid affiliation" of each item, in order.
std::string items_of(const std::string& xml) {
  std::string out;
  constexpr std::string_view kMark = "<item jid='";
  for (std::size_t at = xml.find(kMark); at != std::string::npos; at = xml.find(kMark, at + 1)) {
    const std::size_t from = at + kMark.size();
    const std::size_t to = xml.find("' affiliation='", from);
    const std::size_t start = to + 15;
    out +=
        xml.substr(from, to - from) + " " + xml.substr(start, xml.find('\'', start) - start) + ";";
  }
  return out;
}

struct Listed : RoomFixture {
  Listed() {
    start();
    says(join(kAlice, "Alice", mav()));
    forget();
  }
  void set(std::string_view items) {
    says(ask("set", kAlice, admin(items)));
    forget();
  }
  void set_one(std::string_view jid, std::string_view affiliation) {
    set(joined({"<item jid='", jid, "' affiliation='", affiliation, "'/>"}));
  }
  // Alice's second client comes in with that version: what it is sent before any presence.
  std::vector<std::string> list(std::string_view since = {}) {
    forget();
    says(join(kDesk, "Alice", mav(since)));
    std::vector<std::string> messages;
    version.clear();
    bool presence = false;
    for (const std::string& xml : heard(kDesk)) {
      if (xml.starts_with("<presence")) {
        presence = true;
        if (xml.find("code='110'") != std::string::npos) version = value_of(xml, "until");
      } else if (xml.find("<mav ") != std::string::npos || xml.find("error") != std::string::npos) {
        CHECK(!presence);
        messages.push_back(xml);
      }
    }
    says(leave(kDesk, "Alice"));
    forget();
    return messages;
  }
  static constexpr std::string_view kDesk = "alice@a.example/other";
  std::string version;  // of the list, as of the last join
};

}  // namespace

TEST_CASE("list versions: who has none gets the whole list, and the version in his presence") {
  Listed f;
  f.set_one("ann@a.example", "member");
  f.set_one("bob@b.example", "outcast");
  const auto all = f.list();
  REQUIRE(all.size() == 1);
  CHECK(items_of(all[0]) == "alice@a.example owner;ann@a.example member;bob@b.example outcast;");
  CHECK(value_of(all[0], "since").empty());
  CHECK(!f.version.empty());
  CHECK(value_of(all[0], "until") == f.version);
}

TEST_CASE("list versions: who has an old one gets what changed since, after a restart as well") {
  Listed f;
  f.set_one("ann@a.example", "member");
  f.set_one("carol@a.example", "member");
  f.list();
  const std::string old = f.version;
  f.set_one("ann@a.example", "none");
  f.set_one("carol@a.example", "admin");
  f.set_one("dan@a.example", "member");
  f.set_one("dan@a.example", "none");
  for (int restart = 0; restart < 2; ++restart) {
    const auto diff = f.list(old);
    REQUIRE(diff.size() == 1);
    CHECK(items_of(diff[0]) == "ann@a.example none;carol@a.example admin;dan@a.example none;");
    CHECK(value_of(diff[0], "since") == old);
    CHECK(value_of(diff[0], "until") == f.version);
    f.crash();
    f.start();
  }
  CHECK(f.list(f.version).empty());  // nothing changed
  CHECK(!f.version.empty());
}

TEST_CASE("list versions: of an unknown version, or another room's, all is told") {
  Listed f;
  f.list();
  const std::string known = f.version;
  for (const std::string& unknown :
       {std::string("x"), known + "0", known + "x", known.substr(0, known.find('.')) + ".-1",
        "aaaaaaaaaa." + known.substr(known.find('.') + 1)}) {
    const auto all = f.list(unknown);
    REQUIRE(all.size() == 1);
    CHECK(items_of(all[0]) == "alice@a.example owner;");
    CHECK(value_of(all[0], "since").empty());
  }
}

TEST_CASE("list versions: a long list comes in parts, each from where the one before ended") {
  Listed f;
  for (std::size_t batch = 0; batch < 3; ++batch) {
    std::string items;
    for (std::size_t i = 0; i < limits::kListPart; ++i) {
      items +=
          "<item affiliation='member' jid='m" + std::to_string(batch * 1000 + i) + "@a.example'/>";
    }
    f.set(items);
  }
  const auto parts = f.list();
  REQUIRE(parts.size() == 4);
  CHECK(value_of(parts[0], "since").empty());
  for (std::size_t i = 1; i < parts.size(); ++i) {
    CHECK(value_of(parts[i], "since") == value_of(parts[i - 1], "until"));
  }
  CHECK(value_of(parts[3], "until") == f.version);
  // Whoever got no further than a part goes on from there.
  const auto rest = f.list(value_of(parts[1], "until"));
  REQUIRE(rest.size() == 2);
  CHECK(items_of(rest[0]) == items_of(parts[2]));
}

TEST_CASE("list versions: only so many who were removed are remembered; then all is told") {
  Listed f;
  f.list();
  const std::string oldest = f.version;
  for (std::size_t batch = 0; batch < 3; ++batch) {  // 400 come and go, three times
    for (const std::string_view affiliation : {"member", "none"}) {
      std::string items;
      for (std::size_t i = 0; i < 400; ++i) {
        items += joined({"<item affiliation='", affiliation, "' jid='m",
                         std::to_string(batch * 1000 + i), "@a.example'/>"});
      }
      f.set(items);
    }
  }
  const auto all = f.list(oldest);
  REQUIRE(all.size() == 1);
  CHECK(value_of(all[0], "since").empty());
  CHECK(items_of(all[0]) == "alice@a.example owner;");
  const std::string known = f.version;
  f.set_one("ann@a.example", "member");
  f.set_one("ann@a.example", "none");
  CHECK(items_of(f.list(known).at(0)) == "ann@a.example none;");
}

TEST_CASE("list versions: each change is told with the versions before and after it") {
  Listed f;
  f.joins(kAnn, "support@rooms.a.example/Ann");
  f.list();
  const std::string before = f.version;
  f.says(ask("set", kAlice, admin("<item jid='ann@a.example' affiliation='member'/>")));
  auto told = f.heard(kAlice);
  REQUIRE(told.size() == 2);  // the result, her presence
  CHECK(value_of(told[1], "since") == before);
  const std::string after = value_of(told[1], "until");
  CHECK(after != before);
  f.forget();
  f.says(ask("set", kAlice,
             admin("<item jid='bob@b.example' affiliation='member'/>"
                   "<item jid='carol@a.example' affiliation='outcast'/>")));
  told = f.heard(kAlice);
  REQUIRE(told.size() == 3);
  CHECK(value_of(told[1], "since") == after);
  CHECK(items_of(told[1]) == "bob@b.example member;");
  CHECK(value_of(told[2], "since") == value_of(told[1], "until"));
  CHECK(items_of(told[2]) == "carol@a.example outcast;");
  f.list(value_of(told[2], "until"));
  CHECK(f.version == value_of(told[2], "until"));
  // Ann may not see the list of this room: she is told nothing of those who are not in.
  for (const std::string& xml : f.heard(kAnn)) CHECK(xml.find("bob@") == std::string::npos);
}

TEST_CASE("list versions: the list is for those who may see it; nobody else is told of it") {
  Listed f;
  f.set_one("ann@a.example", "member");
  f.says(join(kAnn, "Ann", mav()));
  auto heard_first = f.heard(kAnn);
  REQUIRE(!heard_first.empty());
  CHECK(heard_first[0].find("type='error'") != std::string::npos);
  CHECK(heard_first[0].find("<forbidden ") != std::string::npos);
  f.says(leave(kAnn, "Ann"));
  f.says(ask("set", kAlice, settings("muc#roomconfig_whois", "anyone")));
  f.set_one("bob@b.example", "outcast");
  f.forget();
  f.says(join(kAnn, "Ann", mav()));
  heard_first = f.heard(kAnn);
  CHECK(items_of(heard_first.at(0)) == "alice@a.example owner;ann@a.example member;");
  for (const std::string& xml : f.heard(kAlice)) {  // what she asked is shown to nobody
    CHECK(xml.find("mav") == std::string::npos);
  }
}

TEST_CASE("list versions: what was before somebody belonged is not for him") {
  Listed f;
  f.says(ask("set", kAlice, settings("muc#roomconfig_whois", "anyone")));
  f.list();
  const std::string before = f.version;
  f.set_one("carol@a.example", "member");
  f.set_one("ann@a.example", "member");
  f.says(join(kAnn, "Ann", mav(before)));
  const auto all = f.heard(kAnn);
  CHECK(all.at(0).find("<forbidden ") != std::string::npos);
  for (const std::string& xml : all) CHECK(xml.find("carol@") == std::string::npos);
}

TEST_CASE("list versions: a client that does not ask is told nothing") {
  Listed f;
  f.says(join(kBob, "Bob", kNoHistory));
  for (const std::string& xml : f.heard(kBob)) CHECK(xml.find("mav") == std::string::npos);
}

TEST_CASE("list versions: a change that no presence shows is told by a message, once to each") {
  Listed f;
  f.says(ask("set", kAlice, settings("muc#roomconfig_presencebroadcast", "moderator")));
  f.set_one("ann@a.example", "admin");
  f.says(join(kAnn, "Ann", mav()));
  f.says(join(kBob, "Bob", mav()));
  f.forget();
  f.says(ask("set", kAlice, settings("muc#roomconfig_getmemberlist", "participant")));
  f.says(join("carol@c.example/x", "Carol", mav()));
  f.forget();
  // Carol may see the list, and sees Bob neither in presence nor by his address.
  f.says(ask("set", kAlice, admin("<item jid='bob@b.example' affiliation='member'/>")));
  std::size_t told = 0;
  for (const std::string& xml : f.heard("carol@c.example/x")) {
    if (!value_of(xml, "until").empty()) ++told;
    if (!value_of(xml, "until").empty()) CHECK(items_of(xml) == "bob@b.example member;");
  }
  CHECK(told == 1);
  // Ann sees his presence with his address: that is enough.
  std::size_t shown = 0;
  for (const std::string& xml : f.heard(kAnn)) {
    if (value_of(xml, "until").empty()) continue;
    ++shown;
    CHECK(xml.starts_with("<presence"));
  }
  CHECK(shown == 1);
}

}  // namespace hansa::test
