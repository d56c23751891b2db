#pragma once
// A temporary folder with a sound configuration and the files around it, gone with the object.

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "app/config.h"

namespace hansa::app::test {

inline constexpr std::string_view kSample =
    "[node]\n"                           // 1
    "rooms = \"rooms.a.example\"\n"      // 2
    "identities = \"team.a.example\"\n"  // 3
    "enterprise = [\"a.example\"]\n"     // 4
    "admins = [\"root@a.example\"]\n"    // 5
    "create = \"enterprise\"\n"          // 6
    "data = \"data\"\n"                  // 7
    "\n"                                 // 8
    "[node.host]\n"                      // 9
    "address = \"127.0.0.1:15347\"\n"    // 10
    "secret = \"s\"\n"                   // 11
    "\n"                                 // 12
    "[limits]\n"                         // 13
    "members = 1000\n";                  // 14

class ConfigFolder {
 public:
  ConfigFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "hansa-config-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    write("hansa.toml", kSample);
    write("secret", "from the file\n");
    write("empty", "\n");
    write("two", "one\ntwo\n");
  }
  ~ConfigFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  ConfigFolder(const ConfigFolder&) = delete;
  ConfigFolder& operator=(const ConfigFolder&) = delete;

  [[nodiscard]] std::string path(std::string_view name) const { return (folder_ / name).string(); }
  void write(std::string_view name, std::string_view text) const {
    std::ofstream(path(name)) << text;
    std::filesystem::permissions(path(name), std::filesystem::perms(0600));
  }
  // The sample with `old_text` replaced.
  [[nodiscard]] ConfigRead parse(std::string_view old_text, std::string_view new_text) const {
    std::string text(kSample);
    const std::size_t at = text.find(old_text);
    if (at == std::string::npos) return {};
    text.replace(at, old_text.size(), new_text);
    return parse_config(text, path("hansa.toml"));
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace hansa::app::test
