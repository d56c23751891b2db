#include "storage/free_space.h"

#include <sys/statvfs.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace hansa::storage {
namespace {

constexpr Millis kMeasureEvery{100};
constexpr std::uint64_t kMeasureBytes = 1024 * 1024;

}  // namespace

FreeSpace::FreeSpace(std::string folder, std::uint64_t reserve, Measure measure)
    : folder_(std::move(folder)), reserve_(reserve), measure_(std::move(measure)) {}

std::optional<std::string> FreeSpace::fault() {
  const MonoTime now = clock_.mono();
  if (!measured_at_ || now - *measured_at_ >= kMeasureEvery || written_ >= kMeasureBytes) {
    const Result<std::uint64_t> measured = measure_(folder_);
    free_ = measured.ok() ? std::optional(measured.value()) : std::nullopt;
    measured_at_ = now;
    written_ = 0;
  }
  if (!free_ || *free_ >= reserve_ + written_) return std::nullopt;
  const std::uint64_t left = *free_ > written_ ? *free_ - written_ : 0;
  return "the disk of " + folder_ + " has " + std::to_string(left / 1024) +
         " KiB left, less than the reserve of " + std::to_string(reserve_ / 1024) +
         " KiB: nothing is written until there is more";
}

Result<std::uint64_t> measure_free_space(const std::string& folder) {
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) != 0) {
    return Error(Condition::internal_server_error,
                 "statvfs " + folder + ": " + std::generic_category().message(errno));
  }
  return static_cast<std::uint64_t>(disk.f_bavail) * static_cast<std::uint64_t>(disk.f_frsize);
}

}  // namespace hansa::storage
