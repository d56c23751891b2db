#pragma once
// Time, chance and the event queue of a simulated world: nothing else in tests/sim knows the time
// or draws a number, so a seed determines everything. Events of one moment run in the order in
// which they were asked for. What happens is noted as lines: their hash tells two runs apart, and
// the last of them are shown when an invariant is broken.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/poster.h"
#include "base/random.h"
#include "storage/simulated_store.h"

namespace hansa::sim {

class Schedule final : public storage::Scheduler, public Poster, public Clock {
 public:
  explicit Schedule(std::uint64_t seed, bool verbose = false) : random_(seed), verbose_(verbose) {}

  [[nodiscard]] WallTime wall() const override { return {kEpoch_ms + now_ms_}; }
  [[nodiscard]] MonoTime mono() const override { return {now_ms_}; }
  void post(std::function<void()> work) override { after(Millis(0), std::move(work)); }
  void after(Millis delay, std::function<void()> work) override;
  // Runs the next event, moving the clock to its time; false if there is none.
  bool step();
  [[nodiscard]] std::uint64_t steps() const { return steps_; }

  [[nodiscard]] bool chance(double probability);
  [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }
  [[nodiscard]] std::uint64_t number() { return random_.next(); }
  [[nodiscard]] Millis between(std::int64_t least_ms, std::int64_t most_ms);
  [[nodiscard]] std::string token(std::size_t length) { return random_token(random_, length); }

  void note(const std::string& line);
  // For --verbose only.
  [[nodiscard]] bool verbose() const { return verbose_; }
  void detail(const std::string& line) const;
  [[nodiscard]] std::uint64_t hash() const { return hash_; }
  [[nodiscard]] const std::deque<std::string>& tail() const { return tail_; }

 private:
  static constexpr std::int64_t kEpoch_ms = 1'700'000'000'000;
  SeededRandom random_;
  bool verbose_;
  std::int64_t now_ms_ = 0;
  std::uint64_t number_ = 0;
  std::uint64_t steps_ = 0;
  std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>> work_;
  std::uint64_t hash_ = 14695981039346656037ULL;  // FNV-1a
  std::deque<std::string> tail_;
};

}  // namespace hansa::sim
