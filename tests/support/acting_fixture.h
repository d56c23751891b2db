#pragma once
// A node with rooms and identities, for dialogues of acting as a room. The cast: support is a room
// with owner Alice and member Ann (both of a.example); Carl is of a.example and no member; Bob and
// the lobby are at b.example, a host of others.

#include <memory>
#include <string>

#include "modules/act-as/act_as.h"
#include "tests/support/room_fixture.h"

namespace hansa::test {

class ActingFixture : public RoomFixture {
 public:
  // `more`: rows of other modules, after those of act-as; who gives it starts the node.
  using Others = std::function<void(act_as::ActAs&, engine::Router&)>;
  explicit ActingFixture(Others more = {}, bool started = true)
      : RoomFixture(
            "team.a.example",
            [this, more](rooms::Rooms& all, engine::Router& rows) {
              act = std::make_unique<act_as::ActAs>("team.a.example", settings, all, hooks);
              if (!act->add_to(rows).ok()) std::abort();
              if (more) more(*act, rows);
            },
            act_as::ActAs::facets()) {
    addressing.conversation = [](std::string_view local, const xmpp::Jid& peer) {
      return act_as::conversation_address("rooms.a.example", local, peer);
    };
    if (started) start();
  }
  ~ActingFixture() { engine.reset(); }

  // support, named Support, with its members.
  void found_support() {
    joins(kAlice, "support@rooms.a.example/alice");
    says("<iq type='set' id='c' from='alice@a.example/1' to='support@rooms.a.example'>"
         "<query xmlns='http://jabber.org/protocol/muc#owner'>"
         "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
         "<value>http://jabber.org/protocol/muc#roomconfig</value></field>"
         "<field var='muc#roomconfig_roomname'><value>Support</value></field>"
         "<field var='muc#roomconfig_roomdesc'><value>We help.</value></field>"
         "</x></query></iq>");
    makes_member("ann@a.example");
    forget();
  }
  void makes_member(const std::string& bare, const std::string& affiliation = "member") {
    says("<iq type='set' id='m' from='alice@a.example/1' to='support@rooms.a.example'>"
         "<query xmlns='http://jabber.org/protocol/muc#admin'><item jid='" + bare +
         "' affiliation='" + affiliation + "'/></query></iq>");
  }
  void opens(std::string_view peer, std::string_view body = {}, std::string_view who = kAlice,
             std::string_view identity = "support@team.a.example") {
    says("<iq type='set' id='o' from='" + std::string(who) + "' to='" + std::string(identity) +
         "'><open xmlns='urn:xmpp:act-as:0' peer='" + std::string(peer) + "'>" +
         (body.empty() ? std::string() : "<body>" + std::string(body) + "</body>") +
         "</open></iq>");
  }
  // The peer's server answers the question what he is.
  void answers_disco(const std::string& peer, std::string_view payload) {
    const std::string asked = last_id(peer);
    says("<iq type='result' id='" + asked + "' from='" + peer +
         "' to='support@team.a.example/hansa'><query "
         "xmlns='http://jabber.org/protocol/disco#info'>" + std::string(payload) +
         "</query></iq>");
  }
  void is_person(const std::string& peer) {
    answers_disco(peer, "<identity category='account' type='registered'/>");
  }
  void is_room(const std::string& peer) {
    answers_disco(peer, "<identity category='conference' type='text'/>"
                        "<feature var='http://jabber.org/protocol/muc'/>");
  }
  // Id of the newest stanza to that address (it stays unread).
  [[nodiscard]] std::string last_id(const std::string& to) {
    const auto& all = links.heard[to];
    return all.empty() ? std::string() : std::string(all.back()->root().attr("id"));
  }

  static constexpr std::string_view kAlice = "alice@a.example/1";
  static constexpr std::string_view kTalk = "support%bob\\40b.example@rooms.a.example";
  std::unique_ptr<act_as::ActAs> act;
};

}  // namespace hansa::test
