#include "storage/simulated_store.h"

#include <algorithm>

#include "storage/rules.h"

namespace hansa::storage {
namespace {

Error disk_error(std::string text) {
  return Error(Condition::resource_constraint, std::move(text));
}

std::string lane_of(const LogKey& log) { return "log " + log.role + "/" + log.id; }

}  // namespace

SimulatedStore::SimulatedStore(std::shared_ptr<Disk> disk, Scheduler& scheduler, std::uint64_t seed,
                               Faults faults)
    : disk_(std::move(disk)), scheduler_(scheduler), random_(seed), faults_(faults) {}

void SimulatedStore::crash() {
  if (!alive_) return;
  alive_.reset();
  for (auto& [name, lane] : lanes_) {
    for (Write& work : lane.waiting) {
      if (!draw(faults_.crash_keeps)) break;
      (void)work.decide(Fate::as_it_is);
    }
  }
  lanes_.clear();
}

std::size_t SimulatedStore::writes_open() const {
  std::size_t sum = 0;
  for (const auto& [name, lane] : lanes_) sum += lane.waiting.size();
  return sum;
}

// --- writes --------------------------------------------------------------------------------------

void SimulatedStore::append(const LogKey& log, BatchNumber expected, Batch batch,
                            Then<AppendOutcome> then) {
  auto work = [this, log, expected, batch = std::move(batch), then = std::move(then)](Fate fate) {
    AppendOutcome outcome;
    if (fate == Fate::conflict) {
      outcome = {AppendResult::conflict, "simulated: another writer owns the log"};
    } else if (fate == Fate::refused) {
      outcome = {AppendResult::refused, "simulated: no space"};
    } else if (fate == Fate::unknown_lost) {
      outcome = {AppendResult::unknown, "simulated: the write failed"};
    } else {
      outcome = disk_->image.append(log, expected, batch, draw(faults_.late_records));
      if (fate == Fate::unknown_kept)
        outcome = {AppendResult::unknown, "simulated: it failed late"};
    }
    return [then, outcome] { then(outcome); };
  };
  write(lane_of(log), Write{Kind::append, log, std::move(work)});
}

// Truncations and the like know three ends: done, lost, and done with an error.
template <typename T>
SimulatedStore::Write SimulatedStore::plain_write(Kind kind, std::function<T()> work,
                                                  Then<T> then) {
  auto decide = [work = std::move(work), then = std::move(then)](Fate fate) -> Told {
    const bool lost = fate != Fate::as_it_is && fate != Fate::unknown_kept;
    T result = lost ? T(disk_error("simulated: the write failed")) : work();
    if (fate == Fate::unknown_kept) result = disk_error("simulated: the write failed late");
    return [then, result] { then(result); };
  };
  return Write{kind, {}, std::move(decide)};
}

void SimulatedStore::truncate(const LogKey& log, Position first, Then<Status> then) {
  auto work = [this, log, first] { return disk_->image.truncate(log, first); };
  write(lane_of(log), plain_write<Status>(Kind::other, std::move(work), std::move(then)));
}

void SimulatedStore::erase_payload(const LogKey& log, Position position, Then<Status> then) {
  auto work = [this, log, position] { return disk_->image.erase_payload(log, position); };
  write(lane_of(log), plain_write<Status>(Kind::other, std::move(work), std::move(then)));
}

void SimulatedStore::remove(const LogKey& log, Then<Status> then) {
  auto work = [this, log] { return disk_->image.remove(log); };
  write(lane_of(log), plain_write<Status>(Kind::other, std::move(work), std::move(then)));
}

void SimulatedStore::claim(const std::string& role, const std::string& address,
                           std::optional<std::string> expected, std::optional<std::string> value,
                           Then<Result<std::optional<std::string>>> then) {
  auto work = [this, role, address, expected, value] {
    return disk_->image.claim(role, address, expected, value);
  };
  using Value = Result<std::optional<std::string>>;
  write("address " + role + "/" + address,
        plain_write<Value>(Kind::claim, std::move(work), std::move(then)));
}

void SimulatedStore::write(const std::string& lane, Write work) {
  if (!alive_) return;
  Lane& kept = lanes_[lane];
  kept.waiting.push_back(std::move(work));
  if (!kept.busy) start(lane);
}

void SimulatedStore::start(const std::string& lane) {
  lanes_[lane].busy = true;
  later(draw(faults_.least_write, faults_.most_write), [this, lane] { decide(lane); });
}

// One sync covers some first writes of the lane. Their callers are told a little later, so that a
// crash can fall between what is on disk and what was said of it.
void SimulatedStore::decide(const std::string& lane) {
  Lane& kept = lanes_[lane];
  const std::size_t group = 1 + random_.below(kept.waiting.size());
  std::vector<Told> told;
  for (std::size_t i = 0; i < group; ++i) {
    const Write& work = kept.waiting.front();
    told.push_back(work.decide(draw_fate(work)));
    kept.waiting.pop_front();
  }
  later(draw(Millis(0), faults_.least_write), [this, lane, told = std::move(told)] {
    const std::weak_ptr alive = alive_;
    for (const Told& tell : told) {
      tell();
      if (alive.expired()) return;  // the caller crashed or destroyed the store
    }
    if (lanes_[lane].waiting.empty()) {
      lanes_.erase(lane);
    } else {
      start(lane);
    }
  });
}

SimulatedStore::Fate SimulatedStore::draw_fate(const Write& work) {
  if (work.kind == Kind::append) {
    if (const auto asked = asked_.find(work.log); asked != asked_.end()) {
      const AppendResult result = asked->second.front();
      asked->second.pop_front();
      if (asked->second.empty()) asked_.erase(asked);
      return fate_of(result);
    }
    if (draw(faults_.conflict)) return Fate::conflict;
  }
  if (work.kind != Kind::other && (faults_.full || draw(faults_.refused))) return Fate::refused;
  return draw(faults_.unknown) ? fate_of(AppendResult::unknown) : Fate::as_it_is;
}

SimulatedStore::Fate SimulatedStore::fate_of(AppendResult asked) {
  switch (asked) {
    case AppendResult::durable: return Fate::as_it_is;
    case AppendResult::conflict: return Fate::conflict;
    case AppendResult::refused: return Fate::refused;
    case AppendResult::unknown: break;
  }
  return draw(0.5) ? Fate::unknown_kept : Fate::unknown_lost;
}

// --- reads ---------------------------------------------------------------------------------------

template <typename T>
void SimulatedStore::read_later(std::function<T()> work, Then<T> then) {
  if (!alive_) return;
  const bool fails = draw(faults_.read_error);
  // Read, then be late: what is told may already be old.
  later(draw(faults_.least_read, faults_.most_read),
        [this, fails, work = std::move(work), then = std::move(then)] {
          T result = fails ? T(disk_error("simulated: the read failed")) : work();
          later(draw(Millis(0), faults_.least_read),
                [then, result = std::move(result)] { then(result); });
        });
}

void SimulatedStore::load(const LogKey& log, Then<Result<Loaded>> then) {
  read_later<Result<Loaded>>([this, log] { return disk_->image.load(log); }, std::move(then));
}

void SimulatedStore::read(const LogKey& log, Position from, std::size_t max_bytes,
                          Then<Result<Page>> then) {
  auto work = [this, log, from, max_bytes] { return disk_->image.read(log, from, max_bytes); };
  read_later<Result<Page>>(std::move(work), std::move(then));
}

void SimulatedStore::list(const std::string& role, const std::string& after, std::size_t most,
                          Then<Result<std::vector<LogKey>>> then) {
  auto work = [this, role, after, most] { return disk_->image.list(role, after, most); };
  read_later<Result<std::vector<LogKey>>>(std::move(work), std::move(then));
}

void SimulatedStore::lookup(const std::string& role, const std::string& address,
                            Then<Result<std::optional<std::string>>> then) {
  auto work = [this, role, address] { return disk_->image.lookup(role, address); };
  read_later<Result<std::optional<std::string>>>(std::move(work), std::move(then));
}

void SimulatedStore::addresses(const std::string& role, const std::string& after, std::size_t most,
                               Then<Result<std::vector<KeyValue>>> then) {
  auto work = [this, role, after, most] { return disk_->image.addresses(role, after, most); };
  read_later<Result<std::vector<KeyValue>>>(std::move(work), std::move(then));
}

void SimulatedStore::scan_index(const std::string& role, const std::string& from,
                                const std::string& to, std::size_t most,
                                Then<Result<std::vector<KeyValue>>> then) {
  auto work = [this, role, from, to, most] {
    return disk_->image.scan_index(role, from, to, most);
  };
  read_later<Result<std::vector<KeyValue>>>(std::move(work), std::move(then));
}

// --- chance --------------------------------------------------------------------------------------

void SimulatedStore::later(Millis delay, std::function<void()> work) {
  scheduler_.after(delay, [alive = std::weak_ptr(alive_), work = std::move(work)] {
    if (!alive.expired()) work();
  });
}

bool SimulatedStore::draw(double probability) {
  constexpr std::uint64_t kScale = 1'000'000;
  return static_cast<double>(random_.below(kScale)) < probability * static_cast<double>(kScale);
}

Millis SimulatedStore::draw(Millis least, Millis most) {
  if (most <= least) return least;
  const auto spread = static_cast<std::uint64_t>((most - least).count());
  return least + Millis(static_cast<std::int64_t>(random_.below(spread + 1)));
}

}  // namespace hansa::storage
