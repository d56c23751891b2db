// What rooms have beside XEP-0045, in a log: card, hats, slow mode, messages taken back, members
// who left.

#include "tests/golden/play.h"

namespace hansa::golden {
namespace {

class Owner {
 public:
  explicit Owner(Node& node) : node_(node) {}

  void asks(const std::string& payload) {
    node_.says("<iq type='set' id='q' from='alice@a.example/1' to='" + std::string(kRoom) + "'>" +
               payload + "</iq>");
    node_.advance(Millis(700));
  }
  void sets(const std::string& var, const std::string& value) {
    asks(
        "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' "
        "type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig"
        "</value></field><field var='" +
        var + "'><value>" + value + "</value></field></x></query>");
  }
  void lists(const std::string& bare, const std::string& affiliation) {
    asks("<query xmlns='http://jabber.org/protocol/muc#admin'><item jid='" + bare +
         "' affiliation='" + affiliation + "'/></query>");
  }
  void commands(const std::string& node, const std::string& uri, const std::string& field,
                const std::string& value) {
    asks(
        "<command xmlns='http://jabber.org/protocol/commands' "
        "node='urn:xmpp:hats:commands:" +
        node +
        "'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>"
        "urn:xmpp:hats:commands</value></field><field var='hats#uri'><value>" +
        uri + "</value></field><field var='" + field + "'><value>" + value +
        "</value></field></x></command>");
  }
  // The stanza-id under which she sees her own message.
  std::string says(const std::string& id, const std::string& content) {
    node_.forget();
    node_.says("<message type='groupchat' from='alice@a.example/1' to='" + std::string(kRoom) +
               "' id='" + id + "'>" + content + "</message>");
    const std::string seen = node_.heard("alice@a.example/1").at(0);
    node_.advance(Millis(700));
    const std::string mark = "<stanza-id xmlns='urn:xmpp:sid:0' id='";
    const std::size_t from = seen.find(mark) + mark.size();
    return seen.substr(from, seen.find('\'', from) - from);
  }

 private:
  Node& node_;
};

}  // namespace

void play_companions(Node& node) {
  node.found_support();
  Owner alice(node);
  alice.asks(
      "<vCard xmlns='vcard-temp'><FN>Support</FN><PHOTO><TYPE>image/png</TYPE>"
      "<BINVAL>YWJj</BINVAL></PHOTO></vCard>");
  alice.commands("create", "urn:h:1", "hats#title", "Teacher");
  alice.commands("create", "urn:h:2", "hats#title", "Host");
  alice.commands("assign", "urn:h:1", "hats#jid", "ann@a.example");
  alice.commands("assign", "urn:h:2", "hats#jid", "ann@a.example");
  alice.commands("unassign", "urn:h:2", "hats#jid", "ann@a.example");
  alice.commands("assign", "urn:h:2", "hats#jid", "alice@a.example");
  alice.commands("create", "urn:h:3", "hats#title", "Nobody's");
  alice.commands("destroy", "urn:h:3", "hats#title", "");
  alice.sets("muc#roomconfig_slow_mode_duration", "20");
  alice.sets("muc#roomconfig_forwardmentions", "1");
  alice.lists("dan@a.example", "member");
  alice.lists("dan@a.example", "none");
  const std::string own = alice.says("m1", "<body>A secret</body>");
  const std::string bad = alice.says("m2", "<body>Nonsense</body>");
  alice.says("m3", "<retract xmlns='urn:xmpp:message-retract:1' id='" + own +
                       "'/><body>/me took it back</body>");
  alice.asks("<moderate xmlns='urn:xmpp:message-moderate:1' id='" + bad +
             "'><retract xmlns='urn:xmpp:message-retract:1'/><reason>nonsense</reason></moderate>");
  alice.says("m4", "<body>Good morning</body>");
  node.advance(Millis(5'000));
  node.crash();
}

}  // namespace hansa::golden
