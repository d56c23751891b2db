// Peers of an acting room, in a log: one taken for a person because nobody said what he is, one
// that was so at first and is a room; what a peer and a moderator took back; an invitation alone.

#include "tests/golden/play.h"

namespace hansa::golden {
namespace {

const std::string kForeign = "lobby@muc.b.example";
const std::string kTeam = "support@team.a.example/hansa";

void hears(Node& node, const std::string& from, const std::string& id, const std::string& content) {
  node.says("<message type='groupchat' from='" + from + "' to='" + kTeam + "' id='" + id + "'>" +
            content + "</message>");
  node.advance(Millis(700));
}

std::string sid(const std::string& id) {
  return "<stanza-id xmlns='urn:xmpp:sid:0' by='" + kForeign + "' id='" + id + "'/>";
}

void bob_says(Node& node, const std::string& id, const std::string& content) {
  node.says("<message type='chat' from='bob@b.example/phone' to='support@team.a.example' id='" +
            id + "'>" + content + "</message>");
  node.advance(Millis(700));
}

}  // namespace

void play_peers(Node& node) {
  node.found_support();
  node.opens("carl@c.example", "Hello?");
  node.opens(kForeign, "Hello, lobby");
  node.advance(Millis(25'000));  // both hosts are down
  node.opens(kForeign);
  node.is_room(kForeign);
  node.says("<presence from='" + kForeign + "/support' to='" + kTeam +
            "'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' "
            "role='participant'/><status code='110'/></x></presence>");
  hears(node, kForeign, "s", "<subject/>");
  hears(node, kForeign + "/bob", "b1", "<body>Rude</body>" + sid("p1"));
  hears(node, kForeign + "/bob", "b2", "<body>Helo</body>" + sid("p2"));
  hears(node, kForeign + "/bob", "b3",
        "<body>Hello</body><replace xmlns='urn:xmpp:message-correct:0' id='b2'/>" + sid("p3"));
  hears(node, kForeign, "m1",
        "<retract xmlns='urn:xmpp:message-retract:1' id='p1'><moderated "
        "xmlns='urn:xmpp:message-moderate:1' by='" +
            kForeign +
            "/eve'/><reason>Kind words, please"
            "</reason></retract>");
  bob_says(node, "c1", "<body>Hi</body><nick xmlns='http://jabber.org/protocol/nick'>Bobby</nick>");
  bob_says(node, "c2", "<body>My password is 123</body>");
  bob_says(node, "c3", "<retract xmlns='urn:xmpp:message-retract:1' id='c2'/>");
  node.says(
      "<message from='hall@muc.c.example' to='support@team.a.example' id='i1'><x "
      "xmlns='http://jabber.org/protocol/muc#user'><invite from='carl@c.example'/></x>"
      "</message>");
  node.advance(Millis(3'000));
}

}  // namespace hansa::golden
