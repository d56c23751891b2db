// Slow mode (XEP-0500).

#include <doctest/doctest.h>

#include "tests/support/room_words.h"

namespace hansa::test {
namespace {

struct Slow : RoomFixture {
  Slow() {
    start();
    joins(kAlice, "support@rooms.a.example/Alice");
    joins(kAnn, "support@rooms.a.example/Ann");
    joins("ann@a.example/desk", "support@rooms.a.example/Ann");
    says(ask("set", kAlice, test::settings("muc#roomconfig_slow_mode_duration", "20")));
    forget();
  }
  // Whether it reached Alice.
  bool heard_by_alice(std::string_view xml) {
    forget();
    says(xml);
    return !heard(kAlice).empty();
  }
};

constexpr std::string_view kWait =
    "<message type='error'><error type='wait'><policy-violation "
    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>";

}  // namespace

TEST_CASE("slow mode: one has to wait between two messages, with whatever client") {
  Slow f;
  CHECK(f.heard_by_alice(talk(kAnn, "m1", "one")));
  f.advance(Millis(19'000));
  f.forget();
  f.says(talk(kAnn, "m2", "two"));
  CHECK(f.gets(kAnn, {kWait}) == "");
  CHECK(f.heard(kAlice).empty());
  f.says(talk("ann@a.example/desk", "m3", "three"));
  CHECK(f.gets("ann@a.example/desk", {kWait}) == "");
  f.advance(Millis(1000));  // what was refused does not count
  CHECK(f.heard_by_alice(talk(kAnn, "m4", "four")));
  CHECK(!f.heard_by_alice(talk(kAnn, "m5", "five")));
}

TEST_CASE("slow mode: what is only sent again is shown again") {
  Slow f;
  CHECK(f.heard_by_alice(talk(kAnn, "m1", "one")));
  f.says(talk(kAnn, "m1", "one"));
  CHECK(f.gets(kAnn, {said("Ann", "one"), said("Ann", "one")}) == "");
}

TEST_CASE("slow mode: not for admins and owners, nor for what is no text") {
  Slow f;
  for (const char* id : {"a1", "a2", "a3"}) {
    f.forget();
    f.says(talk(kAlice, id, id));
    CHECK(f.heard(kAnn).size() == 1);
  }
  CHECK(f.heard_by_alice(talk(kAnn, "m1", "one")));
  for (int i = 0; i < 2; ++i) {
    CHECK(f.heard_by_alice(
        talk_only(kAnn, "c", "<composing xmlns='http://jabber.org/protocol/chatstates'/>")));
  }
}

TEST_CASE("slow mode: is a setting, shown to all; what is no number of seconds is refused") {
  Slow f;
  const auto info = [&] {
    f.forget();
    f.says(ask("get", kBob, "<query xmlns='http://jabber.org/protocol/disco#info'/>"));
    return f.heard(kBob).at(0);
  };
  constexpr std::string_view field = "<field var='muc#roominfo_slow_mode_duration'";
  CHECK(info().find(field) != std::string::npos);
  CHECK(info().find("<value>20</value>") != std::string::npos);
  for (const char* bad : {"-1", "x", "1.5", "100000000"}) {
    f.says(ask("set", kAlice, test::settings("muc#roomconfig_slow_mode_duration", bad)));
    CHECK(f.gets(kAlice, {error("iq", "not-acceptable")}) == "");
  }
  f.says(ask("set", kAlice, test::settings("muc#roomconfig_slow_mode_duration", "0")));
  CHECK(f.heard_by_alice(talk(kAnn, "m1", "one")));
  CHECK(f.heard_by_alice(talk(kAnn, "m2", "two")));
}

}  // namespace hansa::test
