#pragma once
// The store on LevelDB, in a folder of its own that one process at a time has open. Bytes:
// storage/format.md.
//
// One thread commits: it takes all writes that wait, writes them with one sync, and tells their
// callers; the next ones gather meanwhile. Another thread reads, so that reads do not delay
// commits. Both tell through the Poster. The store is used and destroyed by the thread that
// decides; destroying it waits for the write at work and drops those that wait.
//
// After a failed write the outcome of that group is *unknown*; the database is closed and opened
// again, with growing pauses, and meanwhile writes are refused and reads are errors. A failed sync
// ends the process (status 70): what the disk holds is known only after a new start.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/limits.h"
#include "base/log.h"
#include "base/poster.h"
#include "storage/storage.h"

namespace leveldb {
class Env;
class Status;
}  // namespace leveldb

namespace hansa::storage {

struct LevelDbOptions {
  std::uint64_t free_space_reserve = limits::kFreeSpaceReserve;
  // Read and checked at the start, see format.md. A second reads some hundred MiB, and a node is
  // to serve within two.
  std::size_t verify_bytes = 128 * 1024 * 1024;

  // What tests put in the place of the machine; left empty: the machine.
  leveldb::Env* disk = nullptr;
  std::function<leveldb::Status(const std::string& folder)> sync_folder;
  std::function<Result<std::uint64_t>(const std::string& folder)> free_space;
  std::function<void()> end_process;  // after the reason was logged
};

// `poster` and `log` outlive the store. Error: damaged, of a newer format, in use, not permitted;
// its text says what to do.
[[nodiscard]] Result<std::unique_ptr<Store>> open_leveldb_store(const std::string& folder,
                                                                Poster& poster, Log& log,
                                                                LevelDbOptions options = {});

}  // namespace hansa::storage
