#pragma once
// The commands and their options, for CLI11 (design §5). Values only; nothing is done here.

#include <cstdint>
#include <map>
#include <string>

namespace CLI {
class App;
}

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

// Adds all commands to `program`; parsing fills `line`, which must outlive it.
void describe(CLI::App& program, CommandLine& line);

}  // namespace hansa::app
