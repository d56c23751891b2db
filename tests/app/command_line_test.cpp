#include "app/command_line.h"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

namespace hansa::app {
namespace {

struct Said {
  CommandLine line;
  std::optional<int> code;
  std::string out;
  std::string problems;
};

Said said(std::vector<const char*> words) {
  words.insert(words.begin(), "hansa");
  Said said;
  std::ostringstream out;
  std::ostringstream problems;
  said.code = parse(static_cast<int>(words.size()), words.data(), said.line, out, problems);
  said.out = out.str();
  said.problems = problems.str();
  return said;
}

bool names(const std::string& text, const std::string& what) {
  return text.find(what) != std::string::npos;
}

TEST_CASE("command line: a command and what belongs to it") {
  const Said run = said({"run", "--config", "hansa.toml"});
  CHECK_FALSE(run.code.has_value());
  CHECK(run.line.command == Command::run);
  CHECK(run.line.config == "hansa.toml");
  const Said add = said({"room", "members", "add", "tea@rooms.a.example", "bob@a.example", "--nick",
                         "Bob B", "--config", "hansa.toml"});
  CHECK_FALSE(add.code.has_value());
  CHECK(add.line.command == Command::room);
  CHECK(add.line.request() ==
        "room members add tea@rooms.a.example nick=Bob%20B who=bob@a.example");
}

TEST_CASE("command line: help is asked for and no problem") {
  const Said help = said({"room", "--help"});
  CHECK(help.code == 0);
  CHECK(names(help.out, "members"));
  CHECK(help.problems.empty());
}

TEST_CASE("command line: what is not known is named") {
  CHECK(names(said({"rum"}).problems, "\"rum\""));
  CHECK(names(said({"room", "lisst"}).problems, "\"lisst\""));
  CHECK(names(said({"run", "--confg", "hansa.toml"}).problems, "\"--confg\""));
  CHECK(names(said({"version", "please"}).problems, "\"please\""));
  CHECK(said({"rum"}).code.value_or(0) != 0);
  CHECK(said({"rum"}).out.empty());
}

TEST_CASE("command line: what is missing is named") {
  CHECK(names(said({}).problems, "subcommand"));
  CHECK(names(said({"run"}).problems, "--config"));
  CHECK(names(said({"room", "show", "--config", "hansa.toml"}).problems, "room"));
  CHECK(said({}).code.value_or(0) != 0);
}

}  // namespace
}  // namespace hansa::app
