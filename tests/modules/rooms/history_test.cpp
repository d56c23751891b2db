#include <doctest/doctest.h>

#include "tests/support/room_words.h"

using namespace hansa::test;
using hansa::Millis;

namespace {

// Alice says what the numbers from first to last say.
void say_numbers(Support& f, int first, int last) {
  for (int i = first; i <= last; ++i) {
    f.says(talk(kAlice, "n" + std::to_string(i), std::to_string(i)));
  }
  f.forget();
}

// Bodies of what `who` was sent, in order.
std::string bodies(Support& f, std::string_view who) {
  std::string all;
  for (const std::string& stanza : f.heard(who)) {
    const auto at = stanza.find("<body>");
    if (at == std::string::npos) continue;
    const auto end = stanza.find("</body>");
    all += (all.empty() ? "" : " ") + stanza.substr(at + 6, end - at - 6);
  }
  return all;
}

// The room's log begins with its newest entries, so many of them, when the node starts again.
void keeps_newest(Support& f, std::uint64_t many) {
  f.advance(Millis(3000));
  f.crash();
  hansa::storage::LogKey log{"node", {}};
  f.store.lookup("node", std::string(kRoom), [&](const auto& id) { log.id = *id.value(); });
  while (f.queue.step()) {
  }
  f.store.load(log, [&](const auto& loaded) {
    f.store.truncate(log, loaded->last_position - many + 1, [](const auto&) {});
  });
  while (f.queue.step()) {
  }
  f.start();
  f.run();
  f.forget();
}

std::string history(std::string_view attributes) { return joined({"<history ", attributes, "/>"}); }

}  // namespace

TEST_CASE("rooms §7.2.13: who is no member gets the last 20 messages, late and stamped") {
  Support f;
  say_numbers(f, 1, 25);
  f.says(join(kBob, "Bob"));
  CHECK(bodies(f, kBob) == "6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25");
  f.says(leave(kBob, "Bob"));
  f.forget();
  f.says(join(kBob, "Bob", history("maxstanzas='1'")));
  CHECK(f.gets(kBob, {shown("Alice", ""), shown("Bob", ""), said("Alice", "25", kDelay),
                      kSubject}) == "");
}

TEST_CASE("rooms §7.2.14: history is limited by stanzas, characters, seconds and time") {
  Support f;
  say_numbers(f, 1, 3);
  f.advance(Millis(60'000));
  say_numbers(f, 4, 6);
  const auto with = [&](std::string_view attributes) {
    f.says(join(kBob, "Bob", history(attributes)));
    std::string heard = bodies(f, kBob);
    f.says(leave(kBob, "Bob"));
    f.forget();
    return heard;
  };
  CHECK(with("maxstanzas='2'") == "5 6");
  CHECK(with("maxstanzas='0'") == "");
  CHECK(with("maxchars='0'") == "");
  CHECK(with("maxchars='20'") == "");
  CHECK(with("maxchars='600'") == "6");
  CHECK(with("seconds='30'") == "4 5 6");
  CHECK(with("seconds='300'") == "1 2 3 4 5 6");
  CHECK(with("seconds='300' maxstanzas='4'") == "3 4 5 6");
  CHECK(with("since='2023-11-14T22:13:50Z'") == "4 5 6");
  CHECK(with("since='1970-01-01T00:00:00Z'") == "1 2 3 4 5 6");
  CHECK(with("since='yesterday' seconds='-1'") == "1 2 3 4 5 6");
}

TEST_CASE("rooms §7.2.14: what is asked for is read from disk when it is no longer in memory") {
  Support f;
  say_numbers(f, 1, 300);
  f.says(join(kBob, "Bob", history("maxstanzas='200'")));
  const std::string heard = bodies(f, kBob);
  CHECK(heard.substr(0, 12) == "101 102 103 ");
  CHECK(heard.substr(heard.size() - 4) == " 300");
}

TEST_CASE("rooms §7.2.14: it is messages that count, however many other entries lie between") {
  Support f;
  say_numbers(f, 1, 30);
  for (int i = 0; i < 1000; ++i) f.adds("member" + std::to_string(i) + "@a.example");
  say_numbers(f, 31, 31);
  f.says(join(kBob, "Bob", history("maxstanzas='20'")));
  CHECK(bodies(f, kBob) == "12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31");
}

TEST_CASE("rooms (protocol §3): a member gets what he missed, once, also after years of silence") {
  Support f;
  f.adds("ann@a.example");
  say_numbers(f, 1, 30);
  f.says(join(kAnn, "Ann"));  // never here before: everything since she is a member
  CHECK(bodies(f, kAnn).substr(0, 6) == "1 2 3 ");
  f.advance(Millis(3000));
  f.says(leave(kAnn, "Ann"));
  say_numbers(f, 31, 60);
  f.says(join(kAnn, "Ann"));
  const std::string heard = bodies(f, kAnn);
  CHECK(heard.substr(0, 9) == "31 32 33 ");
  CHECK(heard.substr(heard.size() - 3) == " 60");
  f.says(leave(kAnn, "Ann"));
  // Nothing missed: the room's usual number all the same.
  f.says(join(kAnn, "Ann"));
  CHECK(bodies(f, kAnn).substr(0, 9) == "41 42 43 ");
  // A limit of her own is kept to the letter.
  f.says(leave(kAnn, "Ann"));
  say_numbers(f, 61, 65);
  f.says(join(kAnn, "Ann", history("maxstanzas='2'")));
  CHECK(bodies(f, kAnn) == "64 65");
}

TEST_CASE("rooms (protocol §3): who is no member any more has no claim to what he missed") {
  Support f;
  f.adds("ann@a.example");
  f.enters(kAnn, "Ann");
  f.advance(Millis(3000));
  f.says(leave(kAnn, "Ann"));
  f.adds("ann@a.example", "none");
  say_numbers(f, 1, 30);
  f.says(join(kAnn, "Ann"));
  CHECK(bodies(f, kAnn).substr(0, 6) == "11 12 ");
}

TEST_CASE("rooms (protocol §2): a bounce ends the session and puts the cursor before it") {
  Support f;
  f.adds("ann@a.example");
  f.enters(kAnn, "Ann");
  f.advance(Millis(3000));
  say_numbers(f, 1, 30);
  // The host took them all, and finds now that Ann's client is gone: 5 is the first it returns.
  f.says(
      "<message type='error' id='n5' from='ann@a.example/phone' "
      "to='support@rooms.a.example/Alice'><error type='cancel'>"
      "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
  CHECK(f.gets(kAlice, {gone("Ann", "<item role='none'/><status code='333'/>")}) == "");
  f.says(join(kAnn, "Ann"));
  CHECK(bodies(f, kAnn).substr(0, 6) == "5 6 7 ");
}

TEST_CASE("rooms (protocol §2): a bounce that comes after leaving still counts; others do not") {
  Support f;
  f.adds("ann@a.example");
  f.enters(kAnn, "Ann");
  say_numbers(f, 1, 30);
  const auto bounce = [](std::string_view id, std::string_view condition) {
    return joined({"<message type='error' id='", id,
                   "' from='ann@a.example/phone' to='support@rooms.a.example/Alice'><error><",
                   condition, " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"});
  };
  f.says(bounce("n5", "feature-not-implemented"));
  CHECK(f.gets(kAlice, {}) == "");  // she is in
  f.says(leave(kAnn, "Ann"));
  f.says(bounce("n8", "recipient-unavailable"));
  f.says(bounce("n9", "recipient-unavailable"));
  f.says(join(kAnn, "Ann"));
  CHECK(bodies(f, kAnn).substr(0, 5) == "8 9 1");
}

TEST_CASE("rooms §17.4: an iq error ends a session only if it says that the client is gone") {
  Support f;
  f.enters(kAnn, "Ann");
  const auto answer = [](std::string_view condition) {
    return joined({"<iq type='error' id='x' from='ann@a.example/phone' to='", kRoom,
                   "/Alice'><error><", condition,
                   " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"});
  };
  f.says(answer("service-unavailable"));
  CHECK(f.gets(kAlice, {}) == "");
  f.says(answer("remote-server-not-found"));
  CHECK(f.gets(kAlice, {gone("Ann", "<status code='333'/>")}) == "");
}

TEST_CASE("rooms (protocol §3): what is too much to be sent is in the archive, and he is told") {
  Support f;
  f.adds("ann@a.example");
  f.enters(kAnn, "Ann");
  f.advance(Millis(3000));
  f.says(leave(kAnn, "Ann"));
  const int many = static_cast<int>(hansa::limits::kHistoryMax) + 7;
  say_numbers(f, 1, many);
  f.forget();
  f.says(join(kAnn, "Ann"));
  const auto heard = f.heard(kAnn);
  const auto note = std::find_if(heard.begin(), heard.end(), [](const std::string& xml) {
    return xml.find("is in the archive of this room") != std::string::npos;
  });
  REQUIRE(note != heard.end());
  CHECK(note->find("up to 7 messages") != std::string::npos);
  CHECK(note->find("stanza-id") == std::string::npos);
  CHECK(std::next(note)->find("<body>8</body>") != std::string::npos);
  // Nothing was left out now, and nobody says so.
  f.says(leave(kAnn, "Ann"));
  f.forget();
  f.says(join(kAnn, "Ann"));
  for (const std::string& xml : f.heard(kAnn)) CHECK(xml.find("archive") == std::string::npos);
}

TEST_CASE("rooms (protocol §3): a member is told when what he missed is kept no longer") {
  Support f;
  f.adds("ann@a.example");
  f.enters(kAnn, "Ann");
  f.advance(Millis(3000));
  f.says(leave(kAnn, "Ann"));
  say_numbers(f, 1, 10);
  keeps_newest(f, 4);
  f.says(join(kAnn, "Ann"));
  CHECK(bodies(f, kAnn) ==
        "What was said before this, since you were last here, is no longer kept in this room. "
        "7 8 9 10");
  f.advance(Millis(3000));
  f.says(leave(kAnn, "Ann"));
  f.says(join(kAnn, "Ann"));
  CHECK(bodies(f, kAnn) == "7 8 9 10");  // she missed nothing now
  f.says(join(kBob, "Bob"));
  CHECK(bodies(f, kBob) == "7 8 9 10");  // and he is no member
}

TEST_CASE("rooms §7.2.13: markers and reactions do not push what was said out of the history") {
  Support f;
  say_numbers(f, 1, 30);
  for (int i = 0; i < 40; ++i) {
    f.says(joined({"<message type='groupchat' id='r", std::to_string(i), "' from='", kAlice,
                   "' to='support@rooms.a.example'><reactions id='n1' "
                   "xmlns='urn:xmpp:reactions:0'><reaction>+</reaction></reactions></message>"}));
  }
  f.says(join(kBob, "Bob"));
  CHECK(bodies(f, kBob).substr(0, 6) == "11 12 ");
  // Who asks for so many stanzas gets no more.
  f.says(leave(kBob, "Bob"));
  f.forget();
  f.says(join(kBob, "Bob", history("maxstanzas='5'")));
  CHECK(bodies(f, kBob).empty());
}
