// The configuration: any text gives values or problems with a line that exists and a fix; values
// written as TOML and read again are the same.

#include <algorithm>

#include "app/config.h"
#include "tests/fuzz/target.h"

namespace hansa::fuzz {
namespace {

using app::Config;

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || c == '"' || c == '\\') {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04X", byte);
      out += escape;
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string listed(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += quoted(text) + ", ";
  return out + "]";
}

// What was written, with the values that were read.
std::string print(const Config& config) {
  std::string out;
  const auto key = [&](const char* name, const std::string& value) {
    if (config.lines.contains(name)) out += std::string(name) + " = " + value + '\n';
  };
  constexpr const char* kCreate[] = {"\"enterprise\"", "\"admins\"", "\"anyone\""};
  key("node.rooms", quoted(config.node.rooms));
  key("node.identities", quoted(config.node.identities));
  key("node.enterprise", listed(config.node.enterprise));
  key("node.data", quoted(config.node.data));
  key("node.admins", listed(config.node.admins));
  key("node.create", kCreate[static_cast<std::size_t>(config.node.create)]);
  key("node.admin_socket", quoted(config.node.admin_socket));
  key("node.host.address", quoted(config.host.address));
  key("node.host.secret", quoted(config.host.secret));
  key("node.host.secret_file", quoted(config.host.secret_file));
  key("node.host.plaintext", quoted(config.host.plaintext));
  key("limits.initial_members", std::to_string(config.limits.initial_members));
  key("limits.members", std::to_string(config.limits.members));
  key("limits.reduced_presence", std::to_string(config.limits.reduced_presence));
  key("texts.languages", listed(config.texts.languages));
  return out;
}

}  // namespace

void run(std::string_view bytes) {
  const std::string file = "/tmp/hansa.toml";  // data = "x" is allowed where its folder is
  const app::ConfigRead read = app::parse_config(bytes, file);
  const auto lines = 1 + std::ranges::count(bytes, '\n');
  for (const app::Problem& problem : read.problems) {
    holds(problem.line >= 0 && problem.line <= lines, "a problem's line is one of the text");
    holds(!problem.what.empty() && !problem.fix.empty(), "a problem says what and how to mend it");
    (void)app::describe(problem, file);
  }
  if (!read.config) {
    holds(!read.problems.empty(), "what is refused has a problem");
    return;
  }
  const std::string printed = print(*read.config);
  const app::ConfigRead again = app::parse_config(printed, file);
  holds(again.config.has_value(), "values that were read can be written and read");
  holds(print(*again.config) == printed, "values that are read again are the same");
}

}  // namespace hansa::fuzz
