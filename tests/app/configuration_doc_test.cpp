// docs/configuration.md says what the program does: its table is the table of keys, its sample is
// a sound configuration.

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "app/config_keys.h"
#include "tests/app/config_files.h"

namespace hansa::app {
namespace {

std::string document() {
  std::ifstream in("docs/configuration.md");
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string between(const std::string& text, std::string_view from, std::string_view to) {
  const std::size_t begin = text.find(from);
  REQUIRE(begin != std::string::npos);
  const std::size_t end = text.find(to, begin + from.size());
  REQUIRE(end != std::string::npos);
  return text.substr(begin + from.size(), end - begin - from.size());
}

TEST_CASE("configuration.md: its table is the program's table of keys, row by row") {
  std::string rows;
  for (const KeyRow& row : key_rows()) {
    rows += "| `" + std::string(row.key) + "` | " + std::string(name_of(row.kind)) + " | " +
            std::string(name_of(row.change)) + " | " +
            (row.fallback.empty() ? "must be there" : std::string(row.fallback)) + " |\n";
  }
  CHECK(between(document(), "| --- | --- | --- | --- |\n", "\n### ") == rows);
}

TEST_CASE("configuration.md: every key has a word of explanation") {
  const std::string text = document();
  for (const KeyRow& row : key_rows()) {
    CAPTURE(row.key);
    const std::string name(row.key.substr(row.key.rfind('.') + 1));
    CHECK(text.find("**" + name + "**") != std::string::npos);
  }
}

TEST_CASE("configuration.md: the sample is sound") {
  const test::ConfigFolder folder;
  folder.write("host.secret", "secret\n");
  std::string sample = between(document(), "```toml\n", "```");
  const std::string_view data = "/var/lib/hansa\"";  // not there on every machine
  const std::size_t at = sample.find(data);
  REQUIRE(at != std::string::npos);
  sample.replace(at, data.size(), "data\"");
  const ConfigRead read = parse_config(sample, folder.path("hansa.toml"));
  for (const Problem& problem : read.problems) FAIL(describe(problem, "sample"));
  CHECK(read.config.has_value());
}

TEST_CASE("keys: each example is a line that its key takes") {
  for (const KeyRow& row : key_rows()) {
    CAPTURE(row.key);
    const std::string name(row.key.substr(row.key.rfind('.') + 1));
    CHECK(row.example.starts_with(name + " = "));
    CHECK(is_section(row.key.substr(0, row.key.rfind('.'))));
  }
}

TEST_CASE("keys: a changed restart key is found, a live one is not") {
  const test::ConfigFolder folder;
  const auto changed = [&](std::string_view old_text, std::string_view new_text) {
    const ConfigRead before = folder.parse("", "");
    const ConfigRead after = folder.parse(old_text, new_text);
    REQUIRE(before.config);
    REQUIRE(after.config);
    return changed_restart_keys(*before.config, *after.config);
  };
  using Keys = std::vector<std::string_view>;
  CHECK(changed("", "").empty());
  CHECK(changed("root@", "ann@").empty());
  CHECK(changed("\"enterprise\"", "\"anyone\"").empty());
  CHECK(changed("members = 1000", "members = 5").empty());
  CHECK(changed("rooms.a", "raum.a") == Keys{"node.rooms"});
  CHECK(changed(":15347", ":15348") == Keys{"node.host.address"});
  CHECK(changed("\"s\"", "\"t\"") == Keys{"node.host.secret"});
  CHECK(changed("data = \"data\"", "data = \"date\"") == Keys{"node.data", "node.admin_socket"});
}

}  // namespace
}  // namespace hansa::app
