#include "app/config.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "app/config_reader.h"
#include "base/log.h"

namespace hansa::app {

std::vector<std::string> Config::domains() const {
  std::vector<std::string> out{node.rooms};
  if (!node.identities.empty()) out.push_back(node.identities);
  return out;
}

ConfigRead parse_config(std::string_view text, const std::string& file) {
  ConfigReader reader(text, file);
  Config config;
  config.file = file;
  config.lines = reader.lines();
  read_node(reader, config);
  read_host(reader, config);
  read_limits(reader, config);
  read_texts(reader, config);
  read_contacts(reader, config);
  ConfigRead out{std::nullopt, reader.take_problems()};
  const bool sound = std::ranges::none_of(
      out.problems, [](const Problem& p) { return p.level == Problem::Level::error; });
  if (sound) out.config = std::move(config);
  return out;
}

ConfigRead read_config(const std::string& file) {
  constexpr std::size_t kMost = 1024 * 1024;  // far more than anyone writes by hand
  const auto refused = [](std::string what, std::string fix) {
    return ConfigRead{std::nullopt,
                      {{Problem::Level::error, "", 0, std::move(what), std::move(fix)}}};
  };
  std::error_code ignored;
  std::ifstream in(file, std::ios::binary);
  if (!in.is_open() || std::filesystem::is_directory(file, ignored)) {
    return refused("cannot be read",
                   "name the configuration with --config FILE; docs/configuration.md has a sample");
  }
  std::string text(kMost + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kMost) return refused("is larger than 1 MiB", "name the right file");
  return parse_config(text, file);
}

std::string describe(const Problem& problem, std::string_view file) {
  std::string out(file);
  if (problem.line != 0) out += ':' + std::to_string(problem.line);
  out += problem.level == Problem::Level::error ? ": error: " : ": warning: ";
  if (!problem.key.empty()) out += problem.key + ' ';
  return out + problem.what + "; fix: " + problem.fix;
}

}  // namespace hansa::app
