#include "app/config_reader.h"

#include <algorithm>
#include <filesystem>

#include "app/config_keys.h"
#include "base/log.h"

namespace hansa::app {
namespace {

bool has_kind(const TomlValue& value, KeyKind kind) {
  switch (kind) {
    case KeyKind::text: return std::holds_alternative<std::string>(value.value);
    case KeyKind::texts: return std::holds_alternative<std::vector<std::string>>(value.value);
    case KeyKind::number: return std::holds_alternative<std::int64_t>(value.value);
  }
  return false;
}

std::string kind_of(const TomlValue& value) {
  if (const auto* other = std::get_if<OtherType>(&value.value)) return other->name;
  for (const KeyKind kind : {KeyKind::text, KeyKind::texts, KeyKind::number}) {
    if (has_kind(value, kind)) return std::string(name_of(kind));
  }
  return {};
}

std::string section_of(std::string_view key) {
  const std::size_t dot = key.rfind('.');
  return dot == std::string_view::npos ? std::string() : std::string(key.substr(0, dot));
}

// "rooms = … under [node]"
std::string as_written(const KeyRow& row) {
  return std::string(row.example) + " under [" + section_of(row.key) + "]";
}

}  // namespace

ConfigReader::ConfigReader(std::string_view text, std::string file) : file_(std::move(file)) {
  std::variant<TomlFile, TomlError> read = read_toml(text);
  if (auto* toml = std::get_if<TomlFile>(&read)) {
    toml_ = std::move(*toml);
    check_keys();
    require_keys();
    return;
  }
  const auto& broken = std::get<TomlError>(read);
  problems_.push_back({Problem::Level::error, "", broken.line, "is not TOML: " + broken.text,
                       "mend this line; a key may be written once in a section"});
}

const std::string* ConfigReader::text(std::string_view key) const {
  const auto found = toml_.values.find(key);
  return found == toml_.values.end() ? nullptr : std::get_if<std::string>(&found->second.value);
}

const std::vector<std::string>* ConfigReader::texts(std::string_view key) const {
  const auto found = toml_.values.find(key);
  return found == toml_.values.end() ? nullptr
                                     : std::get_if<std::vector<std::string>>(&found->second.value);
}

std::optional<std::int64_t> ConfigReader::number(std::string_view key) const {
  const auto found = toml_.values.find(key);
  if (found == toml_.values.end()) return std::nullopt;
  const auto* value = std::get_if<std::int64_t>(&found->second.value);
  return value == nullptr ? std::nullopt : std::optional(*value);
}

bool ConfigReader::written(std::string_view key) const { return toml_.values.contains(key); }

void ConfigReader::error(std::string_view key, std::string what, std::string fix) {
  add(Problem::Level::error, key, std::move(what), std::move(fix));
}

void ConfigReader::warn(std::string_view key, std::string what, std::string fix) {
  add(Problem::Level::warning, key, std::move(what), std::move(fix));
}

void ConfigReader::add(Problem::Level level, std::string_view key, std::string what,
                       std::string fix) {
  const auto found = toml_.values.find(key);
  const int line = found == toml_.values.end() ? 0 : found->second.line;
  problems_.push_back({level, std::string(key), line, std::move(what), std::move(fix)});
}

std::string ConfigReader::path(std::string_view written) const {
  return (std::filesystem::path(file_).parent_path() / written).lexically_normal().string();
}

std::vector<Problem> ConfigReader::take_problems() {
  std::ranges::stable_sort(problems_, {}, &Problem::line);
  return std::move(problems_);
}

std::map<std::string, int> ConfigReader::lines() const {
  std::map<std::string, int> out;
  for (const auto& [key, value] : toml_.values) out[key] = value.line;
  return out;
}

void ConfigReader::check_keys() {
  for (const auto& [key, line] : toml_.tables) {
    // What is inside a section that is not known is not worth a line each.
    const std::string parent = section_of(key);
    const bool told = missing_row(key) == nullptr ? !parent.empty() && !is_section(parent)
                                                  : missing_row(parent) != nullptr;
    if (!is_section(key) && !told) unknown(key, line);
  }
  for (const auto& [key, value] : toml_.values) {
    const KeyRow* row = key_row(key);
    const std::string section = section_of(key);
    if (row == nullptr) {
      if (section.empty() || is_section(section)) unknown(key, value.line);
    } else if (!has_kind(value, row->kind)) {
      error(key, "is a " + kind_of(value) + ", not a " + std::string(name_of(row->kind)),
            "write " + as_written(*row));
    }
  }
}

void ConfigReader::unknown(const std::string& key, int line) {
  Problem problem{Problem::Level::error, key, line, "is not known", "remove it"};
  if (const MissingRow* row = missing_row(key)) {
    problem.what =
        "asks for what this build does not have: it has no " + std::string(row->what) + " yet";
  } else if (const std::string_view near = nearest_key(key); !near.empty()) {
    problem.fix = "did you mean " + as_written(*key_row(near)) + "? Otherwise remove it";
  }
  problems_.push_back(std::move(problem));
}

void ConfigReader::require_keys() {
  for (const KeyRow& row : key_rows()) {
    if (row.fallback.empty() && !written(row.key)) {
      error(row.key, "is missing", "add " + as_written(row));
    }
  }
}

std::optional<std::size_t> choice(ConfigReader& reader, std::string_view key,
                                  std::initializer_list<std::string_view> choices) {
  const std::string* value = reader.text(key);
  if (value == nullptr) return std::nullopt;
  const auto* found = std::ranges::find(choices, *value);
  if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  std::string all;
  for (const std::string_view one : choices) {
    if (!all.empty()) all += ", ";
    all += hansa::quoted(one);
  }
  reader.error(key, "is " + hansa::quoted(*value), "write one of " + all);
  return std::nullopt;
}

}  // namespace hansa::app
