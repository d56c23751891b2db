#pragma once
// Sees what the nodes let go of for their people and what the people say, and judges it at once:
// durable before it leaves, only for whom it is, once by id, in order. What can be judged only when
// all is whole again is kept for final_check.h.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/judge.h"
#include "tests/sim/links/ledger.h"
#include "xmpp/stanza.h"

namespace hansa::sim::links {

class Watch {
 public:
  Watch(Schedule& schedule, Judge& judge, Ledger& ledger)
      : schedule_(schedule), judge_(judge), ledger_(ledger) {}

  struct Said {
    std::string room;
    std::size_t node = 0;
    std::string by;     // bare JID
    std::string acked;  // id under which he saw it; empty: not yet
    MonoTime at{0};
    bool excused = false;  // no party has it: its node lost it to a restore before the hub had it
  };
  struct Sent {  // directed
    std::size_t from = 0;
    std::size_t to = 0;
    std::string by;
    std::string receiver;
    std::string room;
    MonoTime at;
    engine::Position hub_at = 0;  // the room's end at the hub
    int arrived = 0;
    bool left = false;  // its node let go of it
    bool out = false;   // the receiver's node has it; a host's link that is down may lose it there
    std::uint64_t incarnation = 0;  // as it went up last
    std::uint64_t number = 0;
  };
  struct Inbox {                                 // of one person in one room
    std::map<std::string, MonoTime> got;         // id → when, last
    std::map<std::string, std::string> by_body;  // body → id
    engine::Position last = 0;                   // since its node's log is what it is
  };
  using Key = std::pair<std::string, std::string>;  // (bare JID, room)
  struct Erasing {
    std::string room;
    std::string id;  // of the message
    auto operator<=>(const Erasing&) const = default;
  };

  void says(std::size_t node, const std::string& by, const std::string& room,
            const std::string& body);
  void sends(Sent sent, const std::string& body);
  // The iq with that id asks for a change of the list.
  void asks(const std::string& id, Asked asked);
  // The iq with that id asks for a message to be erased.
  void erases(const std::string& id, Erasing erasing);
  [[nodiscard]] bool may_be_erased(const Erasing& erasing) const {
    return erasings_.contains(erasing);
  }

  // The node let go of a stanza; its host took it for a person.
  void leaves(std::size_t node, const xmpp::Stanza& stanza);
  void taken(std::size_t node, const xmpp::Stanza& stanza);
  // A frame goes up with that directed message.
  void goes_up(const std::string& body, std::uint64_t incarnation, std::uint64_t number);
  void acknowledges(std::size_t node, std::uint64_t incarnation, std::uint64_t number);

  // Something happened to that party after which it may repeat, or not know, what it did before.
  void trouble(std::size_t party) { troubles_[party].push_back(schedule_.mono()); }
  [[nodiscard]] bool was_troubled(std::size_t party, MonoTime from, Millis time) const;
  // Its disk is an older one now: what nobody has any more is excused.
  void restored(std::size_t party);
  [[nodiscard]] bool was_restored(std::size_t party) const { return restored_.contains(party); }

  [[nodiscard]] const std::map<std::string, Said>& said() const { return said_; }
  [[nodiscard]] const std::map<std::string, Sent>& sent() const { return sent_; }
  [[nodiscard]] const Inbox* inbox(const std::string& bare, const std::string& room) const;
  [[nodiscard]] const std::set<std::string>& answered_ok() const { return answered_ok_; }

 private:
  void answers(std::size_t node, const std::string& id);
  void take_message(std::size_t node, const xmpp::Stanza& stanza);
  void take_directed(const std::string& to, const std::string& body);
  Schedule& schedule_;
  Judge& judge_;
  Ledger& ledger_;
  std::map<std::string, Said> said_;  // by body
  std::map<std::string, Sent> sent_;  // by body
  std::map<Key, Inbox> inboxes_;
  std::map<std::string, Asked> asked_;             // by iq id, not answered yet
  std::map<std::string, Erasing> asked_to_erase_;  // by iq id, not answered yet
  std::set<Erasing> erasings_;
  std::set<std::string> answered_ok_;
  std::map<std::size_t, std::vector<MonoTime>> troubles_;
  std::map<std::size_t, MonoTime> restored_;
};

}  // namespace hansa::sim::links
