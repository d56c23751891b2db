#pragma once
// Sees everything that crosses the borders of the node and of the clients' inboxes, and judges it
// at once: durable before it leaves, only to whom it is due, once, in order, without a gap, and
// nothing of a member for others. What can be judged only at the end is kept for final_check.h.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/hosts/ledger.h"
#include "tests/sim/hosts/node.h"
#include "tests/sim/judge.h"
#include "tests/sim/xml.h"

namespace hansa::sim::hosts {

using engine::Position;

class Watch {
 public:
  Watch(Schedule& schedule, Judge& judge, Ledger& ledger)
      : schedule_(schedule), judge_(judge), ledger_(ledger) {}

  // --- at the node's links ---
  void leaves(const xmpp::Stanza& stanza);
  void arrives(const xmpp::Stanza& stanza);  // the engine was given it

  // --- at the hosts ---
  void broken_stream(const std::string& component) {
    judge_.broken("what the node writes is XML", component);
  }
  // The host took a stanza for that client, who may never look at it.
  void taken(const std::string& full, const xmpp::Stanza& stanza);
  // It gave back what it had taken for him.
  void given_back(const std::string& full, const xmpp::Stanza& stanza);
  // A host lost a message between hosts, or told the node that it cannot be delivered.
  void lost(const xmpp::Stanza& stanza);
  void reached_foreign_room(const xmpp::Stanza& message);
  void said_in_foreign_room(const std::string& body);

  // The node ends in good order: it puts everybody out.
  void stops(bool stopping) { stopping_ = stopping; }
  // The node, its disk or a link was disturbed: answers may be lost.
  void trouble() { troubles_.push_back(schedule_.mono()); }
  [[nodiscard]] bool was_troubled(MonoTime from, Millis time) const;
  // Lately: what was lost then may be missed now.
  [[nodiscard]] bool was_troubled_before() const;

  // --- at the clients ---
  void joins(const std::string& full, const std::string& room, bool with_history_asked);
  void leaves_room(const std::string& full, const std::string& room);
  void gone(const std::string& full);  // that session ended
  void says(const std::string& room, const std::string& body, const std::string& id);
  // He tries again: what is logged already is reflected to him alone once more (protocol §2).
  void says_again(const std::string& full, const std::string& body) {
    said_again_.insert({full, body});
  }
  // The sender saw his message reflected (or was sent a receipt): it is acknowledged.
  void acknowledged(const std::string& room, const std::string& body);
  // The same for what somebody wrote to an identity.
  void received_by_identity(const std::string& identity, const std::string& peer,
                            const std::string& body);
  void asks(const std::string& full, const std::string& id);
  // A change of the member list did not follow the version that this client had.
  void skipped_version(const std::string& full, const std::string& room, const std::string& xml);
  // Somebody is about to be put out of that room by a moderator.
  void may_be_kicked(const std::string& bare, const std::string& room) {
    kicks_[{bare, room}] = schedule_.mono();
  }

  struct Inbox {  // of one client in one room
    bool asked = false;
    bool in = false;
    bool again = false;      // joined anew from within: history may repeat what was live
    Position joined_at = 0;  // end of the log when he was shown to be in
    Position last = 0;
    std::map<std::string, std::pair<Position, std::string>> got;  // stanza-id → position, id
    std::set<Position> positions;
    // By stanza-id; the lowest live position that was recorded when it was written again.
    std::map<std::string, std::optional<Position>> written;
  };
  struct Member {  // of one person in one room
    std::set<Position> taken;
    std::set<Position> doubtful;  // given back when it could be lost
    Position declined = 0;        // a client of his wanted no history before it
  };
  struct Asked {
    std::string full;
    MonoTime at;
    int answers = 0;
    bool excused = false;  // its asker is gone
  };
  using Pair = std::pair<std::string, std::string>;
  std::map<Pair, Inbox> inboxes;                         // (full JID, room)
  std::map<Pair, Member> members;                        // (bare JID, room)
  std::map<Pair, std::string> acknowledgments;           // (room, body) → stanza-id
  std::map<std::string, std::set<std::string>> at_peer;  // body → ids under which bob has it
  std::map<std::string, int> at_foreign_room;            // body → times reflected
  std::set<std::string> lost_bodies;
  std::map<std::string, Asked> asked;  // by id

  [[nodiscard]] const std::vector<std::string>& foreign_said() const { return foreign_said_; }

 private:
  void check_durable(const xmpp::Stanza& stanza);
  void check_private(const xmpp::Stanza& stanza);
  void take_presence(const std::string& full, const xmpp::Stanza& stanza);
  void take_groupchat(const std::string& full, const xmpp::Stanza& stanza);
  void check_fresh(const Ledger::Room& room, const Inbox& inbox, Position declined,
                   Position position, const std::string& what);
  void check_repeat(const std::string& full, const std::string& room, const Inbox& inbox,
                    Position position, const xmpp::Stanza& stanza);
  Schedule& schedule_;
  Judge& judge_;
  Ledger& ledger_;
  std::map<Pair, bool> shown_in_;  // (full JID, room): by what the node wrote
  bool stopping_ = false;
  std::set<Pair> ending_;  // the node was told that this client goes
  std::vector<std::string> foreign_said_;
  std::vector<MonoTime> troubles_;
  std::set<Pair> said_again_;       // (full JID, body)
  std::map<Pair, MonoTime> kicks_;  // (bare JID, room)
};

[[nodiscard]] inline std::string bare_of(const std::string& full) {
  return full.substr(0, full.find('/'));
}
// The room that is the conversation of the room `local` with that peer.
[[nodiscard]] inline std::string conversation_of(const std::string& local,
                                                 const std::string& peer) {
  return local + "%" + xmpp::escape_local(peer) + "@" + kRooms;
}
[[nodiscard]] inline bool is_outside(std::string_view domain) {
  return domain.ends_with("b.example");
}

}  // namespace hansa::sim::hosts
