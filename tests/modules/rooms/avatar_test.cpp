// The room's card and avatar: XEP-0054, XEP-0153, XEP-0486.

#include <doctest/doctest.h>

#include "base/limits.h"
#include "tests/support/room_words.h"

namespace hansa::test {
namespace {

// One photo: «abc», «abd».
constexpr std::string_view kHash = "a9993e364706816aba3e25717850c26c9cd0d89d";
std::string card(std::string_view base64 = "YWJj") {
  return joined({"<vCard xmlns='vcard-temp'><FN>The room</FN><PHOTO><TYPE>image/png</TYPE><BINVAL>",
                 base64, "</BINVAL></PHOTO></vCard>"});
}
constexpr std::string_view kAsk = "<vCard xmlns='vcard-temp'/>";
constexpr std::string_view kInfo = "<query xmlns='http://jabber.org/protocol/disco#info'/>";

struct Two : RoomFixture {
  Two() {
    start();
    joins(kAlice, "support@rooms.a.example/Alice");
    joins(kAnn, "support@rooms.a.example/Ann");
  }
  void set(std::string_view payload) {
    says(ask("set", kAlice, payload));
    forget();
  }
  bool says_hash(std::string_view who) {
    forget();
    says(ask("get", who, kInfo));
    const auto all = heard(who);
    return !all.empty() &&
           all[0].find("<field var='muc#roominfo_avatarhash'") != std::string::npos &&
           all[0].find(kHash) != std::string::npos;
  }
};

}  // namespace

TEST_CASE("avatar: an owner sets it; all who are in are told, disco names its hash (0486)") {
  Two f;
  CHECK(!f.says_hash(kBob));
  f.forget();
  f.says(ask("set", kAlice, card()));
  constexpr std::string_view changed =
      "<message type='groupchat' from='support@rooms.a.example'>"
      "<x xmlns='http://jabber.org/protocol/muc#user'><status code='104'/></x></message>";
  const std::string shown_hash = joined(
      {"<presence from='support@rooms.a.example' type='!'><x xmlns='vcard-temp:x:update'><photo>",
       kHash, "</photo></x></presence>"});
  CHECK(f.gets(kAlice, {kResult, changed, shown_hash}) == "");
  CHECK(f.gets(kAnn, {changed, shown_hash}) == "");
  for (int restart = 0; restart < 2; ++restart) {
    CHECK(f.says_hash(kBob));
    f.says(ask("get", kBob, kAsk));
    CHECK(f.gets(kBob, {"<iq type='result'><vCard xmlns='vcard-temp'><FN>The room</FN><PHOTO>"
                        "<TYPE>image/png</TYPE><BINVAL>YWJj</BINVAL></PHOTO></vCard></iq>"}) == "");
    f.crash();
    f.start();
    f.forget();
  }
  f.says(join(kBob, "Bob", kNoHistory));
  CHECK(f.gets(kBob, {shown("Alice", ""), shown("Ann", ""), shown("Bob", ""), shown_hash,
                      kSubject}) == "");
}

TEST_CASE("avatar: an empty card takes it away") {
  Two f;
  f.set(card());
  f.says(ask("set", kAlice, kAsk));
  CHECK(f.gets(kAnn, {"<message/>",
                      "<presence from='support@rooms.a.example'>"
                      "<x xmlns='vcard-temp:x:update'><photo/></x></presence>"}) == "");
  CHECK(!f.says_hash(kBob));
  f.says(ask("get", kBob, kAsk));  // what is known of the room
  CHECK(f.gets(kBob, {"<iq type='result'><vCard xmlns='vcard-temp'><FN>support</FN></vCard>"
                      "</iq>"}) == "");
}

TEST_CASE("avatar: only owners set it, of a size that is bounded, in base64") {
  Two f;
  f.says(ask("set", kAnn, card()));
  CHECK(f.gets(kAnn, {error("iq", "forbidden")}) == "");
  f.says(ask("set", kAlice, card("%%%")));
  CHECK(f.gets(kAlice, {error("iq", "bad-request")}) == "");
  f.says(ask("set", kAlice, card(std::string(limits::kCardBytes, 'A'))));
  CHECK(f.gets(kAlice, {error("iq", "policy-violation")}) == "");
  f.says(ask("set", kAlice, card(), "none@rooms.a.example"));
  CHECK(f.gets(kAlice, {error("iq", "item-not-found")}) == "");
  CHECK(!f.says_hash(kBob));
}

TEST_CASE("avatar: of a hidden room only those see it who may enter") {
  Two f;
  f.set(card());
  f.says(ask("set", kAlice, settings("muc#roomconfig_publicroom", "0")));
  f.says(ask("set", kAlice, settings("muc#roomconfig_membersonly", "1")));
  f.forget();
  f.says(ask("get", kBob, kAsk));
  CHECK(f.gets(kBob, {error("iq", "item-not-found")}) == "");
  f.says(ask("get", kAlice, kAsk));
  CHECK(f.gets(kAlice, {"<iq type='result'><vCard xmlns='vcard-temp'><PHOTO/></vCard></iq>"}) ==
        "");
}

TEST_CASE("avatar: large ones in a row, one after the other, are all taken") {
  Two f;
  const std::string large = card(std::string(180 * 1024, 'A'));
  for (int i = 0; i < 12; ++i) {  // all decided before the first is on the disk
    const auto stanza = xmpp::Stanza::parse(
        xmpp::parse_element(ask("set", kAlice, large), xmpp::ns::kClient).value());
    f.engine->on_stanza("rooms.a.example", stanza.value());
  }
  f.run();
  std::size_t results = 0;
  for (const std::string& xml : f.heard(kAlice)) {
    if (xml.starts_with("<iq")) results += xml.find("type='result'") != std::string::npos ? 1 : 0;
  }
  CHECK(results == 12);
}

}  // namespace hansa::test
