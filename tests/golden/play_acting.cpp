// Acting as a room, in a log: settings, rights given and taken, what members make of a
// conversation, notes, who spoke.

#include "tests/golden/play.h"

namespace hansa::golden {
namespace {

class Owner {
 public:
  explicit Owner(Node& node) : node_(node) {}

  void asks(std::string_view to, const std::string& payload) {
    node_.says("<iq type='set' id='q' from='alice@a.example/1' to='" + std::string(to) + "'>" +
               payload + "</iq>");
    node_.advance(Millis(700));
  }
  void sets(const std::string& fields) {
    asks(kRoom,
         "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' "
         "type='submit'>" +
             fields + "</x></query>");
  }
  void right(const std::string& attributes) {
    asks("support@team.a.example", "<right xmlns='urn:xmpp:act-as:0' " + attributes + "/>");
  }
  void change(const std::string& attributes) {
    asks(kPerson, "<change xmlns='urn:xmpp:act-as:0' " + attributes + "/>");
  }
  void says(const std::string& id, const std::string& content) {
    node_.says("<message type='groupchat' from='alice@a.example/1' to='" + std::string(kPerson) +
               "' id='" + id + "'>" + content + "</message>");
    node_.advance(Millis(700));
  }

 private:
  Node& node_;
};

std::string field(const std::string& var, const std::string& value) {
  return "<field var='act-as#" + var + "'><value>" + value + "</value></field>";
}

}  // namespace

void play_acting(Node& node) {
  node.found_support();
  Owner alice(node);
  alice.sets(field("may_act", "chosen") + field("may_act_rooms", "owners") +
             field("change", "admins") + field("notes", "#") + field("announce", "0") +
             field("states", "1"));
  alice.right("member='ann@a.example'");
  alice.right("member='ann@a.example' peer='bob@b.example' until='2030-01-01T00:00:00Z'");
  alice.right("member='ann@a.example' peer='eve@b.example'");
  alice.right("member='ann@a.example' peer='eve@b.example' allow='false'");
  node.opens("bob@b.example", "May we help?");
  node.is_person("bob@b.example");
  node.advance(Millis(2'000));
  node.joins("alice@a.example/1", std::string(kPerson) + "/alice");
  alice.says("p1", "<body># a note</body>");
  alice.says("p2", "<body>With what?</body>");
  alice.change("action='assign' member='ann@a.example'");
  alice.change("action='mute'");
  alice.change("action='block'");
  alice.change("action='unblock'");
  alice.change("action='block'");
  alice.change("action='close'");
  node.advance(Millis(5'000));
  node.crash();
}

}  // namespace hansa::golden
