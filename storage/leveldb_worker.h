#pragma once
// The two threads of the LevelDB store and what they share. leveldb_store.cpp puts calls in; what
// their callers are told goes out through the Poster. Queues are bounded: what does not fit is
// answered in its turn, so that the order within a log holds.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/poster.h"
#include "storage/free_space.h"
#include "storage/leveldb_committer.h"
#include "storage/leveldb_folder.h"

namespace hansa::storage {

using Told = std::function<void()>;  // what the thread that decides is told; run once

// Reads, and gives what its caller is told. Without a database it says `why`. Called once.
using ReadCall = std::function<Told(leveldb::DB* database, const std::string& why)>;

class LevelDbWorker {
 public:
  LevelDbWorker(LevelDbFolder& folder, FreeSpace free_space, Poster& poster, Log& log);
  // Waits for the write and the read at work; what waits is dropped, nobody is told any more.
  ~LevelDbWorker();

  // Opens the database and starts the threads. Once, before anything else.
  [[nodiscard]] Status start(std::size_t verify_bytes);

  void write(WriteCall call);
  void read(ReadCall call);

 private:
  using Lock = std::unique_lock<std::mutex>;
  struct WaitingWrite {
    WriteCall call;
    std::size_t bytes;
    bool too_many;  // the queue was full
  };

  // The thread that commits.
  void run_commits();
  [[nodiscard]] std::vector<WaitingWrite> take_group(Lock& held);
  void commit_group(std::vector<WaitingWrite> group);
  [[nodiscard]] bool commit_staged();
  void sweep();
  void fail(const leveldb::Status& status);
  [[nodiscard]] Status open_database(std::size_t verify_bytes);
  void open_again();
  // The thread that reads.
  void run_reads();

  void tell(Told told);
  void tell(std::vector<Answered> answered);

  LevelDbFolder& folder_;
  FreeSpace free_space_;
  Poster& poster_;
  Log& log_;

  std::mutex database_mutex_;  // held by a read, and to change database_; only commits change it
  std::unique_ptr<leveldb::DB> database_;
  std::unique_ptr<Committer> committer_;  // these three: of the thread that commits
  std::string why_closed_;                // written under database_mutex_ too
  Millis pause_{0};
  SystemClock clock_;
  MonoTime next_attempt_;

  std::mutex queue_mutex_;
  std::condition_variable write_waits_;
  std::condition_variable read_waits_;
  std::vector<WaitingWrite> writes_;
  std::size_t write_bytes_ = 0;
  std::deque<ReadCall> reads_;
  bool stop_ = false;

  std::shared_ptr<char> alive_ = std::make_shared<char>();
  const std::weak_ptr<char> alive_token_ = alive_;  // what the threads look at
  std::thread commits_;
  std::thread reader_;
};

}  // namespace hansa::storage
