// The archive of a conversation (XEP-0313, protocol §3): for whoever may read it; to all others it
// is no room, as other names with %.

#include <doctest/doctest.h>

#include <optional>

#include "modules/archive/archive.h"
#include "tests/support/acting_fixture.h"

namespace hansa::test {
namespace {

struct Talk : ActingFixture {
  Talk() : ActingFixture({}, false) {
    start();
    archive.emplace(*rooms);
    if (!archive->add_to(*router).ok()) std::abort();
    found_support();
    opens("bob@b.example", "Good morning, Bob");
    is_person("bob@b.example");
    forget();
  }
  std::string asks(const std::string& who, std::string_view room = kTalk) {
    forget();
    says("<iq type='set' id='q' from='" + who + "' to='" + std::string(room) +
         "'><query xmlns='urn:xmpp:mam:2'/></iq>");
    std::string all;
    for (std::string each : heard(who)) {
      // But for the address, answers to those who may not know are to be the same.
      for (auto at = each.find(room); at != std::string::npos; at = each.find(room)) {
        each.replace(at, room.size(), "ROOM");
      }
      all += each + "\n";
    }
    return all;
  }
  std::optional<archive::Archive> archive;
};

bool has(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("archive: a conversation's is for the members of its acting room, and for nobody else") {
  Talk t;
  for (const char* member : {"alice@a.example/1", "ann@a.example/phone"}) {
    const std::string all = t.asks(member);
    CHECK_MESSAGE(has(all, "<body>Good morning, Bob</body>"), all);
    CHECK(has(all, "complete='true'"));
  }
  for (const char* stranger : {"bob@b.example/home", "carl@a.example/x"}) {
    const std::string none = t.asks(stranger);
    CHECK(has(none, "<item-not-found "));
    CHECK(none == t.asks(stranger, "support%carol\\40c.example@rooms.a.example"));
  }
  t.makes_member("ann@a.example", "none");
  CHECK(has(t.asks("ann@a.example/phone"), "<item-not-found "));
}

}  // namespace hansa::test
