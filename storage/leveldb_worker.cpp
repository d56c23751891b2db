#include "storage/leveldb_worker.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "storage/rules.h"

namespace hansa::storage {
namespace {

// Of one WriteBatch and sync: large enough that the sync costs little of it, small enough that the
// first in the group does not wait long for the last.
constexpr std::size_t kGroupBytes = 4 * 1024 * 1024;
constexpr std::size_t kWaitingReads = 65'536;
constexpr Millis kFirstPause{100};
constexpr Millis kLongestPause{30'000};

leveldb::Status leveldb_status(const Error& error) {
  return leveldb::Status::IOError(std::string(error.message()));
}

}  // namespace

LevelDbWorker::LevelDbWorker(LevelDbFolder& folder, FreeSpace free_space, Poster& poster, Log& log)
    : folder_(folder), free_space_(std::move(free_space)), poster_(poster), log_(log) {}

LevelDbWorker::~LevelDbWorker() {
  alive_.reset();
  {
    const Lock held(queue_mutex_);
    stop_ = true;
  }
  write_waits_.notify_all();
  read_waits_.notify_all();
  if (commits_.joinable()) commits_.join();
  if (reader_.joinable()) reader_.join();
}

Status LevelDbWorker::start(std::size_t verify_bytes) {
  if (Status opened = open_database(verify_bytes); !opened) return opened;
  commits_ = std::thread([this] { run_commits(); });
  reader_ = std::thread([this] { run_reads(); });
  return Done{};
}

void LevelDbWorker::write(WriteCall call) {
  const std::size_t bytes = bytes_of(call);
  {
    const Lock held(queue_mutex_);
    const bool too_many = write_bytes_ + bytes > kWaitingBytes;
    if (too_many) {
      if (auto* append = std::get_if<AppendCall>(&call)) append->batch = {};
    }
    const std::size_t kept = too_many ? 0 : bytes;
    write_bytes_ += kept;
    writes_.push_back({std::move(call), kept, too_many});
  }
  write_waits_.notify_one();
}

void LevelDbWorker::read(ReadCall call) {
  {
    const Lock held(queue_mutex_);
    if (reads_.size() < kWaitingReads) {
      reads_.push_back(std::move(call));
      call = nullptr;
    }
  }
  read_waits_.notify_one();
  if (call) tell(call(nullptr, "too many reads wait for the disk"));
}

void LevelDbWorker::tell(Told told) {
  poster_.post([alive = alive_token_, told = std::move(told)] {
    if (!alive.expired()) told();
  });
}

void LevelDbWorker::tell(std::vector<Answered> answered) {
  if (answered.empty()) return;
  poster_.post([alive = alive_token_, answered = std::move(answered)]() mutable {
    for (Answered& one : answered) {
      if (alive.expired()) return;  // one of them may destroy the store
      Answered now = std::move(one);  // gone before the next
      now.tell();
    }
  });
}

// --- the thread that commits ---------------------------------------------------------------------

void LevelDbWorker::run_commits() {
  Lock held(queue_mutex_);
  while (!stop_) {
    const bool sweeping = committer_ && committer_->sweeper().pending();
    const auto something = [this] { return stop_ || !writes_.empty(); };
    if (!committer_) {
      const Millis wait = std::max(Millis(0), next_attempt_ - clock_.mono());
      write_waits_.wait_for(held, wait, something);
    } else if (!sweeping) {
      write_waits_.wait(held, something);
    }
    if (stop_) return;
    std::vector<WaitingWrite> group = take_group(held);
    held.unlock();
    if (!committer_ && clock_.mono() >= next_attempt_) open_again();
    if (!group.empty()) commit_group(std::move(group));
    if (sweeping) sweep();
    held.lock();
  }
}

std::vector<LevelDbWorker::WaitingWrite> LevelDbWorker::take_group(Lock&) {
  std::size_t bytes = 0;
  auto end = writes_.begin();
  while (end != writes_.end() && (end == writes_.begin() || bytes + end->bytes <= kGroupBytes)) {
    bytes += end->bytes;
    ++end;
  }
  write_bytes_ -= bytes;
  if (end == writes_.end()) return std::exchange(writes_, {});
  std::vector<WaitingWrite> group(std::make_move_iterator(writes_.begin()),
                                  std::make_move_iterator(end));
  writes_.erase(writes_.begin(), end);
  return group;
}

void LevelDbWorker::commit_group(std::vector<WaitingWrite> group) {
  std::vector<Answered> refused;  // since the database closed
  for (WaitingWrite& one : group) {
    if (committer_) {
      const LogKey* swept = committer_->swept_before(one.call);
      if (swept != nullptr && commit_staged()) {
        if (Status status = committer_->sweeper().finish(*swept); !status) {
          fail(leveldb_status(status.error()));
        }
      }
    }
    if (!committer_) {
      refused.push_back(refuse(std::move(one.call), why_closed_));
    } else if (one.too_many) {
      // In its turn: its callers before it are told before it.
      if (commit_staged()) {
        std::vector<Answered> too_many;
        too_many.push_back(refuse(std::move(one.call), "too many writes wait for the disk"));
        tell(std::move(too_many));
      } else {
        refused.push_back(refuse(std::move(one.call), why_closed_));
      }
    } else {
      committer_->stage(std::move(one.call), free_space_.fault());
    }
  }
  if (committer_) (void)commit_staged();
  tell(std::move(refused));
}

// False: the database had to be closed.
bool LevelDbWorker::commit_staged() {
  const std::size_t bytes = committer_->staged_bytes();
  const leveldb::Status status = committer_->commit();
  if (!status.ok()) {
    fail(status);
    return committer_ != nullptr;
  }
  free_space_.wrote(bytes);
  tell(committer_->take_answers(status));
  return true;
}

void LevelDbWorker::sweep() {
  if (!committer_ || !committer_->sweeper().pending()) return;
  if (Status status = committer_->sweeper().slice(); !status) fail(leveldb_status(status.error()));
}

// The database is closed and opened again before anyone is told, so that nobody reads a state that
// the failed write may still change.
void LevelDbWorker::fail(const leveldb::Status& status) {
  log_.error("storage", "a write to the store in " + folder_.path() + " failed (" +
                            status.ToString() + "): it is closed and opened again");
  std::vector<Answered> told = committer_->take_answers(status);
  pause_ = kFirstPause;
  open_again();
  tell(std::move(told));
}

Status LevelDbWorker::open_database(std::size_t verify_bytes) {
  const Lock held(database_mutex_);
  committer_.reset();
  database_.reset();
  Result<std::unique_ptr<leveldb::DB>> opened = folder_.open(verify_bytes);
  if (!opened) {
    why_closed_ = opened.error().message();
    return opened.error();
  }
  database_ = std::move(opened).value();
  committer_ = std::make_unique<Committer>(*database_);
  if (Status started = committer_->sweeper().start(); !started) {
    committer_.reset();
    database_.reset();
    why_closed_ = started.error().message();
    return started;
  }
  return Done{};
}

void LevelDbWorker::open_again() {
  if (Status opened = open_database(0); opened) {
    log_.info("storage", "the store in " + folder_.path() + " is open again");
    pause_ = Millis(0);
    return;
  }
  next_attempt_ = clock_.mono() + pause_;
  log_.error("storage", why_closed_ + "; tried again in " + std::to_string(pause_.count()) + " ms");
  pause_ = std::min(pause_ * 2, kLongestPause);
}

// --- the thread that reads -----------------------------------------------------------------------

void LevelDbWorker::run_reads() {
  Lock held(queue_mutex_);
  while (true) {
    read_waits_.wait(held, [this] { return stop_ || !reads_.empty(); });
    if (stop_) return;
    ReadCall call = std::move(reads_.front());
    reads_.pop_front();
    held.unlock();
    Told told;
    {
      const Lock reading(database_mutex_);
      told = call(database_.get(), why_closed_);
    }
    tell(std::move(told));
    held.lock();
  }
}

}  // namespace hansa::storage
