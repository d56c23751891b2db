#pragma once
// Judges affiliations one by one: a change that is answered with a result stands in the room's log
// before the answer leaves the node, and its list is what the log says, whatever crashed meanwhile;
// one that is refused stands nowhere. That an answer never comes, or says that nobody knows what
// became of the change, is no promise.

#include <map>
#include <set>
#include <string>

#include "tests/sim/hosts/ledger.h"
#include "tests/sim/judge.h"
#include "xmpp/stanza.h"

namespace hansa::sim::hosts {

struct World;

class Changes {
 public:
  Changes(Judge& judge, Ledger& ledger) : judge_(judge), ledger_(ledger) {}

  void asks(const std::string& id, const std::string& room, const std::string& who,
            std::string_view affiliation);
  // What the node writes to a link.
  void leaves(const xmpp::Stanza& stanza);
  // Nothing of what was refused stands in a log.
  void check_refused();

 private:
  struct Asked {
    std::string room;
    std::string who;
    rooms::Affiliation affiliation = rooms::Affiliation::none;
    engine::Position since = 0;  // the room's end when it was asked
    bool alone = false;          // nothing else was ever asked of that person there
    bool refused = false;
  };
  Judge& judge_;
  Ledger& ledger_;
  std::map<std::string, Asked> asked_;                    // by id
  std::set<std::pair<std::string, std::string>> people_;  // room, bare JID
};

// What an owner is told of each list is what the log says. False if an invariant is broken.
[[nodiscard]] bool check_lists(World& world);

}  // namespace hansa::sim::hosts
