#pragma once
// TOML as a flat list of keys with their lines; toml++ stands behind it. No policy.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hansa::app {

struct OtherType {
  std::string name;  // "boolean", "table" … as an operator knows them
};
struct TomlValue {
  int line = 0;
  std::variant<std::string, std::int64_t, std::vector<std::string>, OtherType> value;
};

struct TomlFile {
  std::map<std::string, TomlValue, std::less<>> values;  // node.host.address → …
  std::map<std::string, int, std::less<>> tables;        // sections, with the line of the heading
};
struct TomlError {
  int line = 0;
  std::string text;
};

[[nodiscard]] std::variant<TomlFile, TomlError> read_toml(std::string_view text);

}  // namespace hansa::app
