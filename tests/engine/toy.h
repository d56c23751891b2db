#pragma once
// A toy room on a real engine: joins, messages, letters, questions and timers in a few lines each,
// so that the promises of the engine are tested without any module. Everything runs on one thread.

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/log.h"
#include "engine/engine.h"
#include "storage/memory_store.h"
#include "storage/simulated_store.h"
#include "tests/support/fake_clock.h"

namespace hansa::toy {

using test::FakeClock;

inline const std::string kJoinA = "<presence from='a@x.test/1' to='r@rooms.test'/>";
inline const std::string kJoinB = "<presence from='b@x.test/1' to='r@rooms.test'/>";

// What a says.
[[nodiscard]] inline std::string message(const std::string& body,
                                         const std::string& room = "r@rooms.test") {
  return "<message from='a@x.test/1' to='" + room + "'><body>" + body + "</body></message>";
}

// Runs what was posted or scheduled when the test says so, in the order of its time.
class Queue final : public Poster, public storage::Scheduler {
 public:
  explicit Queue(FakeClock& clock) : clock_(clock) {}
  void post(std::function<void()> work) override { after(Millis(0), std::move(work)); }
  void after(Millis delay, std::function<void()> work) override {
    work_.emplace(std::pair(clock_.now_ms + delay.count(), ++number_), std::move(work));
  }
  // Runs the next one, moving the clock to its time; false if there is none.
  bool step();

 private:
  FakeClock& clock_;
  std::uint64_t number_ = 0;
  std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>> work_;
};

class FakeLinks final : public engine::Links {
 public:
  void write(std::string_view domain, std::string bytes) override {
    written[std::string(domain)] += bytes;
    if (!draining) backlog += bytes.size();
  }
  void confirm(std::string_view domain, engine::Mark mark) override {
    marks.emplace_back(domain, mark);
  }
  [[nodiscard]] std::size_t queued(std::string_view) const override { return backlog; }
  void passed_within(const xmpp::Stanza& stanza) override {
    if (within) within(stanza);
  }
  std::function<void(const xmpp::Stanza&)> within;
  std::map<std::string, std::string> written;
  std::deque<std::pair<std::string, engine::Mark>> marks;
  bool draining = true;
  std::size_t backlog = 0;
};

class ToyRoom final : public engine::Facet {
 public:
  void apply(const engine::Entry& entry) override;
  void apply_note(std::string_view key, const std::optional<std::string>& value) override;
  void collect_records(std::vector<storage::Change>& out) override;
  void apply_record(std::string_view key, std::string_view value) override;
  std::uint64_t messages = 0;
  std::map<std::string, char> sessions;

 private:
  bool dirty_ = false;
};

// A node with the toy module; crash() and start() it as often as wanted on the same disk.
class ToyNode {
 public:
  enum class Disk { memory, simulated };
  explicit ToyNode(Disk disk = Disk::memory, std::size_t high_water = 0,
                   std::size_t loaded_rooms = 0,
                   std::uint64_t follower_bound = limits::kFollowerBound);
  void start();
  void crash();
  // Decides, stores and sends until nothing moves; pings are answered if `confirm`.
  void run(bool confirm = true);
  void advance(Millis time);
  void say(const std::string& xml);
  // What was written to the rooms' link since the last call.
  std::string heard();
  [[nodiscard]] static std::size_t count(const std::string& text, const std::string& what);

  FakeClock clock;
  Queue queue{clock};
  FakeLinks links;
  NoLog log;
  SeededRandom random{7};
  engine::Router router;
  std::shared_ptr<storage::Disk> disk = std::make_shared<storage::Disk>();
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<engine::Engine> engine;
  storage::Faults faults;
  storage::SimulatedStore* simulated = nullptr;

 private:
  void add_rows();
  Disk kind_;
  std::size_t high_water_;
  std::size_t loaded_rooms_;
  std::uint64_t follower_bound_;
};

// Of the log of r@rooms.test.
[[nodiscard]] std::string log_id(ToyNode& node);
[[nodiscard]] storage::Page log_of(ToyNode& node, storage::Position from = 1);
// "2 3-": entries 2 and 3 are kept, 3 without its payload.
[[nodiscard]] std::string kept(ToyNode& node);
// What is sent to that address, in order: bodies, and that it is left behind.
[[nodiscard]] std::string sent_to(const std::string& who, const std::string& heard);

}  // namespace hansa::toy
