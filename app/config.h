#pragma once
// The configuration as values (docs/configuration.md). Reading it never stops at the first problem:
// everything that is wrong is reported, with the key, the line and what to do about it. Files that
// it names are looked at (secret_file, data), the network is not.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "modules/rooms/rooms.h"
#include "xep-spec/xep_0157_contacts.h"

namespace hansa::app {

struct NodeConfig {
  std::string rooms;                    // prepared domain
  std::string identities;               // prepared domain; empty: no acting as rooms
  std::vector<std::string> enterprise;  // prepared domains of our own people
  std::string data;                     // folder
  std::vector<std::string> admins;      // prepared bare JIDs
  rooms::Settings::Create create = rooms::Settings::Create::enterprise;
  std::string admin_socket;
};

struct HostConfig {
  std::string address;  // as written
  std::string host;
  std::uint16_t port = 0;
  std::string secret;
  std::string secret_file;  // empty: the secret stands in the configuration
  std::string plaintext;    // "trusted network", or empty
};

struct LimitsConfig {
  std::size_t initial_members = limits::kInitialMembers;
  std::size_t member_rooms = limits::kMemberRooms;
  std::size_t members = limits::kMembers;
  std::size_t reduced_presence = limits::kReducedPresence;
};

struct TextsConfig {
  std::vector<std::string> languages{"en"};
};

struct Config {
  std::string file;
  NodeConfig node;
  HostConfig host;
  LimitsConfig limits;
  TextsConfig texts;
  xep_0157::Contacts contacts;
  std::map<std::string, int> lines;  // of each key that is written: "node.rooms" → 3

  // Domains that the host must know as components.
  [[nodiscard]] std::vector<std::string> domains() const;
};

struct Problem {
  enum class Level : std::uint8_t { error, warning } level = Level::error;
  std::string key;   // "node.host.secret"; empty: the whole file
  int line = 0;      // zero: nothing is written there yet
  std::string what;  // "is not a domain"
  std::string fix;   // "write the domain alone, as in rooms.a.example"
};

struct ConfigRead {
  std::optional<Config> config;  // none if a problem is an error
  std::vector<Problem> problems;
};

// Paths in the file are relative to its folder.
[[nodiscard]] ConfigRead read_config(const std::string& file);
// The same for a text; `file` is its name, for problems and relative paths.
[[nodiscard]] ConfigRead parse_config(std::string_view text, const std::string& file);

// "FILE:LINE: error: node.rooms is not a domain; write …"
[[nodiscard]] std::string describe(const Problem& problem, std::string_view file);

}  // namespace hansa::app
