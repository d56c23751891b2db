#pragma once
// The room support with a peer, and Alice in the conversation: with Bob, a person; with the lobby,
// a room of a service that knows nothing of acting.

#include <string>

#include "tests/support/acting_fixture.h"

namespace hansa::test::acting_peers {

inline const std::string kMe = "alice@a.example/1";
inline const std::string kAnn = "ann@a.example/1";
inline const std::string kLobby = "lobby@muc.b.example";
inline const std::string kLobbyHere = "support%lobby\\40muc.b.example@rooms.a.example";
inline const std::string kUser = "http://jabber.org/protocol/muc#user";

struct Heard : ActingFixture {
  Heard() { found_support(); }
  // The newest stanza to Alice that has this in it; empty: none has.
  std::string heard_with(const std::string& part, const std::string& who = kMe) {
    std::string found;
    for (const std::string& one : heard(who)) {
      if (one.find(part) != std::string::npos) found = one;
    }
    return found;
  }
  // Everything said that somebody is sent who comes in.
  std::string history(const std::string& who, const std::string& room) {
    says("<presence from='" + who + "' to='" + room +
         "/late'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
    std::string all;
    for (const std::string& one : heard(who)) all += one;
    return all;
  }
  static std::string stanza_id(const std::string& stanza) {
    const auto at = stanza.find("id='", stanza.find("<stanza-id")) + 4;
    return stanza.substr(at, stanza.find('\'', at) - at);
  }
};

struct WithBob : Heard {
  WithBob() {
    opens("bob@b.example", "Good morning");
    is_person("bob@b.example");
    joins(kMe, talk + "/alice");
    forget();
  }
  void bob_says(const std::string& content, const std::string& id) {
    says("<message type='chat' from='bob@b.example/phone' to='support@team.a.example' id='" + id +
         "'>" + content + "</message>");
  }
  const std::string talk{kTalk};
};

struct InLobby : Heard {
  // `features`: what it announces besides.
  explicit InLobby(const std::string& features = {}) {
    opens(kLobby);
    answers_disco(kLobby, "<identity category='conference' type='text'/>" + features);
    comes("support", "<status code='110'/>");
    lobby_says("", "<subject/>", "s");
    joins(kMe, kLobbyHere + "/alice");
    forget();
  }
  void comes(const std::string& name, const std::string& status = {}) {
    says("<presence from='" + kLobby + "/" + name +
         "' to='support@team.a.example/hansa'><x xmlns='" + kUser +
         "'><item affiliation='none' role='participant'/>" + status + "</x></presence>");
  }
  void goes(const std::string& name) {
    says("<presence type='unavailable' from='" + kLobby + "/" + name +
         "' to='support@team.a.example/hansa'><x xmlns='" + kUser +
         "'><item affiliation='none' role='none'/></x></presence>");
  }
  void lobby_says(const std::string& name, const std::string& content, const std::string& id) {
    const std::string from = name.empty() ? kLobby : kLobby + "/" + name;
    const std::string with = id.empty() ? std::string() : " id='" + id + "'";
    says("<message type='groupchat' from='" + from + "' to='support@team.a.example/hansa'" + with +
         ">" + content + "</message>");
  }
  void says_inside(const std::string& content, const std::string& id) {
    says("<message type='groupchat' from='" + kMe + "' id='" + id + "' to='" + kLobbyHere + "'>" +
         content + "</message>");
  }
};

}  // namespace hansa::test::acting_peers
