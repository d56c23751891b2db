#pragma once
// A room in conversation with a person, for dialogues about the life of conversations: support is
// in conversation with Bob, who is known as a person; Alice is in it.

#include <string>

#include "tests/support/acting_services.h"

namespace hansa::test {

inline constexpr const char* kMe = "alice@a.example/1";
inline constexpr const char* kAnn = "ann@a.example/x";
inline constexpr const char* kBob = "bob@b.example/phone";
inline constexpr const char* kStanzas = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'";
inline constexpr const char* kUs = "xmlns='urn:xmpp:act-as:0'";

struct Life : ActingServices {
  Life() {
    found_support();
    opens("bob@b.example", "Good morning");
    is_person("bob@b.example");
    joins(kMe, std::string(kTalk) + "/alice");
    forget();
  }
  void changes(const std::string& action, const std::string& who = kMe,
               const std::string& to = std::string(kTalk)) {
    says("<iq type='set' id='ch' from='" + who + "' to='" + to + "'><change " + kUs +
         " action=" + action + "/></iq>");
  }
  void lists(const std::string& inner = {}, const std::string& who = kMe) {
    says("<iq type='get' id='li' from='" + who + "' to='support@team.a.example'><conversations " +
         kUs + inner + "</conversations></iq>");
  }
  void bob_says(const std::string& content, const std::string& id = "b1") {
    says("<message type='chat' from='bob@b.example/phone' to='support@team.a.example' id='" + id +
         "'>" + content + "</message>");
  }
  void inside(const std::string& content, const std::string& id = "a1",
              const std::string& who = kMe) {
    says("<message type='groupchat' from='" + who + "' id='" + id + "' to='" + std::string(kTalk) +
         "'>" + content + "</message>");
  }
  void sets(const std::string& var, const std::string& value) {
    says(
        "<iq type='set' id='c' from='alice@a.example/1' to='support@rooms.a.example'>"
        "<query xmlns='http://jabber.org/protocol/muc#owner'>"
        "<x xmlns='jabber:x:data' type='submit'><field var='" +
        var + "'><value>" + value + "</value></field></x></query></iq>");
    forget();
  }
  void command(const std::string& node, const std::string& fields, const std::string& who = kMe) {
    says("<iq type='set' id='k' from='" + who +
         "' to='team.a.example'><command "
         "xmlns='http://jabber.org/protocol/commands' node='urn:xmpp:act-as:0#" +
         node + "' action='complete'><x xmlns='jabber:x:data' type='submit'>" + fields +
         "</x></command></iq>");
  }
  std::string all_heard(const std::string& who) {
    std::string all;
    for (const std::string& one : heard(who)) all += one + "\n";
    return all;
  }
  static std::string field(const std::string& var, const std::string& value) {
    return "<field var='" + var + "'><value>" + value + "</value></field>";
  }
};

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline std::string item(const std::string& rest) {
  return std::string("<iq type='result' id='li' from='support@team.a.example'><conversations ") +
         kUs +
         "><conversation jid='support%bob\\40b.example@rooms.a.example' "
         "peer='bob@b.example' kind='person' last='*'" +
         rest +
         "/><set xmlns='http://jabber.org/protocol/rsm'><first index='0'>*</first><last>*</last>"
         "<count>1</count></set></conversations></iq>";
}
inline const std::string kNoItem =
    std::string("<iq type='result'><conversations ") + kUs +
    "><set xmlns='http://jabber.org/protocol/rsm'><count>0</count></set></conversations></iq>";
inline const std::string kDone = "<iq type='result' id='ch'/>";
inline const std::string kNotice = "<message type='groupchat'><body>*</body></message>";

}  // namespace hansa::test
