#pragma once
// Takes the verdicts of all who watch: the first broken invariant of a history ends it. Counts what
// was checked, so that a history in which nothing was looked at is noticed.

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "tests/sim/schedule.h"

namespace hansa::sim {

struct Violation {
  std::string invariant;
  std::string detail;
};

class Judge {
 public:
  explicit Judge(Schedule& schedule) : schedule_(schedule) {}
  void broken(const std::string& invariant, const std::string& detail) {
    schedule_.note("BROKEN " + invariant + ": " + detail);
    if (!violation_) violation_ = Violation{invariant, detail};
  }
  void check(bool holds, const std::string& invariant, const std::string& detail) {
    ++checked_[invariant];
    if (!holds) broken(invariant, detail);
  }
  [[nodiscard]] const std::optional<Violation>& violation() const { return violation_; }
  [[nodiscard]] const std::map<std::string, std::uint64_t>& checked() const { return checked_; }

 private:
  Schedule& schedule_;
  std::optional<Violation> violation_;
  std::map<std::string, std::uint64_t> checked_;
};

}  // namespace hansa::sim
