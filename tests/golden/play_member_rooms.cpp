// Rooms in rooms, in a log: one that asks to become a member and is accepted, one that is refused,
// what is passed on to it; and the other side, a conversation with a room that takes members.

#include "tests/golden/play.h"

namespace hansa::golden {
namespace {

const std::string kGuild = "guild@team.b.example/hansa";
const std::string kHall = "hall@rooms.b.example";
const std::string kTeam = "support@team.a.example/hansa";

void asks(Node& node, const std::string& from, const std::string& id) {
  node.says("<iq type='set' id='j' from='" + from + "' to='" + std::string(kRoom) +
            "'><join xmlns='urn:xmpp:act-as:0' id='" + id +
            "' room='guild@rooms.b.example' member='gina@b.example' nick='Guild' "
            "name='The guild'><reason>Trade</reason></join></iq>");
  const std::string bare = from.substr(0, from.find('/'));
  node.says("<iq type='result' id='" + node.last_id(bare) + "' from='" + bare + "' to='" +
            std::string(kRoom) +
            "'><query xmlns='http://jabber.org/protocol/disco#info'>"
            "<feature var='urn:xmpp:act-as:0'/></query></iq>");
}

// Alice answers the question that was put to her last.
void answers(Node& node, const std::string& word) {
  std::string ask;
  for (const auto& one : node.links.heard["alice@a.example"]) {
    const std::string from(one->root().attr("from"));
    if (from.starts_with("ask-")) ask = from;
  }
  node.says("<message type='chat' from='alice@a.example/1' to='" + ask + "'><body>" + word +
            "</body></message>");
}

void answers_query(Node& node, const std::string& to, const std::string& from,
                   const std::string& at, const std::string& payload) {
  node.says("<iq type='result' id='" + node.last_id(to) + "' from='" + from + "' to='" + at + "'>" +
            payload + "</iq>");
}

}  // namespace

void play_member_rooms(Node& node) {
  node.settings.identities = "team.a.example";
  node.found_support();
  asks(node, "other@team.b.example/hansa", "o1");
  answers(node, "no");
  node.advance(Millis(700));
  asks(node, kGuild, "g1");
  answers(node, "yes");
  node.advance(Millis(700));
  asks(node, "third@team.b.example/hansa", "t1");  // waits
  node.says("<presence from='" + kGuild + "' to='" + std::string(kRoom) +
            "/Guild'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x>"
            "</presence>");
  answers_query(node, kGuild, kGuild, std::string(kRoom),
                "<heard xmlns='urn:xmpp:act-as:0' log='x'/>");
  node.says("<message type='groupchat' from='alice@a.example/1' to='" + std::string(kRoom) +
            "' id='m1'><body>Welcome</body></message>");
  node.says("<message type='groupchat' from='" + kGuild + "' to='" + std::string(kRoom) +
            "' id='m2'><body>Thank you</body><origin xmlns='urn:xmpp:act-as:0' id='m2'>"
            "<room>aaaa</room></origin></message>");
  node.says("<message type='chat' from='bob@b.example/1' to='" + kTeam +
            "' id='b1'><body>Hello</body></message>");
  node.advance(Millis(3'000));
  // The other side: support asks the hall, is taken, hears, and speaks.
  node.says(
      "<iq type='set' id='o' from='alice@a.example/1' to='support@team.a.example'>"
      "<open xmlns='urn:xmpp:act-as:0' peer='" +
      kHall +
      "' nick='Support' named='true'/>"
      "</iq>");
  answers_query(node, kHall, kHall, kTeam,
                "<query xmlns='http://jabber.org/protocol/disco#info'><identity "
                "category='conference' type='text'/><feature var='urn:xmpp:act-as:0'/></query>");
  answers_query(node, kHall, kHall, kTeam,
                "<membership xmlns='urn:xmpp:act-as:0' state='member'/>");
  node.says("<presence from='" + kHall + "/Support' to='" + kTeam +
            "'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='member' "
            "role='participant'/><status code='110'/></x></presence>");
  node.says("<message type='groupchat' from='" + kHall + "' to='" + kTeam +
            "' id='s'><subject/>"
            "</message>");
  node.says("<message type='groupchat' from='" + kHall + "/zoe' to='" + kTeam +
            "' id='z1'><body>Hello support</body><entry xmlns='urn:xmpp:act-as:0' log='l1' "
            "position='7'><origin id='o7'><room>bbbb</room></origin></entry></message>");
  node.advance(Millis(5'000));
  // And a room that knows nothing: the last id that it gave is kept.
  const std::string muc = "lobby@muc.b.example";
  node.opens(muc);
  node.is_room(muc);
  node.says("<presence from='" + muc + "/support' to='" + kTeam +
            "'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' "
            "role='participant'/><status code='110'/></x></presence>");
  node.says("<message type='groupchat' from='" + muc + "' to='" + kTeam +
            "' id='s'><subject/>"
            "</message>");
  node.says("<message type='groupchat' from='" + muc + "/zoe' to='" + kTeam +
            "' id='z2'><body>Fish</body><stanza-id xmlns='urn:xmpp:sid:0' by='" + muc +
            "' id='f1'/></message>");
  node.advance(Millis(5'000));
  node.crash();
}

}  // namespace hansa::golden
