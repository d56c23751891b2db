#pragma once
// A set of numbers from 1 as its runs: what an enterprise's incarnation said in a room is one run
// as a rule, and a hole in it is something that somebody has and we have not, or nobody any more.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hansa::shared_log {

class Intervals {
 public:
  struct Run {
    std::uint64_t first;
    std::uint64_t last;
    bool operator==(const Run&) const = default;
  };

  [[nodiscard]] bool contains(std::uint64_t number) const {
    const auto after = after_of(number);
    return after != runs_.begin() && (after - 1)->last >= number;
  }
  void add(std::uint64_t number) {
    if (number == 0 || contains(number)) return;
    auto next = runs_.begin() + (after_of(number) - runs_.begin());
    const bool joins_next = next != runs_.end() && next->first == number + 1;
    if (next != runs_.begin() && (next - 1)->last + 1 == number) {
      (next - 1)->last = joins_next ? next->last : number;
      if (joins_next) runs_.erase(next);
    } else if (joins_next) {
      next->first = number;
    } else {
      runs_.insert(next, {number, number});
    }
  }
  // All of [first, last].
  void add(std::uint64_t first, std::uint64_t last) {
    Run all{std::max<std::uint64_t>(first, 1), last};
    if (all.last < all.first) return;
    std::vector<Run> out;
    std::vector<Run> after;
    for (const Run& run : runs_) {
      if (run.last < all.first - 1) {
        out.push_back(run);
      } else if (run.first > all.last && run.first - 1 > all.last) {
        after.push_back(run);
      } else {
        all = {std::min(all.first, run.first), std::max(all.last, run.last)};
      }
    }
    out.push_back(all);
    out.insert(out.end(), after.begin(), after.end());
    runs_ = std::move(out);
  }
  [[nodiscard]] std::uint64_t last() const { return runs_.empty() ? 0 : runs_.back().last; }
  // Runs of numbers below last() that are not in the set.
  [[nodiscard]] std::vector<Run> holes() const {
    std::vector<Run> out;
    std::uint64_t next = 1;
    for (const Run& run : runs_) {
      if (run.first > next) out.push_back({next, run.first - 1});
      next = run.last + 1;
    }
    return out;
  }
  [[nodiscard]] const std::vector<Run>& runs() const { return runs_; }
  void add_run(Run run) {  // behind all that is there
    runs_.push_back(run);
  }

 private:
  // The first run that begins after `number`.
  [[nodiscard]] std::vector<Run>::const_iterator after_of(std::uint64_t number) const {
    return std::upper_bound(runs_.begin(), runs_.end(), number,
                            [](std::uint64_t n, const Run& run) { return n < run.first; });
  }
  std::vector<Run> runs_;
};

}  // namespace hansa::shared_log
