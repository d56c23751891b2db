#pragma once
// Somebody on the hub's side who changes what passes on a cable: forges operations now and then (a
// fault: it must do no harm), and plants what can only be planted there.

#include <cstdint>
#include <optional>
#include <set>

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
  // Not that with which a room begins: its node could not make it once more.
  void spare_first() { spares_first_ = true; }
  [[nodiscard]] std::uint64_t forged() const { return forged_; }
  [[nodiscard]] Cable::Passed passes(Cable::End from, xmpp::Stanza stanza);

 private:
  // None: it goes on as it is.
  [[nodiscard]] std::optional<Cable::Passed> change(Cable::End from, const xmpp::Stanza& stanza);
  [[nodiscard]] bool forge(xep_shared_rooms::Item& item);
  // What goes back in the frame's place, which goes no further.
  [[nodiscard]] std::optional<xep_shared_rooms::Frame> take(xep_shared_rooms::Frame& frame);
  [[nodiscard]] std::optional<xep_shared_rooms::Frame> take_item(xep_shared_rooms::Entry& entry);
  Schedule& schedule_;
  Coverage& coverage_;
  Planted planted_;
  bool spares_first_ = false;
  std::uint64_t forge_ = 0;
  std::uint64_t forged_ = 0;
  std::set<xep_shared_rooms::Origin> taken_;
};

}  // namespace hansa::sim::links
