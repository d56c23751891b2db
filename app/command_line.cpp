#include "app/command_line.h"

#include <CLI/CLI.hpp>

#include "base/encoding.h"

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

// One verb of `hansa room`, below `parent`; what it is told goes into line.values.
class Verb {
 public:
  Verb(CLI::App& parent, CommandLine& line, const std::string& words, const std::string& text)
      : line_(line) {
    verb_ = parent.add_subcommand(words.substr(words.rfind(' ') + 1), text);
    verb_->callback([&line, words] { line.verb = words; });
    add_config(*verb_, line);
  }
  Verb& room() {
    verb_->add_option("room", line_.room, "As in support@rooms.a.example")
        ->required()
        ->type_name("ROOM");
    return *this;
  }
  Verb& who() {
    add("who", "who", "JID", "As in bob@a.example")->required();
    return *this;
  }
  Verb& option(const std::string& key, const std::string& type, const std::string& text) {
    add("--" + key, key, type, text);
    return *this;
  }
  Verb& needed(const std::string& key, const std::string& type, const std::string& text) {
    add("--" + key, key, type, text)->required();
    return *this;
  }
  // A setting of XEP-0045 §10.2 that the room begins with.
  Verb& setting(const std::string& key, const std::string& field, const std::string& text) {
    add("--" + key, "muc#roomconfig_" + field, "TEXT", text);
    return *this;
  }
  Verb& flag(const std::string& key, const std::string& field, const std::string& value,
             const std::string& text) {
    verb_->add_flag_callback(
        "--" + key,
        [&line = line_, field, value] { line.values["muc#roomconfig_" + field] = value; }, text);
    return *this;
  }

 private:
  CLI::Option* add(const std::string& name, const std::string& key, const std::string& type,
                   const std::string& text) {
    const auto take = [&line = line_, key](const std::string& value) { line.values[key] = value; };
    return verb_->add_option_function<std::string>(name, take, text)->type_name(type);
  }
  CommandLine& line_;
  CLI::App* verb_;
};

void add_looking(CLI::App& room, CommandLine& line) {
  const char* const kTime = "TIME";
  Verb(room, line, "list", "All rooms: address, members, occupants, what it is, name");
  Verb(room, line, "show", "Settings, members and occupants of one room").room();
  Verb(room, line, "log", "Entries of one room: position, time, kind, who, what; oldest first")
      .room()
      .option("from", "N", "First position")
      .option("to", "N", "Last position")
      .option("most", "N", "Only the last N of these")
      .option("since", kTime, "Nothing older; as in 2026-11-21 or 2026-11-21T10:00:00Z")
      .option("until", kTime, "Nothing from then on");
  Verb(room, line, "export", "The same with everything that is in them, a line of JSON each")
      .room()
      .option("from", "N", "First position")
      .option("to", "N", "Last position")
      .option("since", kTime, "Nothing older")
      .option("until", kTime, "Nothing from then on");
}

void add_changing(CLI::App& room, CommandLine& line) {
  Verb(room, line, "create", "A new room; more settings: its owner's client, in the room")
      .room()
      .needed("owner", "JID", "Its first owner")
      .setting("name", "roomname", "Its name")
      .setting("description", "roomdesc", "What it is about")
      .flag("members-only", "membersonly", "1", "Only members may enter")
      .flag("hidden", "publicroom", "0", "Not shown in lists")
      .flag("temporary", "persistentroom", "0", "Gone when the last one leaves");
  Verb(room, line, "destroy", "Ends a room for good; those who are in are told")
      .room()
      .option("reason", "TEXT", "Why")
      .option("venue", "ROOM", "Where to go instead");
  CLI::App* members = room.add_subcommand("members", "The member list of one room");
  members->require_subcommand(1);
  Verb(*members, line, "members list", "Address, affiliation, kind, reserved nick").room();
  Verb(*members, line, "members add", "Adds somebody, or gives another affiliation")
      .room()
      .who()
      .option("affiliation", "WHAT", "owner, admin, member (the default) or outcast")
      .option("nick", "NICK", "A nickname reserved for him");
  Verb(*members, line, "members remove", "Takes somebody's affiliation away")
      .room()
      .who()
      .option("reason", "TEXT", "Why");
}

void add_room(CLI::App& program, CommandLine& line) {
  CLI::App* room = add(program, line, Command::room, "room",
                       "Asks the running node about its rooms, or has them changed, through the "
                       "admin socket");
  room->require_subcommand(1);
  add_looking(*room, line);
  add_changing(*room, line);
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

}  // namespace

std::string CommandLine::request() const {
  std::string out = "room " + verb;
  if (!room.empty()) out += ' ' + room;
  for (const auto& [key, value] : values) out += ' ' + key + '=' + percent_encode(value);
  return out;
}

std::optional<int> parse(int argc, const char* const* argv, CommandLine& line, std::ostream& out,
                         std::ostream& problems) {
  CLI::App program{"Hansa: rooms that act as people. An XMPP component (XEP-0114)."};
  describe(program, line);
  try {
    program.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    // A mistyped word is why something required is missing: it is named, and not what is missing.
    const std::vector<std::string> unknown = program.remaining(true);
    if (error.get_exit_code() == 0 || unknown.empty()) return program.exit(error, out, problems);
    problems << "hansa: \"" << unknown.front() << "\" is not known here\n"
             << "Run with --help for more information.\n";
    return error.get_exit_code();
  }
}

}  // namespace hansa::app
