// Subscribers of a room's identity: one is blocked, one was blocked for a while, one left again.

#include "tests/golden/play.h"

namespace hansa::golden {
namespace {

void change(Node& node, const std::string& local, const std::string& action) {
  node.says("<iq type='set' id='q' from='alice@a.example/1' to='support%" + local +
            "\\40b.example@rooms.a.example'><change xmlns='urn:xmpp:act-as:0' action='" + action +
            "'/></iq>");
  node.advance(Millis(700));
}

}  // namespace

void play_subscribed(Node& node) {
  node.found_support();
  for (const std::string local : {"bob", "eve", "zoe"}) {
    node.says("<presence type='subscribe' from='" + local +
              "@b.example' to='support@team.a.example'/>");
    node.opens(local + "@b.example", "May we help?");
    node.is_person(local + "@b.example");
    node.advance(Millis(700));
  }
  change(node, "bob", "block");
  change(node, "eve", "block");
  change(node, "eve", "unblock");
  node.says("<presence type='unsubscribe' from='zoe@b.example' to='support@team.a.example'/>");
  node.advance(Millis(5'000));
  node.crash();
}

}  // namespace hansa::golden
