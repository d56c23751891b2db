// Rooms that everybody may know of, with their rows in the node's list, and people who were invited
// and have not come yet.

#include "modules/disco/bring_up.h"
#include "tests/golden/play.h"

namespace hansa::golden {
namespace {

void invites(Node& node, const std::string& who) {
  node.says("<message from='alice@a.example/1' to='" + std::string(kRoom) +
            "'><x xmlns='http://jabber.org/protocol/muc#user'><invite to='" + who +
            "'><reason>Come and see</reason></invite></x></message>");
  node.advance(Millis(700));
}

}  // namespace

void play_listed(Node& node) {
  node.found_support();
  node.joins("ann@a.example/desk", std::string(kRoom) + "/ann");
  invites(node, "zoe@b.example");
  invites(node, "eve@b.example");
  node.says("<message from='eve@b.example/1' to='" + std::string(kRoom) +
            "'><x xmlns='http://jabber.org/protocol/muc#user'><decline to='alice@a.example'/></x>"
            "</message>");
  // One that is hidden again.
  node.joins("alice@a.example/1", std::string(kGone) + "/alice");
  node.says("<iq type='set' id='c' from='alice@a.example/1' to='" + std::string(kGone) +
            "'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' "
            "type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig"
            "</value></field><field var='muc#roomconfig_publicroom'><value>0</value></field></x>"
            "</query></iq>");
  node.advance(Millis(700));
  disco::list_older_rooms(*node.engine, [] { return true; });
  node.run();
  node.advance(Millis(5'000));
  node.crash();
}

}  // namespace hansa::golden
