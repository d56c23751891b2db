#include "app/config_toml.h"

#include <toml++/toml.h>
#include <optional>
#include <sstream>

namespace hansa::app {
namespace {

std::optional<std::vector<std::string>> texts_of(const toml::array& array) {
  std::vector<std::string> out;
  for (const toml::node& node : array) {
    const std::optional<std::string> text = node.value_exact<std::string>();
    if (!text) return std::nullopt;
    out.push_back(*text);
  }
  return out;
}

TomlValue value_of(const toml::node& node) {
  TomlValue out{static_cast<int>(node.source().begin.line), OtherType{}};
  if (const auto text = node.value_exact<std::string>()) {
    out.value = *text;
  } else if (const auto number = node.value_exact<std::int64_t>()) {
    out.value = *number;
  } else if (const toml::array* array = node.as_array()) {
    if (auto texts = texts_of(*array)) {
      out.value = std::move(*texts);
    } else {
      out.value = OtherType{array->is_array_of_tables() ? "list of sections" : "mixed list"};
    }
  } else {
    std::ostringstream name;
    name << node.type();
    out.value = OtherType{name.str()};
  }
  return out;
}

void flatten(const toml::table& table, const std::string& prefix, TomlFile& out) {
  for (const auto& [name, node] : table) {
    const std::string key = prefix + std::string(name.str());
    if (const toml::table* inner = node.as_table()) {
      out.tables[key] = static_cast<int>(name.source().begin.line);
      flatten(*inner, key + '.', out);
    } else {
      TomlValue value = value_of(node);
      value.line = static_cast<int>(name.source().begin.line);
      out.values[key] = std::move(value);
    }
  }
}

}  // namespace

std::variant<TomlFile, TomlError> read_toml(std::string_view text) {
  try {
    TomlFile out;
    flatten(toml::parse(text), "", out);
    return out;
  } catch (const toml::parse_error& error) {
    return TomlError{static_cast<int>(error.source().begin.line), std::string(error.description())};
  }
}

}  // namespace hansa::app
