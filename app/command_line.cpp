#include "app/command_line.h"

#include <CLI/CLI.hpp>

namespace hansa::app {
namespace {

CLI::App* add(CLI::App& parent, CommandLine& line, Command command, const std::string& name,
              const std::string& text) {
  CLI::App* added = parent.add_subcommand(name, text);
  added->callback([&line, command] { line.command = command; });
  return added;
}

void add_config(CLI::App& command, CommandLine& line) {
  command.add_option("--config", line.config, "The configuration (docs/configuration.md)")
      ->required()
      ->type_name("FILE");
}

CLI::App* add_verb(CLI::App& room, CommandLine& line, const std::string& name,
                   const std::string& text) {
  CLI::App* verb = room.add_subcommand(name, text);
  verb->callback([&line, name] { line.verb = name; });
  add_config(*verb, line);
  return verb;
}

void add_room(CLI::App& program, CommandLine& line) {
  CLI::App* room = add(program, line, Command::room, "room",
                       "Asks the running node about its rooms, through the admin socket");
  room->require_subcommand(1);
  const auto address = [&line](CLI::App& verb) {
    verb.add_option("address", line.room, "As in support@rooms.a.example")
        ->required()
        ->type_name("ROOM");
  };
  add_verb(*room, line, "list", "All rooms: address, members, occupants, what it is, name");
  address(*add_verb(*room, line, "show", "Settings, members and occupants of one room"));
  CLI::App* log = add_verb(*room, line, "log",
                           "Entries of one room: position, time, kind, who, what; oldest first");
  address(*log);
  log->add_option("--from", line.from, "First position")->type_name("N");
  log->add_option("--to", line.to, "Last position")->type_name("N");
  log->add_option("--most", line.most, "Only the last N of these")->type_name("N");
}

}  // namespace

std::string CommandLine::request() const {
  std::string out = "room " + verb;
  if (!room.empty()) out += ' ' + room;
  if (from) out += " from=" + std::to_string(*from);
  if (to) out += " to=" + std::to_string(*to);
  if (most) out += " most=" + std::to_string(*most);
  return out;
}

void describe(CLI::App& program, CommandLine& line) {
  program.require_subcommand(1);
  program.footer("hansa COMMAND --help tells more. Problems of the configuration: hansa check.");
  add_config(*add(program, line, Command::run, "run",
                  "Runs a node in the foreground; its log goes to stderr.\n"
                  "SIGTERM, SIGINT: orderly end. SIGHUP: reads the configuration again"),
             line);
  add_config(*add(program, line, Command::check, "check",
                  "Tells all problems of a configuration, each with its line and the fix"),
             line);
  add(program, line, Command::version, "version", "Prints the version");
  add_room(program, line);
}

}  // namespace hansa::app
