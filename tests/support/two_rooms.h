#pragma once
// Two nodes with a room each, for dialogues of one that joins the other: Alice's guild (node a,
// with member Ann) and Bob's hall (node b).

#include <string>

#include <doctest/doctest.h>

#include "tests/support/nodes.h"

namespace hansa::test::two_rooms {

inline const std::string kGuild = Nodes::room("guild", "a");
inline const std::string kIdentity = Nodes::identity("guild", "a");
inline const std::string kHall = Nodes::room("hall", "b");
inline const std::string kAlice = "alice@a.example/1";
inline const std::string kAnn = "ann@a.example/1";
inline const std::string kBob = "bob@b.example/1";
inline const std::string kInside = "guild%hall\\40rooms.b.example@rooms.a.example";

struct Two : Nodes {
  Two() : Nodes({"a", "b"}) {
    lose = [this](const xmpp::Element& stanza) {
      crossing += xmpp::to_xml(stanza);
      return false;
    };
    found(kAlice, kGuild);
    found(kBob, kHall);
    sets_member(kAlice, kGuild, "ann@a.example", "member");
  }
  void sets_member(const std::string& who, const std::string& room, const std::string& whom,
                   const std::string& affiliation) {
    says("<iq type='set' id='m' from='" + who + "' to='" + room +
         "'><query xmlns='http://jabber.org/protocol/muc#admin'><item jid='" + whom +
         "' affiliation='" + affiliation + "'/></query></iq>");
  }
  void configure(const std::string& var, const std::string& value) {
    says("<iq type='set' id='c' from='" + kBob + "' to='" + kHall +
         "'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' "
         "type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig"
         "</value></field><field var='" +
         var + "'><value>" + value +
         "</value></field></x>"
         "</query></iq>");
  }
  void asks(const std::string& more = "named='true'") { opens(kAlice, kIdentity, kHall, more); }
  void joined() {
    asks();
    REQUIRE(answers("bob@b.example"));
    enters(kAlice, kInside);
    enters(kAnn, kInside);
    heard.clear();
  }
  std::string crossing;  // all that went between the nodes
};

}  // namespace hansa::test::two_rooms
