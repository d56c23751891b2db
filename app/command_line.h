#pragma once
// The commands and their options (design §5). Values only; nothing is done here.

#include <cstdint>
#include <iostream>
#include <map>
#include <optional>
#include <string>

namespace hansa::app {

enum class Command : std::uint8_t { run, check, version, room };

struct CommandLine {
  Command command = Command::version;
  std::string config;
  // hansa room …
  std::string verb;  // "list", "members add" …
  std::string room;
  std::map<std::string, std::string> values;

  // The line for the admin socket (admin_request.h).
  [[nodiscard]] std::string request() const;
};

// Fills `line`. An exit code: help was asked for, or it is wrong, and all is said.
[[nodiscard]] std::optional<int> parse(int argc, const char* const* argv, CommandLine& line,
                                       std::ostream& out = std::cout,
                                       std::ostream& problems = std::cerr);

}  // namespace hansa::app
