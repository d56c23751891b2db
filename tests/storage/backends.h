#pragma once
// The back ends under one suite: each brings a store, a way to let time pass until something is
// true, and a way to open the store anew. STORE_TEST_CASE("…") { backend.store() … }: once on each.

#include <doctest/doctest.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/log.h"
#include "base/poster.h"
#include "storage/leveldb_store.h"
#include "storage/memory_store.h"
#include "storage/simulated_store.h"

namespace hansa::storage::test {

// Runs what was posted when the test says so, in the test's own thread.
class TestPoster final : public Poster {
 public:
  void post(std::function<void()> work) override {
    const std::lock_guard lock(mutex_);
    work_.push_back(std::move(work));
    posted_.notify_one();
  }
  // Waits up to `most` for one function, runs it; false if there was none.
  bool run_one(std::chrono::milliseconds most = std::chrono::milliseconds(0)) {
    std::unique_lock lock(mutex_);
    if (!posted_.wait_for(lock, most, [this] { return !work_.empty(); })) return false;
    std::function<void()> work = std::move(work_.front());
    work_.pop_front();
    lock.unlock();
    work();
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable posted_;
  std::deque<std::function<void()>> work_;
};

// Simulated time: runs what is due next.
class TestScheduler final : public Scheduler {
 public:
  void after(Millis delay, std::function<void()> work) override {
    work_.emplace(now_ + delay, std::move(work));
  }
  bool run_one() {
    if (work_.empty()) return false;
    now_ = work_.begin()->first;
    std::function<void()> work = std::move(work_.begin()->second);
    work_.erase(work_.begin());
    work();
    return true;
  }

 private:
  Millis now_{0};
  std::multimap<Millis, std::function<void()>> work_;
};

// A folder that is gone at the end.
class TestFolder {
 public:
  TestFolder();
  ~TestFolder();
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

class Backend {
 public:
  Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;
  virtual ~Backend() = default;
  virtual Store& store() = 0;
  // Runs what the store has posted, one function; false: there is none.
  virtual bool run_one() = 0;
  virtual void reopen() = 0;
  virtual void close() = 0;
  [[nodiscard]] virtual bool keeps() const { return true; }  // what is durable survives reopen()
};

class MemoryBackend final : public Backend {
 public:
  Store& store() override { return *store_; }
  bool run_one() override { return poster_.run_one(); }
  void reopen() override { store_ = std::make_unique<MemoryStore>(poster_); }
  void close() override { store_.reset(); }
  [[nodiscard]] bool keeps() const override { return false; }

 private:
  TestPoster poster_;
  std::unique_ptr<Store> store_ = std::make_unique<MemoryStore>(poster_);
};

class SimulatedBackend final : public Backend {
 public:
  explicit SimulatedBackend(std::uint64_t seed = 1, Faults faults = {})
      : seed_(seed), faults_(faults) {
    reopen();
  }
  SimulatedStore& store() override { return *store_; }
  bool run_one() override { return scheduler_.run_one(); }
  void reopen() override {
    store_ = std::make_unique<SimulatedStore>(disk_, scheduler_, seed_++, faults_);
  }
  void close() override { store_.reset(); }

 private:
  TestScheduler scheduler_;
  std::shared_ptr<Disk> disk_ = std::make_shared<Disk>();
  std::uint64_t seed_;
  Faults faults_;
  std::unique_ptr<SimulatedStore> store_;
};

class LevelDbBackend final : public Backend {
 public:
  explicit LevelDbBackend(LevelDbOptions options = {});
  Store& store() override { return *store_; }
  // Long enough for a machine under sanitizers and load.
  bool run_one() override { return poster_.run_one(std::chrono::seconds(60)); }
  // A function that is there already.
  bool run_posted() { return poster_.run_one(); }
  void reopen() override;
  // The error of an attempt that must fail.
  [[nodiscard]] Error refusal();
  void close() override { store_.reset(); }
  [[nodiscard]] std::string folder() const { return folder_.path(); }
  LevelDbOptions& options() { return options_; }

 private:
  TestFolder folder_;
  TestPoster poster_;
  NoLog log_;
  LevelDbOptions options_;
  std::unique_ptr<Store> store_;
};

// The body is a function of its own, compiled once.
#define STORE_TEST_CASE(name) STORE_TEST_CASE_OF(DOCTEST_ANONYMOUS(on_each_store_), name)
#define STORE_TEST_CASE_OF(body, name)                                                \
  static void body(Backend& backend);                                                 \
  TEST_CASE_TEMPLATE(name, Tested, MemoryBackend, SimulatedBackend, LevelDbBackend) { \
    Tested backend;                                                                   \
    body(backend);                                                                    \
  }                                                                                   \
  static void body(Backend& backend)

}  // namespace hansa::storage::test
