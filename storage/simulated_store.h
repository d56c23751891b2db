#pragma once
// A store with the manners of a bad disk, for the simulator: late, reordered between logs (never
// within one), with conflicts, refusals, unknown outcomes and read errors; a crash forgets what was
// not confirmed. No thread and no clock: a seed and the Scheduler's calls determine all.
//
// What is durable lives in a Disk. A crash is: store.crash(), destroy it, open another on the disk.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/random.h"
#include "storage/image.h"

namespace hansa::storage {

// Runs functions later, on the simulated thread that decides; never inside the call.
class Scheduler {
 public:
  virtual ~Scheduler() = default;
  virtual void after(Millis delay, std::function<void()> work) = 0;
};

// What survives a crash. One store at a time is open on it.
struct Disk {
  Image image;
};

// Probabilities are from 0 to 1, of each call; delays are drawn from [least, most].
struct Faults {
  Millis least_write{1}, most_write{20};
  Millis least_read{0}, most_read{10};
  double conflict = 0;       // append: as if another writer owned the log; nothing is written
  double refused = 0;        // append, claim: nothing is written
  double unknown = 0;        // every write (an error, if not an append): it is done or not
  double read_error = 0;     // every read
  double late_records = 0;   // append: records stay behind (records_batch < last_batch)
  double crash_keeps = 0.5;  // crash: a write in flight is there, if the one before it is
  bool full = false;         // the disk is full: appends and claims are refused
};

class SimulatedStore final : public Store {
 public:
  // The scheduler outlives the store.
  SimulatedStore(std::shared_ptr<Disk> disk, Scheduler& scheduler, std::uint64_t seed,
                 Faults faults);
  SimulatedStore(std::shared_ptr<Disk> disk, Scheduler& scheduler, std::uint64_t seed)
      : SimulatedStore(std::move(disk), scheduler, seed, Faults{}) {}

  void set_faults(Faults faults) { faults_ = faults; }
  // The next append to `log` that is decided has this outcome. unknown: a coin says if it is there.
  void give_next(const LogKey& log, AppendResult outcome) { asked_[log].push_back(outcome); }
  // The machine stops: no function of an open call is run any more, and of the writes in flight
  // each log keeps some first ones, perhaps none. Later calls on this store do nothing.
  void crash();
  // Writes that are not yet decided.
  [[nodiscard]] std::size_t writes_open() const;

  void append(const LogKey& log, BatchNumber expected, Batch batch,
              Then<AppendOutcome> then) override;
  void load(const LogKey& log, Then<Result<Loaded>> then) override;
  void read(const LogKey& log, Position from, std::size_t max_bytes,
            Then<Result<Page>> then) override;
  void truncate(const LogKey& log, Position first, Then<Status> then) override;
  void erase_payload(const LogKey& log, Position position, Then<Status> then) override;
  void remove(const LogKey& log, Then<Status> then) override;
  void list(const std::string& role, const std::string& after, std::size_t most,
            Then<Result<std::vector<LogKey>>> then) override;
  void claim(const std::string& role, const std::string& address,
             std::optional<std::string> expected, std::optional<std::string> value,
             Then<Result<std::optional<std::string>>> then) override;
  void lookup(const std::string& role, const std::string& address,
              Then<Result<std::optional<std::string>>> then) override;
  void addresses(const std::string& role, const std::string& after, std::size_t most,
                 Then<Result<std::vector<KeyValue>>> then) override;
  void scan_index(const std::string& role, const std::string& from, const std::string& to,
                  std::size_t most, Then<Result<std::vector<KeyValue>>> then) override;

 private:
  // Decides what becomes of a write, does it, and gives what its caller is told.
  enum class Fate : std::uint8_t { as_it_is, conflict, refused, unknown_kept, unknown_lost };
  using Told = std::function<void()>;
  enum class Kind : std::uint8_t { append, claim, other };
  struct Write {
    Kind kind = Kind::other;
    LogKey log;  // of an append
    std::function<Told(Fate)> decide;
  };
  // Writes of one log, or of one address, happen one after another.
  struct Lane {
    std::deque<Write> waiting;
    bool busy = false;  // from the first write until its caller was told
  };

  void write(const std::string& lane, Write work);
  void start(const std::string& lane);
  void decide(const std::string& lane);
  template <typename T>
  Write plain_write(Kind kind, std::function<T()> work, Then<T> then);
  template <typename T>
  void read_later(std::function<T()> work, Then<T> then);
  void later(Millis delay, std::function<void()> work);
  [[nodiscard]] Fate draw_fate(const Write& work);
  [[nodiscard]] Fate fate_of(AppendResult asked);
  [[nodiscard]] bool draw(double probability);
  [[nodiscard]] Millis draw(Millis least, Millis most);

  std::shared_ptr<Disk> disk_;
  Scheduler& scheduler_;
  SeededRandom random_;
  Faults faults_;
  std::map<std::string, Lane> lanes_;
  std::map<LogKey, std::deque<AppendResult>> asked_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();  // gone after a crash
};

}  // namespace hansa::storage
