// LevelDB: stores that must not be opened, and what the operator is told.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <leveldb/db.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "storage/leveldb_keys.h"
#include "tests/storage/backends.h"
#include "tests/storage/calls.h"

namespace hansa::storage::test {

namespace {

namespace fs = std::filesystem;

bool says(const Error& error, const std::string& what) {
  return error.text.find(what) != std::string::npos;
}

std::vector<std::string> files(const std::string& folder, const std::string& part) {
  std::vector<std::string> out;
  for (const auto& file : fs::directory_iterator(folder)) {
    if (file.path().filename().string().find(part) != std::string::npos) {
      out.push_back(file.path().string());
    }
  }
  std::ranges::sort(out);
  return out;
}

void flip(const std::string& name, std::uint64_t at) {
  std::fstream file(name, std::ios::binary | std::ios::in | std::ios::out);
  file.seekg(static_cast<std::streamoff>(at));
  const int byte = file.get();
  file.seekp(static_cast<std::streamoff>(at));
  file.put(static_cast<char>(byte ^ 0x80));
}

constexpr std::size_t kEntries = 200;

// A store with tables and, newer, a write-ahead log.
void fill(LevelDbBackend& backend) {
  must_append(backend, kLog, 0, entries(1, kEntries / 2));
  backend.reopen();
  must_append(backend, kLog, 1, entries(1 + kEntries / 2, kEntries / 2));
  backend.close();
}

// Refused with a text that helps, or nothing is missing.
void check_refused_or_whole(LevelDbBackend& backend) {
  TestPoster poster;
  NoLog log;
  auto opened = open_leveldb_store(backend.folder(), poster, log);
  if (!opened.ok()) {
    const Error error = opened.error();
    INFO(error.text);
    CHECK(says(error, backend.folder()));
    CHECK(says(error, "damaged"));
    CHECK(says(error, "backup"));
    return;
  }
  opened = Error();
  backend.reopen();
  CHECK(load(backend, kLog).last_batch == 2);
  CHECK(read(backend, kLog, 1).entries == entries(1, kEntries).entries);
  backend.close();
}

// Changes the first bytes of the files named `part`, and then each `step`th, one at a time.
void flip_everywhere(const std::string& part, std::uint64_t step) {
  LevelDbBackend backend;
  fill(backend);
  TestFolder copy;
  fs::copy(backend.folder(), copy.path(), fs::copy_options::recursive);
  const std::vector<std::string> names = files(backend.folder(), part);
  REQUIRE_FALSE(names.empty());
  for (const std::string& name : names) {
    for (std::uint64_t at = 0; at < fs::file_size(name); at += at < 8 ? 1 : step) {
      CAPTURE(name);
      CAPTURE(at);
      flip(name, at);
      check_refused_or_whole(backend);
      fs::remove_all(backend.folder());
      fs::copy(copy.path(), backend.folder(), fs::copy_options::recursive);
    }
  }
}

}  // namespace

TEST_CASE("damage: a table, a manifest, CURRENT with a byte changed") {
  flip_everywhere(".ldb", 97);
  flip_everywhere("CURRENT", 1);
  flip_everywhere("MANIFEST", 1);
}

TEST_CASE("damage: the write-ahead log, and what is said of its tail") {
  flip_everywhere(".log", 211);
  LevelDbBackend backend;
  fill(backend);
  const std::string log = files(backend.folder(), ".log").back();
  flip(log, fs::file_size(log) - 10);
  const Error error = backend.refusal();
  CHECK(says(error, "the write-ahead log " + fs::path(log).filename().string()));
  CHECK(says(error, "if the machine lost power"));
  CHECK(error.condition == Condition::internal_server_error);
}

TEST_CASE("damage: a write-ahead log that ends inside a batch has not confirmed it") {
  LevelDbBackend backend;
  fill(backend);
  const std::string log = files(backend.folder(), ".log").back();
  fs::resize_file(log, fs::file_size(log) - 10);
  backend.reopen();
  CHECK(load(backend, kLog).last_batch == 1);
  CHECK(read(backend, kLog, 1).entries == entries(1, kEntries / 2).entries);
}

TEST_CASE("damage: a missing file is never taken for an empty store") {
  for (const std::string part : {"CURRENT", "MANIFEST", ".ldb"}) {
    CAPTURE(part);
    LevelDbBackend backend;
    fill(backend);
    for (const std::string& name : files(backend.folder(), part)) fs::remove(name);
    const auto left = files(backend.folder(), "0");
    const Error error = backend.refusal();
    CHECK(says(error, "damaged"));
    for (const std::string& name : left) CHECK(fs::exists(name));
  }
}

TEST_CASE("damage: past what the start checks, the read that meets it says so") {
  LevelDbBackend backend;
  must_append(backend, kLog, 0, entries(1, 1000));  // many blocks
  backend.options().verify_bytes = 0;
  backend.reopen();
  backend.close();
  for (const std::string& table : files(backend.folder(), ".ldb")) {
    flip(table, fs::file_size(table) / 2);
  }
  backend.reopen();
  const auto page = answer_of<Result<Page>>(backend, [&](Then<Result<Page>> then) {
    backend.store().read(kLog, 1, 1 << 20, std::move(then));
  });
  REQUIRE_FALSE(page.ok());
  CHECK(says(page.error(), "is damaged"));
  CHECK(says(page.error(), "backup"));
}

TEST_CASE("format: a newer or a preliminary store is refused, naming the formats") {
  LevelDbBackend backend;
  fill(backend);
  const auto put = [&](const std::string& key, const std::string& value) {
    leveldb::DB* opened = nullptr;
    REQUIRE(leveldb::DB::Open({}, backend.folder(), &opened).ok());
    const std::unique_ptr<leveldb::DB> database(opened);
    REQUIRE(database->Put({}, key, value).ok());
  };
  put(leveldb_keys::kFormatKey, leveldb_keys::format_value(7));
  const Error newer = backend.refusal();
  CHECK(newer.condition == Condition::not_acceptable);
  CHECK(says(newer, "format 7"));
  CHECK(says(newer, "up to 1"));
  put(leveldb_keys::kFormatKey, "hansa");
  CHECK(says(backend.refusal(), "format number cannot be read"));
  put(leveldb_keys::kFormatKey, leveldb_keys::format_value(0));
  CHECK(says(backend.refusal(), "preliminary format 0"));
  put(leveldb_keys::kFormatKey, leveldb_keys::format_value(1));
  backend.reopen();
  CHECK(load(backend, kLog).last_batch == 2);
}

TEST_CASE("format: a database of others is left alone") {
  LevelDbBackend backend;
  backend.close();
  fs::remove_all(backend.folder());
  {
    leveldb::Options options;
    options.create_if_missing = true;
    leveldb::DB* opened = nullptr;
    REQUIRE(leveldb::DB::Open(options, backend.folder(), &opened).ok());
    const std::unique_ptr<leveldb::DB> database(opened);
    REQUIRE(database->Put({}, "theirs", "value").ok());
  }
  CHECK(says(backend.refusal(), "not a store of this program"));
}

TEST_CASE("folder: opened twice, the second is refused") {
  LevelDbBackend backend;
  TestPoster poster;
  NoLog log;
  const auto second = open_leveldb_store(backend.folder(), poster, log);
  REQUIRE_FALSE(second.ok());
  CHECK(says(second.error(), "in use"));
  must_append(backend, kLog, 0, entries(1));
}

TEST_CASE("folder: a file in its place is refused") {
  TestFolder folder;
  std::ofstream(folder.path()) << "a file";
  TestPoster poster;
  NoLog log;
  const auto at_file = open_leveldb_store(folder.path(), poster, log);
  REQUIRE_FALSE(at_file.ok());
  CHECK(says(at_file.error(), "is not a folder"));
  const auto below = open_leveldb_store(folder.path() + "/store", poster, log);
  REQUIRE_FALSE(below.ok());
  CHECK(says(below.error(), "cannot be made"));
}

#if !defined(__SANITIZE_THREAD__)  // it does not follow a process that forks
namespace {

// Runs `work` in another process; its result is the process's status.
template <typename Work>
int in_child(Work work) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) std::_Exit(work());
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("folder: in use by another process") {
  LevelDbBackend backend;
  const std::string folder = backend.folder();
  const int status = in_child([&folder] {
    // The lock that LevelDB takes, without its threads.
    const int lock = ::open((folder + "/LOCK").c_str(), O_RDWR);
    struct flock whole {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    return ::fcntl(lock, F_SETLK, &whole) == 0 ? 1 : 0;
  });
  CHECK(status == 0);

  backend.close();
  int ready[2];
  int done[2];
  REQUIRE(::pipe(ready) == 0);
  REQUIRE(::pipe(done) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  char byte = 'x';
  if (child == 0) {
    const int lock = ::open((folder + "/LOCK").c_str(), O_RDWR);
    struct flock whole {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    if (::fcntl(lock, F_SETLK, &whole) != 0) std::_Exit(1);
    (void)!::write(ready[1], &byte, 1);
    (void)!::read(done[0], &byte, 1);
    std::_Exit(0);
  }
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  const Error error = backend.refusal();
  CHECK(error.condition == Condition::conflict);
  CHECK(says(error, "in use by another process"));
  CHECK(::write(done[1], &byte, 1) == 1);
  ::waitpid(child, nullptr, 0);
  backend.reopen();
  for (const int end : {ready[0], ready[1], done[0], done[1]}) ::close(end);
}

TEST_CASE("folder: without permission") {
  if (::geteuid() != 0) return;  // only root can become someone else
  LevelDbBackend backend;
  backend.close();
  const std::string folder = backend.folder();
  const int status = in_child([&folder] {
    if (::setuid(65534) != 0) return 1;
    TestPoster poster;
    NoLog log;
    const auto opened = open_leveldb_store(folder, poster, log);
    if (opened.ok()) return 2;
    if (opened.error().condition != Condition::forbidden) return 3;
    return says(opened.error(), "chown") && says(opened.error(), folder) ? 0 : 4;
  });
  CHECK(status == 0);
}
#endif

}  // namespace hansa::storage::test
