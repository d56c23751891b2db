#pragma once
// Walks through a room's log in pages and picks what is in the archive. One object for one answer:
// it may read limits::kArchiveReads pages. While turn.waiting() results mean nothing.

#include <cstdint>
#include <optional>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "modules/archive/search.h"

namespace hansa::archive {

struct Speaker;

class Pages {
 public:
  struct Walked {
    std::vector<Hit> hits;     // in the order of the log
    bool reached_end = false;  // of the positions given: there are no others
  };

  explicit Pages(const Scope& scope) : scope_(scope) {}
  // Up to `most` from the start, or from the end, of [from, to). Fewer, if they are long or far
  // between.
  [[nodiscard]] Result<Walked> forward(engine::ServiceTurn& turn, engine::Position from,
                                       engine::Position to, std::size_t most, const Speaker& with);
  [[nodiscard]] Result<Walked> backward(engine::ServiceTurn& turn, engine::Position from,
                                        engine::Position to, std::size_t most, const Speaker& with);
  // Nothing: too many to count.
  [[nodiscard]] Result<std::optional<std::uint64_t>> count(engine::ServiceTurn& turn,
                                                           engine::Position from,
                                                           engine::Position to,
                                                           const Speaker& with);
  // Those at these positions.
  [[nodiscard]] Result<std::vector<Hit>> at(engine::ServiceTurn& turn,
                                            const std::vector<engine::Position>& positions);

 private:
  using Entries = std::vector<engine::EntryPtr>;
  // What of these entries is in the archive. Null: a read was asked.
  std::optional<std::vector<Hit>> pick(engine::ServiceTurn& turn, const Entries& entries,
                                       engine::Position from, engine::Position to,
                                       const Speaker& with) const;
  const Scope& scope_;
  std::size_t reads_ = limits::kArchiveReads;  // left
};

}  // namespace hansa::archive
