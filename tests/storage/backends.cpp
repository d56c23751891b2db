#include "tests/storage/backends.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <atomic>

namespace hansa::storage::test {

namespace fs = std::filesystem;

TestFolder::TestFolder() {
  static std::atomic<int> next = 0;
  path_ = fs::temp_directory_path() /
          ("hansa-storage-" + std::to_string(::getpid()) + "-" + std::to_string(++next));
  fs::remove_all(path_);
}

TestFolder::~TestFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

LevelDbBackend::LevelDbBackend(LevelDbOptions options) : options_(std::move(options)) { reopen(); }

void LevelDbBackend::reopen() {
  store_.reset();
  auto opened = open_leveldb_store(folder(), poster_, log_, options_);
  REQUIRE_MESSAGE(opened.ok(), (opened.ok() ? "" : opened.error().text));
  store_ = std::move(opened).value();
}

Error LevelDbBackend::refusal() {
  store_.reset();
  const auto opened = open_leveldb_store(folder(), poster_, log_, options_);
  REQUIRE_FALSE(opened.ok());
  return opened.error();
}

}  // namespace hansa::storage::test
