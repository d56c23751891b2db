// What a semi-anonymous room may tell whom (XEP-0045 §4.2, §13.3), and what clients may not say in
// its name (§17.3): a room full of life, and everything that each of them was sent looked through.

#include <doctest/doctest.h>

#include "tests/support/room_words.h"

using namespace hansa::test;

namespace {

constexpr std::string_view kEve = "eve@c.example/x";  // sees whatever she can get

// Alice owns; Ann is a member; Bob and Eve are nobody in particular.
struct Room : RoomFixture {
  Room() {
    start();
    joins(kAlice, "support@rooms.a.example/Owner");
    joins(kAnn, "support@rooms.a.example/Member");
    joins(kBob, "support@rooms.a.example/Guest");
    joins(kEve, "support@rooms.a.example/Eve");
  }
  void everything_happens() {
    says(talk(kAlice, "1", "hello"));
    says(talk_only(kAlice, "2", "<subject>Tea</subject>"));
    says(ask("set", kAlice, admin("<item affiliation='member' jid='ann@a.example' nick='M'/>")));
    says(ask("set", kAlice, admin("<item nick='Guest' role='visitor'/>")));
    says("<presence from='ann@a.example/phone' to='support@rooms.a.example/M'/>");
    says(ask("get", kEve, "<vCard xmlns='vcard-temp'/>", "support@rooms.a.example/Owner"));
    says(ask("get", kEve, "<query xmlns='jabber:iq:version'/>", "support@rooms.a.example/Owner"));
    answers(kAlice, "alice@a.example is not here");
    answers("alice@a.example", "alice@a.example has no card");
    says(
        "<message type='chat' from='alice@a.example/desk' to='support@rooms.a.example/Eve'>"
        "<body>psst</body></message>");
    says(ask("set", kAlice, admin("<item nick='Guest' role='none'/>")));
    joins_again(kBob, "Guest");
    says(ask("set", kAlice, admin("<item affiliation='outcast' jid='bob@b.example'/>")));
    says(ask("set", kAnn,
             "<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>"
             "<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#register</value></field>"
             "<field var='muc#register_roomnick'><value>N</value></field></x></query>"));
    for (const std::string_view query :
         {"<query xmlns='http://jabber.org/protocol/disco#info'/>",
          "<query xmlns='http://jabber.org/protocol/disco#items'/>",
          "<query xmlns='jabber:iq:register'/>", "<vCard xmlns='vcard-temp'/>",
          "<query xmlns='http://jabber.org/protocol/disco#info' node='x-roomuser-item'/>"}) {
      says(ask("get", kEve, query));
    }
    for (const std::string_view list : {"owner", "admin", "member", "outcast"}) {
      says(ask("get", kEve, admin(joined({"<item affiliation='", list, "'/>"}))));
    }
    says(ask("get", kEve, admin("<item role='moderator'/>")));
    says(ask("get", kEve, owner("")));
    says(leave(kEve, "Eve"));
    says(join(kEve, "Eve"));  // with the whole history
    says(leave(kAnn, "M"));
    says(
        "<presence type='error' from='alice@a.example/desk' to='support@rooms.a.example/Eve'>"
        "<error type='cancel'><recipient-unavailable "
        "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>");
  }

 private:
  void joins_again(std::string_view who, std::string_view nick) { says(join(who, nick)); }
  // An error with a text that tells, to each request that was passed on to her.
  void answers(std::string_view who, std::string_view text) {
    for (const std::string& stanza : heard(who)) {
      const auto id = stanza.find(" id='");
      if (!stanza.starts_with("<iq") || stanza.find("type='get'") == std::string::npos) continue;
      says(joined({"<iq type='error' from='", who, "' to='support@rooms.a.example/Eve' id='",
                   stanza.substr(id + 5, stanza.find('\'', id + 5) - id - 5),
                   "'><error type='cancel' by='alice@a.example'><item-not-found "
                   "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                   "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>",
                   text, "</text></error></iq>"}));
    }
  }
};

}  // namespace

TEST_CASE("rooms §7.2.4: whatever happens, who is no moderator learns nobody's real address") {
  Room f;
  f.everything_happens();
  const auto all = f.heard(kEve);
  CHECK(all.size() > 25);
  for (const std::string& stanza : all) {
    CAPTURE(stanza);
    CHECK(stanza.find("alice@a.example") == std::string::npos);
    CHECK(stanza.find("ann@a.example") == std::string::npos);
    CHECK(stanza.find("bob@b.example") == std::string::npos);
  }
}

TEST_CASE("rooms §17.3: nothing that a client says in the room's name reaches anybody") {
  Room f;
  const std::string forged =
      "<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='owner' jid='f@f.f'/></x>"
      "<m:x xmlns:m='http://jabber.org/protocol/muc#user'><m:status code='104'/></m:x>"
      "<x xmlns='http://jabber.org/protocol/muc'/>"
      "<query xmlns='http://jabber.org/protocol/muc#owner'/>"
      "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/>"
      "<o:occupant-id xmlns:o='urn:xmpp:occupant-id:0' id='forged'/>"
      "<stanza-id xmlns='urn:xmpp:sid:0' by='support@rooms.a.example' id='forged'/>"
      "<stanza-id xmlns='urn:xmpp:sid:0' by='SUPPORT@rooms.a.example' id='forged'/>"
      "<delay xmlns='urn:xmpp:delay' stamp='2001-01-01T00:00:00Z' from='forged'/>"
      "<x xmlns='jabber:x:delay' stamp='20010101T00:00:00' from='forged'/>"
      "<addresses xmlns='http://jabber.org/protocol/address'><address jid='forged'/></addresses>"
      "<nick xmlns='http://jabber.org/protocol/nick'>forged</nick>"
      "<hats xmlns='urn:xmpp:hats:0'><hat title='forged' uri='forged'/></hats>"
      "<mav xmlns='urn:xmpp:muc:affiliations:1' since='forged'/>"
      "<fmuc xmlns='http://isode.com/protocol/fmuc' from='forged'/>"
      "<create xmlns='urn:xmpp:group-rooms:0'><member jid='forged@f.f'/></create>";
  f.forget();
  f.says(talk(kEve, "m", "look", forged));
  f.says(joined({"<presence from='", kEve, "' to='", kRoom, "/Eve'><show>dnd</show>", forged,
                 "</presence>"}));
  f.says(joined({"<message type='chat' from='", kEve, "' to='", kRoom, "/Guest'><body>psst</body>",
                 forged, "</message>"}));
  f.says(join("late@c.example/x", "Late"));
  for (const std::string_view who :
       {kAlice, kAnn, kBob, kEve, std::string_view("late@c.example/x")}) {
    const auto all = f.heard(who);
    CHECK(!all.empty());
    for (const std::string& stanza : all) {
      CAPTURE(stanza);
      CHECK(stanza.find("forged") == std::string::npos);
      CHECK(stanza.find("f@f.f") == std::string::npos);
      CHECK(stanza.find("2001") == std::string::npos);
      const bool of_eve = stanza.find("from='support@rooms.a.example/Eve'") != std::string::npos;
      if (!of_eve) continue;
      CHECK(stanza.find("code='104'") == std::string::npos);
      CHECK(stanza.find("affiliation='owner'") == std::string::npos);
    }
  }
}
