#pragma once
// One reading of the configuration: gives values by key, checked for their type, and collects
// problems. Knows the table of keys, not what the values mean: that is in config_<section>.cpp.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"
#include "app/config_toml.h"

namespace hansa::app {

class ConfigReader {
 public:
  // Reports unknown keys, wrong types and missing ones that must be there.
  ConfigReader(std::string_view text, std::string file);

  // Null: not there, or of the wrong type (reported).
  [[nodiscard]] const std::string* text(std::string_view key) const;
  [[nodiscard]] const std::vector<std::string>* texts(std::string_view key) const;
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view key) const;
  [[nodiscard]] bool written(std::string_view key) const;

  void error(std::string_view key, std::string what, std::string fix);
  void warn(std::string_view key, std::string what, std::string fix);
  // "a path", relative to the folder of the configuration.
  [[nodiscard]] std::string path(std::string_view written) const;
  [[nodiscard]] const std::string& file() const { return file_; }

  [[nodiscard]] std::vector<Problem> take_problems();
  [[nodiscard]] std::map<std::string, int> lines() const;

 private:
  void check_keys();
  void unknown(const std::string& key, int line);
  void require_keys();
  void add(Problem::Level level, std::string_view key, std::string what, std::string fix);

  std::string file_;
  TomlFile toml_;
  std::vector<Problem> problems_;
};

// The sections; each reports what is wrong and fills what is right.
void read_node(ConfigReader& reader, Config& config);
void read_host(ConfigReader& reader, Config& config);
void read_limits(ConfigReader& reader, Config& config);
void read_texts(ConfigReader& reader, Config& config);
void read_contacts(ConfigReader& reader, Config& config);

// The value among `choices`, which are named in the problem otherwise.
[[nodiscard]] std::optional<std::size_t> choice(ConfigReader& reader, std::string_view key,
                                                std::initializer_list<std::string_view> choices);

}  // namespace hansa::app
