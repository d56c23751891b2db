#include "app/data_folder.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/app/config_files.h"

namespace hansa::app {
namespace {

mode_t mode_of(const std::string& path) {
  struct stat about {};
  REQUIRE(::stat(path.c_str(), &about) == 0);
  return about.st_mode & 0777;
}

TEST_CASE("data folder: made for its owner alone, once") {
  const test::ConfigFolder folder;
  const std::string data = folder.path("data");
  CHECK(make_folder(data).ok());
  CHECK(mode_of(data) == 0700);
  CHECK(make_folder(data).ok());
  CHECK_FALSE(make_folder(folder.path("not/there")).ok());
}

TEST_CASE("node secret: made at the first start, the same ever after, for its owner alone") {
  const test::ConfigFolder folder;
  const std::string data = folder.path("data");
  REQUIRE(make_folder(data).ok());
  SeededRandom random(1);
  const Result<std::string> first = node_secret(data, random);
  const Result<std::string> second = node_secret(data, random);
  REQUIRE(first);
  REQUIRE(second);
  CHECK(*first == *second);
  CHECK(first->size() == 52);
  CHECK(mode_of(data + "/secret") == 0600);
}

TEST_CASE("node secret: a file that holds none is an error, and stays as it is") {
  const test::ConfigFolder folder;
  SeededRandom random(1);
  REQUIRE(make_folder(folder.path("data")).ok());
  folder.write("data/secret", "cut sho");
  const Result<std::string> secret = node_secret(folder.path("data"), random);
  REQUIRE_FALSE(secret);
  CHECK(secret.error().text.find("backup") != std::string::npos);
  std::string kept;
  std::getline(std::ifstream(folder.path("data/secret")), kept);
  CHECK(kept == "cut sho");
  CHECK_FALSE(node_secret(folder.path("nowhere"), random));
}

}  // namespace
}  // namespace hansa::app
