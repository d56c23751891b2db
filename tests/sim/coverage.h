#pragma once
// Which fault hit which kind of entry (or frame), how often, and which fault was in force at all.

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "storage/image.h"
#include "tests/sim/arena.h"
#include "xmpp/stanza.h"

namespace hansa::sim {

class Coverage {
 public:
  // An append of those entries had that fate: «crash», «unknown», «conflict», «refused».
  void disk(std::string_view fate, const storage::Batch& batch);
  // A frame was hit on its way.
  void frame(std::string_view fault, const xmpp::Stanza& stanza);
  // What that disk has and its backup, which takes its place, does not.
  void lost_by_restore(const storage::Image& now, const storage::Image& before,
                       const std::string& role);
  void hit(std::string_view fault, std::string_view what);
  // That fault is in force for those parties until then: it hits whatever they write meanwhile.
  void force(std::string_view fault, std::set<std::size_t> parties, MonoTime until);
  void wrote(std::size_t party, MonoTime now, const storage::Batch& batch);
  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  struct Force {
    std::string fault;
    std::set<std::size_t> parties;
    MonoTime until;
  };
  std::vector<Force> forces_;
  Counts counts_;
};

// What an entry or a frame is about: an item's kind, or its own name. A node's hello is «buckets»,
// and «past» a have that looks for a point in common.
[[nodiscard]] std::string name_of(const storage::Entry& entry);
[[nodiscard]] std::string name_of(const xmpp::Stanza& frame);

}  // namespace hansa::sim
