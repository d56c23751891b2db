#pragma once
// Somebody on the hub's side who changes what passes on a cable: forges operations now and then (a
// fault: it must do no harm), and plants what can only be planted there.

#include <cstdint>
#include <vector>

#include "tests/sim/coverage.h"
#include "tests/sim/links/cable.h"
#include "tests/sim/links/planted.h"
#include "xep-spec/shared_rooms.h"

namespace hansa::sim::links {

class Tamper {
 public:
  Tamper(Schedule& schedule, Coverage& coverage, Planted planted)
      : schedule_(schedule), coverage_(coverage), planted_(planted) {}

  // One of the operations that pass from now on is changed.
  void forge_next() { ++forge_; }
  void stop() { forge_ = 0; }
  [[nodiscard]] Cable::Passed passes(Cable::End from, xmpp::Stanza stanza);

 private:
  [[nodiscard]] bool forge(xep_shared_rooms::Item& item);
  Schedule& schedule_;
  Coverage& coverage_;
  Planted planted_;
  std::uint64_t forge_ = 0;
};

}  // namespace hansa::sim::links
