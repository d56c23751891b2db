#pragma once
// Says no before the disk does: below the reserve nothing is added, so that LevelDB can still tidy
// up and other programs keep running. Measured at most once per 100 ms or per MiB written; what was
// written since counts as gone. Used by one thread.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace hansa::storage {

class FreeSpace {
 public:
  // Bytes that are free for us where `folder` is.
  using Measure = std::function<Result<std::uint64_t>(const std::string& folder)>;

  FreeSpace(std::string folder, std::uint64_t reserve, Measure measure);

  // Why nothing is written now; nothing if there is space. A measurement that fails refuses
  // nothing: the write itself will tell.
  [[nodiscard]] std::optional<std::string> fault();
  void wrote(std::size_t bytes) { written_ += bytes; }

 private:
  std::string folder_;
  std::uint64_t reserve_;
  Measure measure_;
  SystemClock clock_;
  std::optional<MonoTime> measured_at_;
  std::optional<std::uint64_t> free_;
  std::uint64_t written_ = 0;  // since then
};

// statvfs.
[[nodiscard]] Result<std::uint64_t> measure_free_space(const std::string& folder);

}  // namespace hansa::storage
